BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Rows' {
    It 'are bound by the names of their columns' {
        $answer = [pscustomobject]@{
            ComputerName = 'pc1'; Model = 'qwen3-8b'; Gpu = 'RTX 3090'; GpuCount = '2'; SystemMemory = '64 GB'
            Quantization = 'Q5_K_M'; ContextLength = '16k'; ParallelSequences = '2'; KeyCacheType = 'q8_0'
        } | Test-ModelFit
        $answer.ComputerName | Should -Be 'pc1'
        $answer.GpuCount | Should -Be 2
        $answer.SystemMemoryBytes | Should -Be 64GB
        $answer.Quantization | Should -Be 'Q5_K_M'
        $answer.ContextLength | Should -Be 16384
        $answer.ParallelSequences | Should -Be 2
        $answer.KeyCacheType | Should -Be 'Q8_0'
    }

    It 'may have other columns, which script blocks read' {
        $rows = 'Name;Graphics card;RAM', 'pc1;RTX 3090;64', 'pc2;RTX 3060 12GB;16' | ConvertFrom-Csv -Delimiter ';'
        $answers = $rows | Test-ModelFit qwen3-8b -Gpu { $_.'Graphics card' } -SystemMemory { $_.RAM + 'GB' }
        $answers.Gpu | Should -Be 'NVIDIA GeForce RTX 3090', 'NVIDIA GeForce RTX 3060'
        $answers.SystemMemoryBytes | Should -Be 64GB, 16GB
    }

    It 'take blanks and [N/A] for not given, and what was typed before what they say' {
        $row = [pscustomobject]@{ Gpu = 'RTX 3090'; SystemMemory = '[N/A]'; ContextLength = ''; Quantization = ' ' }
        $answer = $row | Test-ModelFit qwen3-8b
        $answer.SystemMemoryBytes | Should -BeNullOrEmpty
        $answer.ContextLength | Should -Be 8192
        $answer.Quantization | Should -Be 'Q4_K_M'
        ($row | Test-ModelFit qwen3-8b -ContextLength 4k).ContextLength | Should -Be 4096
        $row.ContextLength = '9'
        ($row | Test-ModelFit qwen3-8b -ContextLength 4k).ContextLength | Should -Be 4096
    }

    It 'never take Name for a model' {
        Get-ErrorId { [pscustomobject]@{ Name = 'qwen3-8b'; Gpu = '3090' } | Test-ModelFit } |
            Should -Be 'MissingColumn'
    }

    It 'are each answered or an error of their own, in order' {
        $kinds = @(
            @{ Gpu = 'RTX 3090'; SystemMemory = '32GB'; Expected = 'answer' }
            @{ Gpu = ''; SystemMemory = '32GB'; Expected = 'MissingColumn' }
            @{ Gpu = '[N/A]'; SystemMemory = '32GB'; Expected = 'MissingColumn' }
            @{ Gpu = 'RTX 3060'; SystemMemory = '31,9 GB'; Expected = 'ParameterArgumentTransformationError' }
            @{ Gpu = 'Voodoo 9'; SystemMemory = '32GB'; Expected = 'GpuNotFound' }
            @{ Gpu = 'RTX 3090'; SystemMemory = ''; Expected = 'answer' }
        )
        $rows = 0..99 | ForEach-Object { [pscustomobject] $kinds[$_ % $kinds.Count] }
        $said = $rows | Test-ModelFit qwen3-8b -ErrorAction Continue 2>&1 | ForEach-Object {
            if ($_ -is [System.Management.Automation.ErrorRecord]) { ($_.FullyQualifiedErrorId -split ',')[0] }
            else { 'answer' }
        }
        $said | Should -Be $rows.Expected
    }
}

