BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Compare-ModelFitAudit' {
    BeforeAll {
        $before = 'RTX 3090', 'RTX 4070' | ForEach-Object { [pscustomobject]@{ ComputerName = "PC $_"; Gpu = $_ } } |
            Invoke-ModelFitAudit qwen3-8b
        $after = [pscustomobject]@{ ComputerName = 'PC RTX 3090'; Gpu = '2x RTX 3090' } | Invoke-ModelFitAudit qwen3-8b
    }

    It 'says what changed' {
        (Compare-ModelFitAudit $before $after).Change | Should -Be 'GpuAdded', 'MachineGone'
        Compare-ModelFitAudit $before $before | Should -BeNullOrEmpty
    }

    It 'takes records that came back from files' {
        $path = Join-Path $TestDrive 'records.xml'
        $before | Export-Clixml $path
        Compare-ModelFitAudit $before (Import-Clixml $path) | Should -BeNullOrEmpty
        $csv = Join-Path $TestDrive 'records.csv'
        $before | Export-Csv $csv
        Compare-ModelFitAudit (Import-Csv $csv) $before | Should -BeNullOrEmpty
        Compare-ModelFitAudit ($before | ConvertTo-Json | ConvertFrom-Json) $before | Should -BeNullOrEmpty
    }

    It 'ends at a file that is no audit' {
        $path = Join-Path $TestDrive 'wrong.jsonl'
        Set-Content $path '{ "a": 1 }'
        { Compare-ModelFitAudit $path $before } |
            Should -Throw -ErrorId 'InvalidAudit,ModelFit.Cmdlets.CompareModelFitAuditCommand'
    }
}
