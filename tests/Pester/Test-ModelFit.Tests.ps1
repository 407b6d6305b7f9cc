BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Test-ModelFit' {
    Context 'the question' {
        It 'takes model, GPU and quantization by position' {
            $answer = Test-ModelFit mixtral-8x22b 3090 q3_k_m
            $answer.Model | Should -Be 'mistralai/Mixtral-8x22B-v0.1'
            $answer.Gpu | Should -Be 'NVIDIA GeForce RTX 3090'
            $answer.Quantization | Should -Be 'Q3_K_M'
            $answer.Verdict | Should -Be 'NoFit'
            $answer.Fits | Should -BeFalse
            $answer.WeightBytes / 1e9 | Should -BeGreaterThan 67.7
            $answer.WeightBytes / 1e9 | Should -BeLessThan 67.9
            $answer.HeadroomBytes | Should -Be ($answer.AvailableBytes - $answer.RequiredBytes)
            $answer.HeadroomBytes | Should -BeLessThan 0
        }

        It 'has Vram for a card that nobody named, and its other aliases' {
            (Test-ModelFit qwen3-8b -Vram 24GB).GpuMemoryBytes | Should -Be 24GB
            (Test-ModelFit qwen3-8b -GpuMemoryBytes '24 GiB').GpuMemoryBytes | Should -Be 24GB
            (Test-ModelFit qwen3-8b 3090 -SystemMemoryBytes 64GB).SystemMemoryBytes | Should -Be 64GB
            (Test-ModelFit qwen3-8b 3090 -ReserveBytes 2GB).ReserveBytes | Should -Be 2GB
        }

        It 'reads <Text> as <Bytes> bytes' -TestCases @(
            @{ Text = 24GB; Bytes = 24GB }
            @{ Text = '24GB'; Bytes = 24GB }
            @{ Text = '24 GiB'; Bytes = 24GB }
            @{ Text = '24576MiB'; Bytes = 24GB }
            @{ Text = '0.5 TB'; Bytes = 512GB }
        ) {
            (Test-ModelFit qwen3-8b -GpuMemory $Text).GpuMemoryBytes | Should -Be $Bytes
        }

        It 'reads 32k as 32768 tokens' {
            (Test-ModelFit qwen3-8b 3090 -ContextLength 32k).ContextLength | Should -Be 32768
        }

        It 'counts total cards, and takes an array of them as one machine' {
            (Test-ModelFit qwen3-8b 3090 -GpuCount 4).GpuCount | Should -Be 4
            (Test-ModelFit qwen3-8b '2x RTX 3090 + RTX 3060').GpuCount | Should -Be 3
            $two = Test-ModelFit qwen3-8b -Gpu 3090, 3060
            @($two).Count | Should -Be 1
            $two.GpuCount | Should -Be 2
        }

        It 'gives one answer an element, in the order of the contract' {
            $answers = Test-ModelFit qwen3-8b, qwen3-4b 3090 q4_k_m, q8_0 -ContextLength 4k, 8k -GpuCount 1, 2
            $answers.Count | Should -Be 16
            $asked = $answers | ForEach-Object { '{0} {1} {2}' -f $_.Quantization, $_.ContextLength, $_.GpuCount }
            $asked[0..4] -join ', ' |
                Should -Be 'Q4_K_M 4096 1, Q4_K_M 4096 2, Q4_K_M 8192 1, Q4_K_M 8192 2, Q8_0 4096 1'
            @($answers | Group-Object Model).Count | Should -Be 2
        }

        It 'takes a machine instead of cards' {
            $machine = [pscustomobject]@{ ComputerName = 'pc1'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } |
                ConvertTo-MachineSpec
            $answer = Test-ModelFit qwen3-8b -Machine $machine
            $answer.ComputerName | Should -Be 'pc1'
            $answer.GpuCount | Should -Be 2
            $answer.SystemMemoryBytes | Should -Be 64GB
        }

        It 'reads the rest of a machine beside its cards, and asks again with it' {
            $answer = Test-ModelFit llama-3.3-70b 'RTX 4090, Ryzen 9 7950X, 64 GB RAM'
            $answer.Gpu, $answer.Cpu | Should -Be 'NVIDIA GeForce RTX 4090', 'Ryzen 9 7950X'
            $answer.SystemMemoryBytes | Should -Be 64GB
            $again = $answer | ConvertTo-Csv | ConvertFrom-Csv | Test-ModelFit
            $again.DecodeTokensPerSecond | Should -Be $answer.DecodeTokensPerSecond
            $typed = Test-ModelFit llama-3.3-70b '4090', '64 GB RAM' -SystemMemory 32GB
            $typed.GpuCount, $typed.SystemMemoryBytes | Should -Be 1, 32GB
            (Test-ModelFit qwen3-8b 'no GPU, 32 GB RAM').GpuCount | Should -Be 0
        }

        It 'takes the system memory of a type of instance, unless another is typed' {
            # AWS: g5.xlarge has one A10G and 16 GiB, g5.4xlarge 64 GiB.
            (Test-ModelFit qwen3-8b g5.xlarge).SystemMemoryBytes | Should -Be 16GB
            (Test-ModelFit qwen3-8b g5.4xlarge -SystemMemory 8GB).SystemMemoryBytes | Should -Be 8GB
        }

        It 'is Offload where system memory takes the rest, and never says that it fits' {
            $answer = Test-ModelFit mixtral-8x22b 3090 q3_k_m -SystemMemory 64GB
            $answer.Verdict | Should -Be 'Offload'
            $answer.Fits | Should -BeFalse
        }

        It 'knows what it is about: enumerations are text, dates and sizes plain, the unknown is null' {
            $answer = Test-ModelFit qwen3-8b 3090
            $answer.Verdict | Should -BeOfType [string]
            $answer.Accuracy | Should -BeOfType [string]
            $answer.RequiredBytes | Should -BeOfType [long]
            $answer.SystemMemoryBytes | Should -BeNullOrEmpty
            $answer.ComputerName | Should -BeNullOrEmpty
            $answer.Reason | Should -Match '3090'
            $answer.GpuDescription | Should -Match '10496 CUDA cores'
        }
    }

    Context 'yes or no' {
        It 'is <Expected> for <Model> <Arguments>' -TestCases @(
            @{ Model = 'qwen3-8b'; Arguments = @{}; Expected = $true }
            @{ Model = 'mixtral-8x22b'; Arguments = @{}; Expected = $false }
            @{ Model = 'mixtral-8x22b'; Arguments = @{ SystemMemory = 128GB }; Expected = $false }
            @{ Model = 'mixtral-8x22b'; Arguments = @{ SystemMemory = 128GB; Accept = 'Offload' }; Expected = $true }
        ) {
            $answer = Test-ModelFit $Model 3090 @Arguments -Quiet
            $answer | Should -BeOfType [bool]
            $answer | Should -Be $Expected
        }

        It 'can be asked in an if' {
            $said = if (Test-ModelFit qwen3-8b 3060 -Quiet) { 'go' }
            $said | Should -Be 'go'
        }
    }

    Context 'advice' {
        It 'names commands that run and answer with yes' {
            $answer = Test-ModelFit mixtral-8x22b 3090 q3_k_m
            $commands = [regex]::Matches($answer.Advice, 'Test-ModelFit .*') | ForEach-Object Value
            $commands | Should -Not -BeNullOrEmpty
            foreach ($command in $commands) {
                (& ([scriptblock]::Create($command))).Verdict | Should -Not -Be 'NoFit' -Because $command
            }
        }

        It 'computes what fits: the longest context and the largest quantization' {
            $answer = Test-ModelFit qwen3-8b 3060
            Test-ModelFit qwen3-8b 3060 -ContextLength $answer.MaxContextLength -Quiet | Should -BeTrue
            Test-ModelFit qwen3-8b 3060 $answer.LargestQuantization -Quiet | Should -BeTrue
        }
    }

    Context 'errors' {
        It 'is <Id> for <Script>' -TestCases @(
            @{ Id = 'ModelNotFound'; Script = { Test-ModelFit no-such-model-xyz 3090 } }
            @{ Id = 'ModelNotFound'; Script = { Test-ModelFit 'llama-server -m qwen3-8b.gguf -c 9000' 3090 } }
            @{ Id = 'GpuNotFound'; Script = { Test-ModelFit qwen3-8b 'Voodoo 9' } }
            @{ Id = 'GpuAmbiguous'; Script = { Test-ModelFit qwen3-8b 'RTX 3080' } }
            @{ Id = 'GpuCountMismatch'; Script = { Test-ModelFit qwen3-8b '2x3090' -GpuCount 4 } }
            @{ Id = 'QuantizationNotFound'; Script = { Test-ModelFit qwen3-8b 3090 q9_z } }
            @{ Id = 'MissingColumn'; Script = { [pscustomobject]@{ Model = 'qwen3-8b' } | Test-ModelFit } }
            @{ Id = 'MissingColumn'; Script = { [pscustomobject]@{ Gpu = '3090' } | Test-ModelFit } }
            @{ Id = 'EmptyArgument'; Script = { Test-ModelFit qwen3-8b -Gpu $null } }
            @{ Id = 'EmptyArgument'; Script = { Test-ModelFit qwen3-8b -Gpu @() } }
            @{ Id = 'EmptyArgument'; Script = { Test-ModelFit -Gpu 3090 } }
            @{ Id = 'InvalidArgument'; Script = { Test-ModelFit qwen3-8b -Machine 'somewhere-else' } }
            @{ Id = 'ParameterArgumentTransformationError'; Script = { Test-ModelFit qwen3-8b -GpuMemory 24 } }
            @{ Id = 'ParameterArgumentTransformationError'; Script = { Test-ModelFit qwen3-8b -GpuMemory 24,5GB } }
            @{ Id = 'ParameterArgumentTransformationError'; Script = { Test-ModelFit qwen3-8b -GpuMemory '24,5GB' } }
            @{ Id = 'ParameterArgumentTransformationError'; Script = { Test-ModelFit qwen3-8b -ContextLength 0 } }
            @{ Id = 'ParameterArgumentTransformationError'; Script = { Test-ModelFit qwen3-8b -KeyCacheType q3_k } }
            @{ Id = 'NamedParameterNotFound'; Script = { Test-ModelFit qwen3-8b -NoSuchParameter 1 } }
            @{ Id = 'AmbiguousParameterSet'; Script = { Test-ModelFit qwen3-8b -Gpu 3090 -Machine . } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }

        It 'writes one error a bad element, keeps it in -ErrorVariable and goes on' {
            $answers = Test-ModelFit qwen3-8b, no-such-model-xyz, qwen3-4b 3090 -ErrorAction SilentlyContinue `
                -ErrorVariable failures
            $answers.Count | Should -Be 2
            $failures.Count | Should -Be 1
            $failures[0].FullyQualifiedErrorId | Should -BeLike 'ModelNotFound,*'
            $failures[0].CategoryInfo.Category | Should -Be 'ObjectNotFound'
            $failures[0].TargetObject | Should -Be 'no-such-model-xyz'
        }

        It 'stops with -ErrorAction Stop, and can be caught' {
            { Test-ModelFit no-such-model-xyz 3090 -ErrorAction Stop } |
                Should -Throw -ErrorId 'ModelNotFound,ModelFit.Cmdlets.TestModelFitCommand'
        }

        It 'names the nearest, or the command that lists all' {
            { Test-ModelFit qwen3-8c 3090 -ErrorAction Stop } | Should -Throw "*'qwen3-8b'*"
            { Test-ModelFit no-such-model-xyz 3090 -ErrorAction Stop } | Should -Throw '*Get-ModelSpec -ListAvailable*'
            { Test-ModelFit qwen3-8b 'Voodoo 9' -ErrorAction Stop } | Should -Throw '*Get-GpuSpec -ListAvailable*'
            { Test-ModelFit qwen3-8b 'RTX 3080' -ErrorAction Stop } | Should -Throw "*'NVIDIA GeForce RTX 3080 10GB'*"
        }

        It 'names the row that lacks a column' {
            $rows = 'Computer;Gpu', 'pc1;RTX 3090', 'pc2;' | ConvertFrom-Csv -Delimiter ';' |
                Select-Object @{ Name = 'ComputerName'; Expression = { $_.Computer } }, Gpu
            $answers = $rows | Test-ModelFit qwen3-8b -ErrorAction SilentlyContinue -ErrorVariable failures
            $answers.ComputerName | Should -Be 'pc1'
            "$failures" | Should -BeLike 'Row 2 (pc2): *'
            $failures[0].TargetObject | Should -Be $rows[1]
        }
    }

    Context 'what was assumed' {
        It 'says in the verbose stream what stood for what' {
            $said = Test-ModelFit mixtral-8x22b 3090 -Verbose 4>&1 |
                Where-Object { $_ -is [System.Management.Automation.VerboseRecord] }
            "$said" | Should -Match 'Mixtral-8x22B-v0\.1'
        }

        It 'says nothing without it' {
            @(Test-ModelFit mixtral-8x22b 3090 *>&1).Count | Should -Be 1
        }
    }
}
