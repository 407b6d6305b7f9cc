BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-ModelFitCatalog' {
    It 'says first what the module has' {
        $own = Get-ModelFitCatalog | Select-Object -First 1
        $own.Origin | Should -Be 'Module'
        $own.CardCount, $own.ModelCount, $own.FileCount | ForEach-Object { $_ | Should -BeGreaterThan 500 }
        $own.Date | Should -Match '^2026-'
    }
}
