BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Measure-ModelSpeed' {
    It 'takes a speed apart, and its parts are the whole' {
        $lines = Measure-ModelSpeed qwen3-8b 3090
        $lines[0].PSTypeNames[0] | Should -Be 'ModelFit.SpeedEstimate'
        $total = $lines | Where-Object { $_.Phase -eq 'Decode' -and $_.Term -eq 'Total' }
        $parts = $lines | Where-Object { $_.Phase -eq 'Decode' -and $_.Term -ne 'Total' }
        ($parts | Measure-Object Seconds -Sum).Sum | Should -BeGreaterThan (0.999 * $total.Seconds)
        ($parts | Measure-Object Share -Sum).Sum | Should -BeGreaterThan 0.999
        $total.TokensPerSecondLow | Should -BeLessThan $total.TokensPerSecond
        $total.TokensPerSecondHigh | Should -BeGreaterThan $total.TokensPerSecond
        (Test-ModelFit qwen3-8b 3090).DecodeTokensPerSecond | Should -Be $total.TokensPerSecond
    }

    It 'names the device of each line' {
        $devices = (Measure-ModelSpeed qwen3-30b-a3b 3060 -SystemMemory 64GB).Device | Select-Object -Unique
        $devices | Should -Contain 'System memory'
        $devices | Should -Contain 'All'
    }

    It 'is slower with more users, a fuller cache and fewer watts' {
        $free = (Test-ModelFit qwen3-8b 3090).DecodeTokensPerSecond
        (Test-ModelFit qwen3-8b 3090 -ActiveSequences 4).DecodeTokensPerSecond | Should -BeLessThan $free
        (Test-ModelFit qwen3-8b 3090 -UsedContext 8k).DecodeTokensPerSecond | Should -BeLessThan $free
        (Test-ModelFit qwen3-8b 3090 -PowerLimit 150W).DecodeTokensPerSecond | Should -BeLessThan $free
    }

    It 'warns, and emits nothing, where nothing runs' {
        $lines = Measure-ModelSpeed llama-3.1-405b 3060 -SystemMemory 16GB -WarningVariable warnings -WarningAction SilentlyContinue
        $lines | Should -BeNullOrEmpty
        $warnings.Count | Should -Be 1
    }
}
