BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Find-ModelFit' {
    BeforeAll {
        $found = Find-ModelFit -Gpu 3090
    }

    It 'emits what runs, ranked without gaps, each model once' {
        $found.Count | Should -BeGreaterThan 100
        $found | ForEach-Object Rank | Should -Be @(1..$found.Count)
        @($found.Model | Sort-Object -Unique).Count | Should -Be $found.Count
        $found.Verdict | Sort-Object -Unique | Should -Not -Contain 'NoFit'
    }

    It 'has for each the largest quantization that fits' {
        $first = $found[0]
        $first.Verdict | Should -Be 'Fits'
        Test-ModelFit $first.Model 3090 $first.Quantization -Quiet | Should -BeTrue
        ($found | Where-Object Quantization -EQ 'Q6_K')[0].QualityLoss | Should -BeGreaterThan 0
    }

    It 'keeps to the models and the speed that are asked for' {
        $fast = Find-ModelFit -Model 'qwen3-*' -Gpu 3090 -MinimumTokensPerSecond 100
        $fast.Model | ForEach-Object { $_ | Should -BeLike '*qwen3*' }
        ($fast.DecodeTokensPerSecond | Measure-Object -Minimum).Minimum | Should -BeGreaterOrEqual 100
    }

    It 'answers for a row, and stops when one is enough' {
        $row = [pscustomobject]@{ ComputerName = 'pc1'; Gpu = 'RTX 3060 12GB'; SystemMemory = '32GB' }
        $best = $row | Find-ModelFit -Model 'qwen3-*' | Select-Object -First 1
        $best.ComputerName | Should -Be 'pc1'
        $best.Rank | Should -Be 1
    }

    It 'is <Id> for <Script>' -TestCases @(
        @{ Id = 'ModelNotFound'; Script = { Find-ModelFit no-such-model-xyz 3090 } }
        @{ Id = 'GpuNotFound'; Script = { Find-ModelFit -Gpu 'Voodoo 9' } }
        @{ Id = 'ParameterArgumentTransformationError'; Script = { Find-ModelFit -Gpu 3090 -MinimumTokensPerSecond -1 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}

Describe 'Find-ModelFit by purpose' {
    It 'leaves embedders and base models out unless they are asked for' {
        $found = Find-ModelFit -Gpu 'RTX 4060'
        $found.Model | Should -Not -Contain 'BAAI/bge-m3'
        $found.Model | Where-Object { $_ -like '*-Base' } | Should -BeNullOrEmpty
        $embedders = Find-ModelFit -Gpu 'RTX 4060' -Task Embedding
        $embedders.Model | Should -Contain 'BAAI/bge-m3'
        $embedders.Kind | Sort-Object -Unique | Should -Be 'Embedding'
        $found.Kind | Sort-Object -Unique | Should -Be 'Chat', 'Code', 'Vision'
    }

    It 'finds one a family, and what is not published' {
        $newest = Find-ModelFit -Gpu 'RTX 4060' -Task Code -Newest
        $newest.Count | Should -BeLessThan (Find-ModelFit -Gpu 'RTX 4060' -Task Code).Count
        Find-ModelFit -Model qwen3-8b -Gpu 'RTX 4060' -AnyQuantization | Should -Not -BeNullOrEmpty
    }

    It 'names the tasks where one is wrong' {
        { Find-ModelFit -Gpu 'RTX 4060' -Task Cooking } | Should -Throw '*Embedding*'
    }
}
