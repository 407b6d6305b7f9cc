BeforeDiscovery {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $commands = (Get-Module ModelFit).ExportedCmdlets.Keys | ForEach-Object { @{ Command = $_ } }
    $topics = Get-ChildItem (Join-Path $repository 'en-US') -Filter 'about_*.help.txt' |
        ForEach-Object { @{ Topic = $_.Name -replace '\.help\.txt$' } }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Help' {
    It 'describes <Command>, its parameters and examples' -TestCases $commands {
        $help = Get-Help $Command -Full
        $help.Synopsis | Should -Match '\.$'
        $help.Description | Should -Not -BeNullOrEmpty
        @($help.examples.example).Count | Should -BeGreaterOrEqual 2
        $common = [System.Management.Automation.PSCmdlet]::CommonParameters
        $parameters = (Get-Command $Command).Parameters.Keys | Where-Object { $_ -notin $common }
        foreach ($name in $parameters) {
            (Get-Help $Command -Parameter $name).description.Text | Should -Not -BeNullOrEmpty -Because "-$name"
        }
        ($help | Out-String) | Should -Match "NAME\s+$Command"
    }

    It 'has the topic <Topic>' -TestCases $topics {
        $text = Get-Help $Topic | Out-String
        $text | Should -Match $Topic
        $text.Length | Should -BeGreaterThan 500
    }
}
