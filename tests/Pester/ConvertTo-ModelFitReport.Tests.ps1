BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'ConvertTo-ModelFitReport' {
    It 'writes <_> of an answer and of an audit' -TestCases 'Html', 'Markdown', 'JUnit', 'Sarif', 'Prometheus', 'Nagios', 'Csv' {
        $one = Test-ModelFit llama-3.3-70b 3090 | ConvertTo-ModelFitReport $_
        $one | Should -Match 'Llama-3.3-70B'
        $audit = [pscustomobject]@{ ComputerName = 'PC-1'; Gpu = 'RTX 3060 12GB' } | Invoke-ModelFitAudit qwen3-32b
        $audit | ConvertTo-ModelFitReport $_ | Should -Match 'PC-1'
    }

    It 'asks an answer that came back as text again' {
        $path = Join-Path $TestDrive 'answer.csv'
        Test-ModelFit qwen3-8b 3090 -ContextLength 4k | Export-Csv $path
        Import-Csv $path | ConvertTo-ModelFitReport Markdown | Should -Match '4096 tokens'
        Get-OffloadPlan mixtral-8x22b 3090 Q3_K_M -SystemMemory 64GB | Export-Csv $path
        Import-Csv $path | ConvertTo-ModelFitReport Markdown | Should -Match '--n-cpu-moe'
    }

    It 'writes the error of an answer that cannot be asked again' {
        $row = Test-ModelFit qwen3-8b 3090 | ConvertTo-Csv | ConvertFrom-Csv
        $row.Model = 'no-such-model'
        $row | ConvertTo-ModelFitReport Csv -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'MissingColumn,*'
    }

    It 'draws latency against users, and machines with their models, live and come back' {
        $plan = Get-ModelCapacityPlan qwen3-8b 3090 -Users 20
        $lines = [pscustomobject]@{ ComputerName = 'N1'; Gpu = 'RTX 4090'; SystemMemory = '64GB' } |
            Get-ModelFleetPlan -Model qwen3-8b, deepseek-v3
        foreach ($answers in ($plan, $lines), (($plan | ConvertTo-Csv | ConvertFrom-Csv), ($lines | ConvertTo-Csv | ConvertFrom-Csv))) {
            $answers[0] | ConvertTo-ModelFitReport Html | Should -Match '<polyline class="curve"'
            $page = $answers[1] | ConvertTo-ModelFitReport Html
            $page | Should -Match '<rect class="weights"'
            $page | Should -Match 'DeepSeek-V3 has no place'
        }
    }

    It 'refuses what is no answer' {
        Get-QuantizationSpec q8_0 | ConvertTo-ModelFitReport Html -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'InvalidArgument,*'
    }
}
