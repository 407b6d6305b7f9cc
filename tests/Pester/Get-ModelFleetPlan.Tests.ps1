BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $script:Rows = @(
        [pscustomobject]@{ ComputerName = 'N1'; Gpu = 'RTX 4090'; SystemMemory = '64GB'; Rack = 'A' }
        [pscustomobject]@{ ComputerName = 'N2'; Gpu = 'RTX 3060 12GB'; SystemMemory = '32GB'; Rack = 'B' }
        [pscustomobject]@{ ComputerName = 'N3'; Gpu = 'RTX 4090'; SystemMemory = '64GB'; Rack = 'B' }
    )
}

Describe 'Get-ModelFleetPlan' {
    It 'places rows of an inventory, a line a replica with its launch line' {
        $lines = $Rows | Get-ModelFleetPlan -Model qwen3-8b, qwen3-4b -Replicas 2, 1
        $lines.Count | Should -Be 3
        $lines.IsPlaced | Should -Not -Contain $false
        ($lines.ComputerName | Select-Object -Unique).Count | Should -Be 1
        $lines.CommandLine | Should -Match '^llama-server '
        ($lines.CommandLine -match '--port 808[12]').Count | Should -Be 2
    }

    It 'spreads over labels that a script block gives' {
        $lines = $Rows | Get-ModelFleetPlan -Model qwen3-8b -Replicas 2 -Label { $_.Rack } -SpreadBy Label
        ($lines.Label | Sort-Object) -join ',' | Should -Be 'A,B'
    }

    It 'keeps a pin, and says what misses where it cannot' {
        $line = $Rows | ConvertTo-MachineSpec | Get-ModelFleetPlan -Model qwen3-32b -Pin @{ 'qwen3-32b' = 'N2' }
        $line.IsPlaced | Should -BeFalse
        $line.ClosestComputerName | Should -Be 'N2'
        $line.HeadroomBytes | Should -BeLessThan 0
        $line.Reason | Should -Match "\($(-$line.HeadroomBytes) bytes\)"
    }

    It 'takes a row for each model, with settings of its own' {
        $demand = @'
Model,Replicas,Quantization,ContextLength,Pin
qwen3-8b,2,Q8_0,16k,
qwen3-4b,,Q4_K_M,,N2;N3
no-such-model,1,,,
qwen3-4b,some,,,
'@ | ConvertFrom-Csv
        $lines = $Rows | Get-ModelFleetPlan -Demand $demand -ErrorVariable errors -ErrorAction SilentlyContinue
        $lines.Count | Should -Be 3
        $lines.Quantization -join ',' | Should -Be 'Q8_0,Q8_0,Q4_K_M'
        $lines.ContextLength -join ',' | Should -Be '16384,16384,8192'
        $lines[2].ComputerName | Should -BeIn 'N2', 'N3'
        $errors.Count | Should -Be 2
        "$($errors[0])" | Should -Match '^-Demand, row 3: '
        "$($errors[1])" | Should -Match '^-Demand, row 4: '
    }

    It 'counts what was typed before the rows' {
        $lines = $Rows | Get-ModelFleetPlan -Demand @{ Model = 'qwen3-8b'; Replicas = 1; ContextLength = 4096 } `
            -ContextLength 8k -Replicas 2
        $lines.ContextLength -join ',' | Should -Be '8192,8192'
    }

    It 'takes models or rows, not both' {
        { $Rows | Get-ModelFleetPlan -Model qwen3-8b -Demand @{ Model = 'qwen3-4b' } } |
            Should -Throw -ErrorId 'InvalidArgument,*'
    }

    It 'refuses counts that are not those of the models' {
        $Rows | Get-ModelFleetPlan -Model qwen3-8b -Replicas 1, 2 -ErrorVariable errors -ErrorAction SilentlyContinue
        $errors[0].FullyQualifiedErrorId | Should -Match '^InvalidArgument,'
    }

    It 'comes back from CSV, JSON and CLIXML' {
        $line = $Rows | Get-ModelFleetPlan -Model qwen3-8b
        $xml = [System.Management.Automation.PSSerializer]::Deserialize(
            [System.Management.Automation.PSSerializer]::Serialize($line))
        foreach ($back in ($line | ConvertTo-Csv | ConvertFrom-Csv), ($line | ConvertTo-Json | ConvertFrom-Json), $xml) {
            $back.CommandLine | Should -Be $line.CommandLine
            ($back | Test-ModelFit).Verdict | Should -Be 'Fits'
        }
    }
}
