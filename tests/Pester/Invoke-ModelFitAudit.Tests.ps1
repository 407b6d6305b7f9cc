BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Invoke-ModelFitAudit' {
    BeforeAll {
        $inventory = Join-Path $TestDrive 'pcs.csv'
        Set-Content $inventory 'ComputerName,Gpu,SystemMemory', 'LAB-1,RTX 3090,64GB', 'LAB-2,GTX 1050 Ti,16GB', 'HOME-1,RTX 4070,32GB'
        $policy = Join-Path $TestDrive 'policy.json'
        Set-Content $policy '{ "rules": [ { "name": "tutor", "machines": { "ComputerName": "LAB-*" }, "require": { "model": "qwen3-8b" } } ] }'
    }

    It 'emits a record for each machine' {
        $records = Invoke-ModelFitAudit -Path $inventory -PolicyPath $policy
        $records.ComputerName | Should -Be 'LAB-1', 'LAB-2', 'HOME-1'
        $records.Compliance | Should -Be 'Compliant', 'Violated', $null
        $records[1].Remedy | Should -Not -BeNullOrEmpty
    }

    It 'takes rows, machines and files from the pipeline' {
        (Import-Csv $inventory | Invoke-ModelFitAudit qwen3-8b).Count | Should -Be 3
        (Import-Csv $inventory | ConvertTo-MachineSpec | Invoke-ModelFitAudit qwen3-8b).Count | Should -Be 3
        (Get-Item $inventory | Invoke-ModelFitAudit qwen3-8b).Count | Should -Be 3
    }

    It 'goes on after a path that is none' {
        $records = Invoke-ModelFitAudit qwen3-8b -LiteralPath 'nodrive:/x.csv', $inventory -ErrorVariable failed -ErrorAction SilentlyContinue
        $records.ComputerName | Should -Be 'LAB-1', 'LAB-2', 'HOME-1'
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FileUnreadable,*'
    }

    It 'writes its file whole or not at all' {
        $output = Join-Path $TestDrive 'night.jsonl'
        Invoke-ModelFitAudit -Path $inventory qwen3-8b -OutputPath $output -WhatIf | Should -HaveCount 3
        Test-Path $output | Should -BeFalse
        Invoke-ModelFitAudit -Path $inventory qwen3-8b -OutputPath $output | Out-Null
        (Get-Content $output | ConvertFrom-Json).ComputerName | Should -Be 'LAB-1', 'LAB-2', 'HOME-1'
        Import-Csv $inventory | Invoke-ModelFitAudit qwen3-8b -OutputPath $output | Select-Object -First 1 | Out-Null
        (Get-Content $output).Count | Should -Be 3
        Get-ChildItem $TestDrive -Filter '*.tmp' | Should -BeNullOrEmpty
    }

    It 'says yes or no' {
        Invoke-ModelFitAudit -Path $inventory -PolicyPath $policy -Quiet | Should -BeFalse
        Invoke-ModelFitAudit -Path $inventory qwen3-0.6b -Quiet | Should -BeTrue
    }

    It 'ends at a policy that is wrong' {
        Set-Content $policy '{ "rules": [ { "name": "a", "require": { "modell": "x" } } ] }'
        { Invoke-ModelFitAudit -Path $inventory -PolicyPath $policy } |
            Should -Throw -ErrorId 'InvalidPolicy,ModelFit.Cmdlets.InvokeModelFitAuditCommand'
    }
}