Describe 'Objects' {
    It 'asks again what <Way> brought back' -TestCases @(
        @{ Way = 'Export-Csv'; Trip = {
                param($answer, $path)
                $answer | Export-Csv $path -NoTypeInformation
                Import-Csv $path
            }
        }
        @{ Way = 'Export-Clixml'; Trip = { param($answer, $path) $answer | Export-Clixml $path; Import-Clixml $path } }
        @{ Way = 'ConvertTo-Json'; Trip = { param($answer) $answer | ConvertTo-Json -Depth 4 | ConvertFrom-Json } }
        @{ Way = 'PSSerializer'; Trip = { param($answer) $answer | Get-SerializedCopy } }
        @{ Way = 'Select-Object'; Trip = { param($answer) $answer | Select-Object * } }
    ) {
        $path = Join-Path $TestDrive "$Way.out"
        $question = @{ Gpu = '2x RTX 3090'; SystemMemory = 64GB; ContextLength = 4096; KeyCacheType = 'Q8_0' }
        $first = Test-ModelFit mixtral-8x22b -Quantization q3_k_m @question
        $again = & $Trip $first $path | Test-ModelFit
        foreach ($name in 'Model', 'Gpu', 'GpuCount', 'Quantization', 'ContextLength', 'KeyCacheType', 'Verdict',
            'RequiredBytes', 'AvailableBytes', 'SystemMemoryBytes', 'GpuLayers', 'Reason') {
            $again.$name | Should -Be $first.$name -Because $name
        }
        $plan = & $Trip (Get-OffloadPlan mixtral-8x22b -Quantization q3_k_m @question) $path | Get-OffloadPlan
        $plan.CommandLine | Should -Be (Get-OffloadPlan mixtral-8x22b -Quantization q3_k_m @question).CommandLine
        $footprint = & $Trip (Measure-ModelMemory qwen3-8b -ContextLength 4k) $path | Measure-ModelMemory
        $footprint.TotalBytes | Should -Be (Measure-ModelMemory qwen3-8b -ContextLength 4k).TotalBytes
    }

    It 'takes what <Make> emits, live and deserialized' -TestCases @(
        @{ Make = { Get-GpuSpec 3090 }; Ask = { $input | Test-ModelFit qwen3-8b } }
        @{ Make = { Get-ModelSpec qwen3-8b }; Ask = { $input | Test-ModelFit -Gpu 3090 } }
        @{ Make = { Get-QuantizationSpec q8_0 }; Ask = { $input | Test-ModelFit qwen3-8b 3090 } }
        @{ Make = { Measure-ModelMemory qwen3-8b }; Ask = { $input | Test-ModelFit -Gpu 3090 } }
        @{ Make = { Get-OffloadPlan qwen3-8b 3090 }; Ask = { $input | Test-ModelFit } }
        @{ Make = { [pscustomobject]@{ ComputerName = 'a'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } |
                ConvertTo-MachineSpec }; Ask = { $input | Test-ModelFit qwen3-8b } }
    ) {
        $made = & $Make
        $live = $made | & $Ask
        $back = $made | Get-SerializedCopy | & $Ask
        $live.Fits | Should -BeTrue
        $back.Reason | Should -Be $live.Reason
    }

    It 'keeps what nests: the GPUs of a machine, the devices of a plan' {
        $machine = [pscustomobject]@{ ComputerName = 'a'; Gpu = '2x RTX 3090' } | ConvertTo-MachineSpec |
            Get-SerializedCopy
        $machine.Gpus.Count | Should -Be 2
        $machine.Gpus[1].MemoryBytes | Should -Be 24GB
        $plan = Get-OffloadPlan mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB | Get-SerializedCopy
        $plan.Devices[1].Kind | Should -Be 'Host'
        $plan.Arguments | Should -Contain '-ngl'
    }

    It 'groups, sorts, measures and selects' {
        $answers = Get-GpuSpec 'RTX 40*' | Test-ModelFit qwen3-8b, qwen3-32b
        ($answers | Group-Object Verdict | Measure-Object Count -Sum).Sum | Should -Be $answers.Count
        $sorted = $answers | Sort-Object HeadroomBytes -Descending
        $sorted[0].HeadroomBytes | Should -BeGreaterThan $sorted[-1].HeadroomBytes
        ($answers | Where-Object Fits | Select-Object -ExpandProperty Verdict -Unique) | Should -Be 'Fits'
        ($answers | Measure-Object RequiredBytes -Minimum).Minimum | Should -BeGreaterThan 0
    }

    It 'writes CSV whose numbers have a point in every culture' {
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = 'de-DE'
            $line = Test-ModelFit qwen3-8b 3090 -ContextLength 4k | ConvertTo-Csv -NoTypeInformation | ConvertFrom-Csv
            $line.DecodeTokensPerSecond | Should -Match '^\d+[.,]\d+$'
            ($line | Test-ModelFit).RequiredBytes | Should -Be $line.RequiredBytes
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }
}

Describe 'A pipeline' {
    It 'stops when one answer is enough, without an error' {
        $clock = [Diagnostics.Stopwatch]::StartNew()
        $first = 1..1000000 | ForEach-Object { [pscustomobject]@{ Gpu = 'RTX 3090' } } | Test-ModelFit qwen3-8b |
            Select-Object -First 1
        $first.Fits | Should -BeTrue
        $clock.Elapsed.TotalSeconds | Should -BeLessThan 20
    }

    It 'lets a ranking, a catalog and a stream of files stop early' {
        (Find-ModelFit -Gpu 3090 | Select-Object -First 1).Rank | Should -Be 1
        @(Get-GpuSpec -ListAvailable | Select-Object -First 2).Count | Should -Be 2
        @(Get-ModelSpec -ListAvailable | Test-ModelFit -Gpu 3090 | Select-Object -First 3).Count | Should -Be 3
    }

    It 'streams: the first answer is there before the second row' {
        $log = [Collections.Generic.List[string]]::new()
        1..3 | ForEach-Object { $log.Add("row $_"); [pscustomobject]@{ Gpu = 'RTX 3090' } } |
            Test-ModelFit qwen3-8b | ForEach-Object { $log.Add('answer') }
        $log -join ', ' | Should -Be 'row 1, answer, row 2, answer, row 3, answer'
    }
}
