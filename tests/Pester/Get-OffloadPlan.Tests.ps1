BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-OffloadPlan' {
    BeforeAll {
        $plan = Get-OffloadPlan mixtral-8x22b 'RTX 3090' Q3_K_M -SystemMemory 64GB
    }

    It 'puts the experts of a mixture into system memory, and attention on the card' {
        $plan.Verdict | Should -Be 'Offload'
        $plan.HostBytes | Should -BeGreaterThan 30GB
        $plan.CommandLine | Should -Match ' --n-cpu-moe | -ot .*exps'
        $plan.GpuLayers | Should -Be $plan.TotalLayers
        $plan.Devices.Count | Should -Be 2
        $plan.Devices.Kind | Should -Be 'Gpu', 'Host'
    }

    It 'never takes more of a device than it has' {
        foreach ($device in $plan.Devices) {
            $device.TotalBytes | Should -BeLessOrEqual $device.AvailableBytes
            $device.HeadroomBytes | Should -Be ($device.AvailableBytes - $device.TotalBytes)
        }
    }

    It 'has arguments for llama.cpp, one word each, and the same in a line' {
        $pinned = Get-OffloadPlan mixtral-8x22b 'RTX 3090' Q3_K_M -SystemMemory 64GB -CpuMoeLayers 45
        $at = [array]::IndexOf($pinned.Arguments, '--n-cpu-moe')
        $pinned.Arguments[$at + 1] | Should -Be '45'
        $pinned.CommandLine | Should -BeLike 'llama-server *--n-cpu-moe 45*'
    }

    It 'has a line that PowerShell reads back word by word' {
        $split = Get-OffloadPlan mixtral-8x22b '2xRTX 3090' Q3_K_M -SystemMemory 64GB
        function llama-server { $args }
        $words = Invoke-Expression $split.CommandLine
        $words -join "`n" | Should -Be ($split.Arguments -join "`n")
    }

    It 'follows a ranking' {
        $best = Find-ModelFit -Gpu 3090 | Select-Object -First 1
        $follows = $best | Get-OffloadPlan -WarningAction Ignore
        $follows.Model | Should -Be $best.Model
        $follows.Quantization | Should -Be $best.Quantization
        $follows.Verdict | Should -Be 'Fits'
    }

    It 'obeys pins' {
        (Get-OffloadPlan qwen3-8b 3090 -SystemMemory 64GB -GpuLayers 10).GpuLayers | Should -Be 10
        (Get-OffloadPlan qwen3-30b-a3b 3090 -SystemMemory 64GB -CpuMoeLayers 5).CpuMoeLayers | Should -Be 5
    }

    It 'emits every plan, the fastest first, with -All' {
        $plans = Get-OffloadPlan mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB -All
        $plans.Count | Should -BeGreaterThan 1
        $speeds = $plans.DecodeTokensPerSecond
        $speeds | Should -Be @($speeds | Sort-Object -Descending)
    }

    It 'says what binds with -Explain' {
        $explained = Get-OffloadPlan mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB -Explain
        $explained.Reason.Length | Should -BeGreaterThan $plan.Reason.Length
    }

    It 'says no and why where nothing runs' {
        $none = Get-OffloadPlan mixtral-8x22b 3060 q3_k_m -SystemMemory 8GB
        $none.Verdict | Should -Be 'NoFit'
        $none.Reason | Should -Not -BeNullOrEmpty
    }

    It 'is <Id> for <Script>' -TestCases @(
        @{ Id = 'ModelNotFound'; Script = { Get-OffloadPlan no-such-model-xyz 3090 } }
        @{ Id = 'GpuNotFound'; Script = { Get-OffloadPlan qwen3-8b 'Voodoo 9' } }
        @{ Id = 'MissingColumn'; Script = { [pscustomobject]@{ Model = 'qwen3-8b' } | Get-OffloadPlan } }
        @{ Id = 'ParameterArgumentTransformationError'; Script = { Get-OffloadPlan qwen3-8b 3090 -GpuLayers -1 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
