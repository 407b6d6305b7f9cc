BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $script:Lab = 1..4 | ForEach-Object {
        [pscustomobject]@{ ComputerName = "LAB-$_"; Gpu = if ($_ -eq 1) { 'RTX 3090' } else { 'RTX 3060 12GB' }; SystemMemory = '32GB' }
    }
}

Describe 'Get-ModelUpgradePlan' {
    It 'changes as many machines as the share needs, at the least price' {
        $lines = $Lab | Get-ModelUpgradePlan -Model qwen3-32b -Share 0.75 -Price @{ 'RTX 3090' = 700; 'RTX 4090' = 1800 }
        $lines.Count | Should -Be 4
        $lines[0].Action | Should -Be 'Passes'
        ($lines | Where-Object Action -eq Change).Count | Should -Be 2
        ($lines | Where-Object Action -eq Spare).Count | Should -Be 1
        $lines[0].TotalPrice | Should -Be 1400
        $lines[0].ReachedShare | Should -Be 0.75
    }

    It 'buys nothing without a price, and warns' {
        $lines = $Lab | Get-ModelUpgradePlan -Model qwen3-32b -WarningVariable warnings -WarningAction SilentlyContinue
        ($lines | Where-Object Action -eq None).Count | Should -Be 3
        $warnings.Count | Should -Be 1
    }

    It 'takes a quantization that is allowed before it buys' {
        $lines = $Lab[1] | Get-ModelUpgradePlan -Model qwen3-14b -Quantization Q8_0 -AllowQuantization Q4_K_M -Price @{ 'RTX 3090' = 700 }
        $lines.Change | Should -Be 'take Q4_K_M'
        $lines.Price | Should -Be 0
    }

    It 'takes the prices of a site''s catalog, and those that are typed before them' {
        $site = Join-Path $TestDrive 'upgrade-prices.json'
        '{ "$schema": "modelfit-catalog-1", "name": "Prices", "prices": { "currency": "EUR", "cards": { "RTX 5090": 2500 } } }' |
            Set-Content $site
        $env:MODELFIT_CATALOG = $site
        try {
            $line = $Lab[1] | Get-ModelUpgradePlan -Model qwen3-32b
            $line.Price, $line.Currency | Should -Be 2500, 'EUR'
            ($Lab[1] | Get-ModelUpgradePlan -Model qwen3-32b -Price @{ 'RTX 5090' = 2400 }).Price | Should -Be 2400
        } finally {
            $env:MODELFIT_CATALOG = $null
        }
    }

    It 'comes back from CSV, JSON and CLIXML' {
        $line = $Lab[1] | Get-ModelUpgradePlan -Model qwen3-32b -Price @{ 'RTX 3090' = 700 }
        $xml = [System.Management.Automation.PSSerializer]::Deserialize(
            [System.Management.Automation.PSSerializer]::Serialize($line))
        foreach ($back in ($line | ConvertTo-Csv | ConvertFrom-Csv), ($line | ConvertTo-Json | ConvertFrom-Json), $xml) {
            $back.Change | Should -Be $line.Change
            $back.NewGpu | Should -Be $line.NewGpu
        }
    }
}
