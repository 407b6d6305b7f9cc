BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    function Row($kind, $rate) {
        $prompt = if ($kind -eq 'pp') { 512 } else { 0 }
        $written = if ($kind -eq 'tg') { 128 } else { 0 }
        "{""model_filename"":""/m/Qwen3-8B-Q4_K_M.gguf"",""gpu_info"":""NVIDIA GeForce RTX 3090"",""backends"":""CUDA""," +
        """n_prompt"":$prompt,""n_gen"":$written,""n_depth"":0,""n_ubatch"":512,""flash_attn"":true,""avg_ts"":$rate}"
    }
}

Describe 'New-ModelSpeedCalibration' {
    It 'corrects later answers of the same card, and of no other' {
        $before = Test-ModelFit qwen3-14b 3090
        $rate = 0.8 * (Test-ModelFit qwen3-8b 3090 -UsedContext 64).DecodeTokensPerSecond
        $mine = (Row tg $rate), (Row tg $rate), (Row tg $rate), (Row pp 3000) | New-ModelSpeedCalibration
        $mine.DecodeRows | Should -Be 3
        $mine.DecodeErrorPercent | Should -BeGreaterThan 20
        $after = Test-ModelFit qwen3-14b 3090 -Calibration $mine
        $after.DecodeTokensPerSecond | Should -BeLessThan (0.9 * $before.DecodeTokensPerSecond)
        $after.SpeedBasis | Should -BeLike '*calibrated*'
        (Test-ModelFit qwen3-14b 4090 -Calibration $mine).SpeedBasis | Should -Not -BeLike '*calibrated*'
    }

    It 'comes back from JSON, CSV and CLIXML' {
        $mine = (Row tg 100), (Row tg 101), (Row tg 102) | New-ModelSpeedCalibration
        $live = (Test-ModelFit qwen3-8b 3090 -Calibration $mine).DecodeTokensPerSecond
        $mine | ConvertTo-Json | Set-Content TestDrive:/mine.json
        $mine | Export-Csv TestDrive:/mine.csv -NoTypeInformation
        $mine | Export-Clixml TestDrive:/mine.xml
        foreach ($name in 'mine.json', 'mine.csv', 'mine.xml') {
            $path = (Get-Item "TestDrive:/$name").FullName
            (Test-ModelFit qwen3-8b 3090 -Calibration $path).DecodeTokensPerSecond | Should -Be $live
        }
    }

    It 'is an error where no row names a model or a card' {
        { 'prompt eval time = 1.0 ms / 512 tokens (1 ms per token, 4000.0 tokens per second)' |
            New-ModelSpeedCalibration -ErrorAction Stop } | Should -Throw -ErrorId 'MissingColumn*'
    }
}
