# What a stranger does first, in a PowerShell and a home that have nothing but what install.sh put there.
BeforeAll {
    Register-PSResourceRepository -Name packages -Uri $env:MODELFIT_PACKAGES -Trusted
    Install-PSResource -Name ModelFit -Repository packages
    Import-Module ModelFit
}

Describe 'The installed module' {
    It 'lies where PowerShell looks and nowhere else' {
        (Get-Module ModelFit).ModuleBase | Should -BeLike "$HOME*"
    }

    It 'answers the main question' {
        $answer = Test-ModelFit mixtral-8x22b 'RTX 3090' Q3_K_M
        $answer.Verdict | Should -Be NoFit
        $answer.WeightBytes | Should -Be 67794395136
        ($answer | Out-String) | Should -Match '63\.1 GiB \(67\.8 GB\)'
    }

    It 'has help' {
        (Get-Help Test-ModelFit -Examples | Out-String) | Should -Match 'mixtral-8x22b'
        (Get-Help about_ModelFit | Out-String) | Should -Match 'SHORT DESCRIPTION'
    }

    It 'completes' {
        $line = 'Test-ModelFit qwen3-8b -Gpu 3'
        (TabExpansion2 $line $line.Length).CompletionMatches[0].CompletionText | Should -Be "'RTX 3090'"
    }

    It 'audits and reports' {
        Set-Content pcs.csv 'ComputerName,Gpu,SystemMemory', 'pc1,RTX 3090,64GB', 'pc2,GTX 1650,16GB'
        $records = Invoke-ModelFitAudit qwen3-8b -Path pcs.csv
        $records.Compliance | Should -Be Compliant, Violated
        $records | Export-ModelFitReport Html fleet.html
        Get-Content fleet.html -Raw | Should -Match 'pc2'
    }
}

Describe 'The installed tool' {
    It 'answers, and says so by its exit code' {
        (modelfit Test-ModelFit qwen3-8b 3090 -OutputFormat Json | ConvertFrom-Json).Verdict | Should -Be Fits
        modelfit Test-ModelFit mixtral-8x22b 3090 -Quiet | Should -Be False
        $LASTEXITCODE | Should -Be 1
    }

    It 'has help and completion' {
        (modelfit --help | Out-String) | Should -Match 'Test-ModelFit'
        (modelfit completion bash | Out-String) | Should -Match 'complete -o default'
    }
}
