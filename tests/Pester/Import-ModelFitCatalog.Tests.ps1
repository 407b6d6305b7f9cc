BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $site = Join-Path $TestDrive 'pester-site.json'
    @'
{
  "$schema": "modelfit-catalog-1", "name": "Pester", "date": "2026-11-30",
  "cards": [ { "name": "Pester Board 96GB", "vendor": "Other", "memory": "96GB", "bandwidthGBs": 1200 } ],
  "models": [ { "name": "pester/Agent-27B", "like": "Qwen/Qwen3.6-27B", "aliases": ["pester agent"] } ],
  "cardAliases": { "the pester card": "L40S" },
  "approved": ["pester/*"],
  "prices": { "currency": "EUR", "cards": { "RTX 3090": 700 } }
}
'@ | Set-Content $site
}

Describe 'Import-ModelFitCatalog' {
    It 'adds cards, models and names to every cmdlet' {
        $info = Import-ModelFitCatalog $site
        $info | Should -BeOfType ModelFit.CatalogInfo
        $info.CardCount, $info.ModelCount, $info.PriceCount, $info.Currency | Should -Be 1, 1, 1, 'EUR'
        (Test-ModelFit 'pester agent' 'Pester Board 96GB' -Quantization Q8_0).Verdict | Should -Be 'Fits'
        (Get-GpuSpec 'the pester card').Name | Should -Be 'NVIDIA L40S'
    }

    It 'reads a catalog again when it has changed' {
        Import-ModelFitCatalog $site | Out-Null
        (Get-Content $site -Raw) -replace '96GB', '80GB' | Set-Content $site
        (Get-GpuSpec 'Pester Board 80GB').MemoryBytes | Should -Be 80GB
    }

    It 'reads what the environment names, and warns of what is wrong there' {
        $wrong = Join-Path $TestDrive 'wrong.json'
        "{`n ""cards"": 3 }" | Set-Content $wrong
        $env:MODELFIT_CATALOG = $wrong
        try {
            $listed = Get-ModelFitCatalog -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -BeLike '*wrong.json, line 2*'
            ($listed | Where-Object Name -eq wrong).ErrorId | Should -Be 'InvalidCatalog'
            $null = Get-ModelFitCatalog -WarningVariable again
            $again | Should -BeNullOrEmpty
        }
        finally { $env:MODELFIT_CATALOG = $null }
    }

    It 'is an error with its line, and takes nothing of a wrong file' {
        $wrong = Join-Path $TestDrive 'bad.json'
        "{`n ""cards"": [`n { ""name"": ""NVIDIA Odd"", ""memory"": ""48GB"" },`n { ""nam"": 1 } ] }" | Set-Content $wrong
        { Import-ModelFitCatalog $wrong -ErrorAction Stop } | Should -Throw '*line 4*' -ErrorId 'InvalidCatalog*'
        { Get-GpuSpec 'NVIDIA Odd' -ErrorAction Stop } | Should -Throw -ErrorId 'GpuNotFound*'
        { Import-ModelFitCatalog (Join-Path $TestDrive 'none.json') -ErrorAction Stop } |
            Should -Throw -ErrorId 'FileUnreadable*'
    }

    It 'binds files by their path, also with brackets' {
        $odd = Join-Path $TestDrive 'a [1].json'
        '{ "name": "Brackets" }' | Set-Content -LiteralPath $odd
        (Get-Item -LiteralPath $odd | Import-ModelFitCatalog).Name | Should -Be 'Brackets'
    }

    It 'comes back from CSV, JSON and CLIXML' {
        $info = Import-ModelFitCatalog $site
        ($info | ConvertTo-Csv | ConvertFrom-Csv).CardCount | Should -Be 1
        ($info | ConvertTo-Json | ConvertFrom-Json).Currency | Should -Be 'EUR'
        $info | Export-Clixml TestDrive:/info.xml
        (Import-Clixml TestDrive:/info.xml).Name | Should -Be 'Pester'
    }
}
