BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'ConvertTo-MachineSpec' {
    BeforeAll {
        $rows = @'
ComputerName,Gpu,GpuMemory,SystemMemory
pc1,NVIDIA GeForce RTX 3090,24GB,64GB
pc2,2x NVIDIA GeForce RTX 3060 12GB,,32 GB
pc3,,,16GB
'@
        $csv = @'
name, memory.total [MiB], memory.free [MiB]
NVIDIA GeForce RTX 3090, 24576 MiB, 23552 MiB
NVIDIA GeForce RTX 3090, 24576 MiB, 24000 MiB
'@
        $wmi = @'
PSComputerName,Name,AdapterRAM,PNPDeviceID
ws7,NVIDIA GeForce RTX 3090,4293918720,PCI\VEN_10DE&DEV_2204
'@
    }

    It 'makes machines of rows, and asks them' {
        $machines = $rows | ConvertFrom-Csv | ConvertTo-MachineSpec
        $machines.ComputerName | Should -Be 'pc1', 'pc2', 'pc3'
        $machines[0].GpuMemoryBytes | Should -Be 24GB
        $machines[1].GpuCount | Should -Be 2
        $machines[1].SystemMemoryBytes | Should -Be 32GB
        ($machines[0..1] | Test-ModelFit qwen3-8b).ComputerName | Should -Be 'pc1', 'pc2'
    }

    It 'reads text that a program wrote, line by line or whole' {
        $lines = $csv -split '\r?\n' | ConvertTo-MachineSpec
        $whole = $csv | ConvertTo-MachineSpec
        foreach ($machine in $lines, $whole) {
            $machine.GpuCount | Should -Be 2
            $machine.Gpus[0].MemoryFreeBytes | Should -Be 23GB
            $machine.Gpus[0].MemoryBandwidth | Should -BeGreaterThan 900e9
        }
    }

    It 'takes what Select-String found for the lines that it found' {
        $found = 'CPU Name: AMD Ryzen 7 7700X', 'other', 'Physical Memory: 32000MB Total, 20000MB Free',
            'Physical Cores: 8, Logical Cores: 16' | Select-String 'CPU|Physical'
        ($found | ConvertTo-MachineSpec).CoreCount | Should -Be 8
    }

    It 'reads the output of Get-CimInstance, whose AdapterRAM ends at 4 GiB' {
        $machine = $wmi | ConvertFrom-Csv | ConvertTo-MachineSpec
        $machine.ComputerName | Should -Be 'ws7'
        $machine.GpuMemoryBytes | Should -Be 24GB
    }

    It 'reads files, by wildcard, by literal path and from Get-ChildItem' {
        $path = Join-Path $TestDrive 'pcs [1].csv'
        Set-Content -LiteralPath $path -Value $rows
        @(ConvertTo-MachineSpec -Path (Join-Path $TestDrive '*.csv')).Count | Should -Be 3
        @(ConvertTo-MachineSpec -LiteralPath $path).Count | Should -Be 3
        @(Get-Item -LiteralPath $path | ConvertTo-MachineSpec).Count | Should -Be 3
    }

    It 'reads back what Export-Csv wrote of machines' {
        $path = Join-Path $TestDrive 'audit.csv'
        $machines = $rows | ConvertFrom-Csv | ConvertTo-MachineSpec
        $machines | Export-Csv -NoTypeInformation $path
        $again = @(Import-Csv $path | ConvertTo-MachineSpec)
        $again.ComputerName | Should -Be 'pc1', 'pc2', 'pc3'
        $again[0..1].Gpu | Should -Be $machines[0..1].Gpu
        $again[1].Gpus[0].MemoryBandwidth | Should -BeGreaterThan 300e9
        $again[2].GpuCount | Should -Be 0
        $answers = Import-Csv $path | Test-ModelFit qwen3-8b
        $answers[1].Gpu | Should -Be $again[1].Gpu
    }

    It 'writes the GPUs as text that parses back' {
        $machine = $rows | ConvertFrom-Csv | Select-Object -Index 1 | ConvertTo-MachineSpec
        (Test-ModelFit qwen3-8b -Gpu $machine.Gpu).GpuCount | Should -Be 2
    }

    It 'takes back its own machines from JSON' {
        $machine = $rows | ConvertFrom-Csv | Select-Object -First 1 | ConvertTo-MachineSpec
        $back = $machine | ConvertTo-Json -Depth 4 | ConvertTo-MachineSpec
        $back.ComputerName | Should -Be 'pc1'
        $back.Gpu | Should -Be $machine.Gpu
        $back.SystemMemoryBytes | Should -Be 64GB
    }

    It 'is UnknownInventory for a text that nobody exports, and says what it looked for' {
        Get-ErrorId { 'nothing that anybody exports' | ConvertTo-MachineSpec } | Should -Be 'UnknownInventory'
        { 'nothing that anybody exports' | ConvertTo-MachineSpec -ErrorAction Stop } | Should -Throw '*nvidia-smi*'
    }
}
