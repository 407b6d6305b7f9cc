BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-GpuSpec' {
    It 'knows the RTX 3090' {
        $card = Get-GpuSpec 3090
        $card.Name | Should -Be 'NVIDIA GeForce RTX 3090'
        $card.Gpu | Should -Be $card.Name
        $card.GpuMemoryBytes | Should -Be $card.MemoryBytes
        $card.Architecture | Should -Be 'Ampere'
        $card.MemoryBytes | Should -Be 24GB
        $card.ShaderUnits | Should -Be 10496
        $card.TensorCores | Should -Be 328
        [math]::Round($card.MemoryBandwidth / 1e9) | Should -Be 936
        $card.ReleaseDate | Should -Match '^\d{4}-\d\d-\d\d$'
        $card.Source | Should -Be 'Catalog'
    }

    It 'finds with wildcards, from the pipeline, and filters' {
        $cards = 'RTX 40*', 'RTX 30*' | Get-GpuSpec -MinimumMemory 16GB
        $cards.Count | Should -BeGreaterThan 5
        ($cards.MemoryBytes | Measure-Object -Minimum).Minimum | Should -BeGreaterOrEqual 16GB
        Get-GpuSpec -Vendor NVIDIA -Segment DataCenter | ForEach-Object Segment | Sort-Object -Unique |
            Should -Be 'DataCenter'
    }

    It 'lists at least 500 cards, each with a name and memory or none, never zero' {
        $all = Get-GpuSpec -ListAvailable
        $all.Count | Should -BeGreaterOrEqual 500
        $all | Where-Object { $_.MemoryBytes -eq 0 -or -not $_.Name } | Should -BeNullOrEmpty
    }

    It 'emits what it sees of this machine, and no error where there is no card' {
        $here = @(Get-GpuSpec -ErrorVariable failures -WarningAction SilentlyContinue)
        $failures | Should -BeNullOrEmpty
        $here | ForEach-Object { $_.PSTypeNames[0] | Should -Be 'ModelFit.GpuSpec' }
    }

    It 'feeds a question, one answer a card' {
        $cards = Get-GpuSpec 'RTX 40*'
        $answers = $cards | Test-ModelFit qwen3-8b
        $answers.Gpu | Should -Be $cards.Name
    }

    It 'is one machine as an array' {
        $cards = (Get-GpuSpec 3090), (Get-GpuSpec 'RTX 3060 12GB')
        (Test-ModelFit qwen3-8b -Gpu $cards).GpuCount | Should -Be 2
        (Test-ModelFit qwen3-8b -InputObject $cards).GpuCount | Should -Be 2
    }

    It 'is <Id> for <Script>' -TestCases @(
        @{ Id = 'GpuNotFound'; Script = { Get-GpuSpec 'Voodoo 9' } }
        @{ Id = 'ParameterArgumentTransformationError'; Script = { Get-GpuSpec -MinimumMemory '16,5GB' } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }

    It 'is silent where a wildcard finds nothing' {
        Get-ErrorId { Get-GpuSpec 'no-such-card*' } | Should -BeNullOrEmpty
    }
}
