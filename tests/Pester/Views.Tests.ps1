BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Views' {
    It 'shows one answer as a list' {
        $list = Test-ModelFit mixtral-8x22b 3090 q3_k_m | Get-View
        $list[0] | Should -Match '^Verdict +: NoFit$'
        "$list" | Should -Match 'Weights +: 63\.1 GiB \(67\.8 GB\)'
        "$list" | Should -Match 'Available +: 23\.6 GiB'
        "$list" | Should -Match 'Deficit +: \d+\.\d GiB'
        "$list" | Should -Not -MatchExactly 'System memory +:'
    }

    It 'shows several as a table, typed or piped' {
        foreach ($answers in (Test-ModelFit qwen3-8b, qwen3-4b 3090), ('3090', '4090' | Test-ModelFit qwen3-8b)) {
            $table = $answers | Get-View
            $table.Count | Should -Be 4
            $table[0] | Should -Match '^Verdict Quant +Context Need GiB +Left +Tok/s Model +On$'
        }
    }

    It 'shows a ranking as one, and several plans as a table' {
        $ranking = Find-ModelFit -Model 'qwen3-*' -Gpu 3090 | Get-View -Width 120
        $ranking[0] | Should -Match '^ +On: RTX 3090$'
        $ranking[1] | Should -Match '^Rank Kind .*Billions .*Model$'
        $plans = Get-OffloadPlan qwen3-8b, qwen3-4b 3090
        ($plans | Get-View -Width 100).Count | Should -Be 4
        ($plans[0] | Get-SerializedCopy | Get-View)[0] | Should -Match '^Verdict Quant .* Model +On$'
        (Get-OffloadPlan qwen3-8b 3090 | Get-View)[0] | Should -Match '^Verdict'
    }

    It 'fits <Width> columns: <Script>' -TestCases @(
        foreach ($width in 80, 120) {
            @{ Width = $width; Script = { Test-ModelFit qwen3-8b, mixtral-8x22b 3090, 3060 -SystemMemory 256GB } }
            @{ Width = $width; Script = { Test-ModelFit mixtral-8x22b 3090 -SystemMemory 256GB } }
            @{ Width = $width; Script = { Find-ModelFit -Model 'qwen3*' -Gpu 3090 } }
            @{ Width = $width; Script = { Get-OffloadPlan mixtral-8x22b '2xRTX 3090' -SystemMemory 256GB } }
            @{ Width = $width; Script = { (Get-OffloadPlan mixtral-8x22b '2xRTX 3090' -SystemMemory 256GB).Devices } }
            @{ Width = $width; Script = { Get-ModelCapacityPlan qwen3-8b, qwen3-4b 3090 -Users 20 } }
            @{ Width = $width; Script = { Get-ModelCapacityPlan qwen3-8b '2x RTX 4090' -Users 20 } }
            @{ Width = $width; Script = { Measure-ModelMemory mixtral-8x22b -ContextLength 8k, 64k } }
            @{ Width = $width; Script = { Get-GpuSpec 'RTX 50*' } }
            @{ Width = $width; Script = { Get-ModelSpec 'qwen3*' } }
            @{ Width = $width; Script = { Get-QuantizationSpec } }
            @{ Width = $width; Script = { [pscustomobject]@{ ComputerName = 'a'; Gpu = '8x RTX 3090' } |
                        ConvertTo-MachineSpec } }
            @{ Width = $width; Script = { New-ModelRuntimeOption -NoKvOffload | Format-Table } }
        }
    ) {
        $lines = @(& $Script | Get-View -Width $Width) -notmatch '^ +On: '
        $lines.Count | Should -BeGreaterThan 2
        ($lines | Measure-Object Length -Maximum).Maximum | Should -BeLessOrEqual $Width
        if ($lines[0] -notmatch ' : ') { $lines[1] | Should -Match '^[- ]+$' -Because 'no label is broken' }
    }

    It 'shows every property with Format-List *, live and deserialized: <Script>' -TestCases @(
        @{ Script = { Test-ModelFit qwen3-8b 3090 } }
        @{ Script = { Get-OffloadPlan qwen3-8b 3090 } }
        @{ Script = { Get-ModelCapacityPlan qwen3-8b 3090 -Users 20 } }
        @{ Script = { Measure-ModelMemory qwen3-8b } }
        @{ Script = { Get-GpuSpec 3090 } }
        @{ Script = { Get-ModelSpec qwen3-8b } }
        @{ Script = { Get-QuantizationSpec q4_k_m } }
        @{ Script = { [pscustomobject]@{ ComputerName = 'a'; Gpu = 'RTX 3090' } | ConvertTo-MachineSpec } }
        @{ Script = { New-ModelRuntimeOption } }
    ) {
        $object = & $Script
        foreach ($shown in $object, ($object | Get-SerializedCopy)) {
            $all = $shown | Format-List * | Get-View -Width 200
            foreach ($property in $object.PSObject.Properties.Name) { "$all" | Should -Match "\b$property +:" }
            ($shown | Format-Table * | Get-View -Width 200).Count | Should -BeGreaterThan 2
            ($shown | Format-List | Get-View).Count | Should -BeGreaterThan 3
        }
    }

    It 'shows a deserialized answer as the live one' {
        $answer = Test-ModelFit mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB
        $answer | Get-SerializedCopy | Get-View | Should -Be ($answer | Get-View)
        $plan = Get-OffloadPlan mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB
        $plan | Get-SerializedCopy | Get-View | Should -Be ($plan | Get-View)
    }

    It 'leaves blank what is not known, and never shows it as 0' {
        $list = [pscustomobject]@{ ComputerName = 'a'; Gpu = 'RTX 3090' } | ConvertTo-MachineSpec | Format-List |
            Get-View
        "$list" | Should -Not -Match 'System memory|Cores|Free now'
        $row = (Test-ModelFit mixtral-8x22b, mixtral-8x7b 3060 | Get-View -Width 120)[2]
        $row | Should -Match '^NoFit .* \d+\.\d +-\d+\.\d +Mixtral.* RTX 3060'
    }

    It 'shows the main facts of what follows objects of another type, live and deserialized' {
        $plan = Get-OffloadPlan qwen3-8b 3090
        foreach ($shown in $plan, (Get-SerializedCopy $plan)) {
            $lines = @((Get-GpuSpec 3090, 4090) + $shown | Get-View)
            $lines -match '^Verdict +: Fits$' | Should -HaveCount 1
            $lines.Count | Should -BeLessThan 25
        }
    }

    It 'draws the memory of an answer as a bar' {
        $answer = Test-ModelFit qwen3-8b 3090
        @($answer | Get-View) -match '^GPU memory +: \[#+\.+\] \d+ %$' | Should -HaveCount 1
    }

    It 'cuts no name in a table' {
        $view = Test-ModelFit deepseek-r1-distill-llama-8b 3090, '2x RTX 4090' -ContextLength 8k, 16k | Get-View
        $view -match [char] 0x2026 | Should -BeNullOrEmpty
        "$($view -replace '\s')" | Should -Match 'DeepSeek-R1-.*Distill-'
    }

    It 'draws the devices of a plan, also of one that came back' {
        $plan = Get-OffloadPlan mixtral-8x22b '2x RTX 3090' Q3_K_M -SystemMemory 64GB
        foreach ($shown in $plan, (Get-SerializedCopy $plan)) {
            $lines = @($shown | Format-Custom | Get-View)
            $lines -match '^RTX 3090 +\[W+K+c+\.*\] [\d.]+ of [\d.]+ GiB$' | Should -HaveCount 2
            $lines -match '^System memory +\[' | Should -HaveCount 1
        }
    }
}
