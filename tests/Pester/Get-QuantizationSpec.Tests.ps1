BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-QuantizationSpec' {
    It 'knows Q4_K_M however it is written' {
        foreach ($name in 'Q4_K_M', 'q4_k_m', 'q4km') {
            $found = Get-QuantizationSpec $name
            $found.Name | Should -Be 'Q4_K_M'
            $found.Quantization | Should -Be 'Q4_K_M'
            $found.BitsPerWeight | Should -BeGreaterThan 4.5
            $found.BitsPerWeight | Should -BeLessThan 5.2
        }
    }

    It 'lists all, and sorts by what they cost' {
        $all = Get-QuantizationSpec
        $all.Count | Should -BeGreaterThan 25
        $gguf = $all | Where-Object { $_.Format -eq 'GGUF' -and $_.QualityLoss } | Sort-Object QualityLoss
        $gguf[0].BitsPerWeight | Should -BeGreaterThan $gguf[-1].BitsPerWeight
    }

    It 'takes names from the pipeline and wildcards, and feeds a question' {
        ('Q4_K_M', 'Q8_0' | Get-QuantizationSpec).Name | Should -Be 'Q4_K_M', 'Q8_0'
        $answers = Get-QuantizationSpec Q5_K* | Test-ModelFit qwen3-8b 3090
        $answers.Quantization | Should -Be (Get-QuantizationSpec Q5_K*).Name
    }

    It 'is QuantizationNotFound for a name that nothing has' {
        Get-ErrorId { Get-QuantizationSpec q9_z } | Should -Be 'QuantizationNotFound'
    }
}
