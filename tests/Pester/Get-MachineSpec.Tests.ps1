BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-MachineSpec' {
    BeforeAll {
        $here = Get-MachineSpec -WarningAction SilentlyContinue
    }

    It 'says what this machine is' {
        $here.PSTypeNames[0] | Should -Be 'ModelFit.MachineSpec'
        $here.ComputerName | Should -Not -BeNullOrEmpty
        $here.OperatingSystem | Should -Not -BeNullOrEmpty
        $here.SystemMemoryBytes | Should -BeGreaterThan 256MB
        $here.SystemMemoryFreeBytes | Should -BeLessOrEqual $here.SystemMemoryBytes
        $here.CollectedAt.Kind | Should -Be 'Utc'
        $here.GpuCount | Should -Be @($here.Gpus).Count
    }

    It 'is what a question without hardware is asked of' {
        $typed = Test-ModelFit qwen3-0.6b -WarningAction SilentlyContinue
        $typed.ComputerName | Should -Be $here.ComputerName
        (Test-ModelFit qwen3-0.6b -Machine $here).ComputerName | Should -Be $here.ComputerName
        ($here | Test-ModelFit qwen3-0.6b).GpuCount | Should -Be $here.GpuCount
    }

    It 'comes back from a file as it went' {
        $path = Join-Path $TestDrive 'machine.xml'
        $here | Export-Clixml $path
        $back = Import-Clixml $path
        $back.PSTypeNames[0] | Should -Be 'Deserialized.ModelFit.MachineSpec'
        ($back | Test-ModelFit qwen3-0.6b).Reason | Should -Be ($here | Test-ModelFit qwen3-0.6b).Reason
    }

    It 'refuses <Name> before anything is run' -TestCases @(
        @{ Name = '-oProxyCommand=touch x' }
        @{ Name = 'node 1' }
        @{ Name = 'node1;reboot' }
        @{ Name = '$(reboot)' }
    ) {
        $machines = Get-MachineSpec -HostName $Name -ErrorAction SilentlyContinue -ErrorVariable failures
        $machines | Should -BeNullOrEmpty
        $failures.Count | Should -Be 1
        $failures[0].CategoryInfo.Category | Should -Be 'InvalidArgument'
    }
}
