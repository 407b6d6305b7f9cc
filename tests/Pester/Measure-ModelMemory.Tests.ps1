BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Measure-ModelMemory' {
    It 'takes model and quantization, and sums what it says' {
        $footprint = Measure-ModelMemory mixtral-8x22b -Quantization q3_k_m
        $footprint.PSTypeNames[0] | Should -Be 'ModelFit.MemoryFootprint'
        $footprint.Quantization | Should -Be 'Q3_K_M'
        $footprint.FileBytes / 1e9 | Should -BeGreaterThan 67.7
        $parts = $footprint.WeightBytes + $footprint.KvCacheBytes + $footprint.ComputeBytes +
            $footprint.OutputBytes + $footprint.OverheadBytes
        $footprint.TotalBytes | Should -Be $parts
    }

    It 'has the quantization at position 2, after the GPU that it has not' {
        (Measure-ModelMemory qwen3-8b q8_0).Quantization | Should -Be 'Q8_0'
    }

    It 'grows by the cache alone where the context does' {
        $short, $long = Measure-ModelMemory qwen3-8b -ContextLength 8k, 16k
        $long.KvCacheBytes | Should -Be (2 * $short.KvCacheBytes)
        $long.WeightBytes | Should -Be $short.WeightBytes
    }

    It 'counts a cache for each sequence' {
        $one = Measure-ModelMemory qwen3-8b -ContextLength 4k
        $four = Measure-ModelMemory qwen3-8b -ContextLength 4k -ParallelSequences 4
        $four.KvCacheBytes | Should -Be (4 * $one.KvCacheBytes)
    }

    It 'sets both caches with -KvCacheType, and the specific one wins' {
        $footprint = Measure-ModelMemory qwen3-8b -KvCacheType q8_0 -KeyCacheType f16
        $footprint.KeyCacheType | Should -Be 'F16'
        $footprint.ValueCacheType | Should -Be 'Q8_0'
    }

    It 'takes models from the pipeline, and sorts and groups' {
        $models = Get-ModelSpec qwen3-8b, qwen3-4b, qwen3-0.6b
        $sorted = $models | Measure-ModelMemory | Sort-Object TotalBytes
        $sorted[0].Model | Should -Be 'Qwen/Qwen3-0.6B'
        @($models | Measure-ModelMemory | Group-Object Quantization).Count | Should -Be 1
    }

    It 'can be fed by a launch line' {
        $footprint = Measure-ModelMemory qwen3-8b -CommandLine 'llama-server -c 8192 -np 4 -ctk q8_0'
        $footprint.ContextLength | Should -Be 2048
        $footprint.ParallelSequences | Should -Be 4
        $footprint.KeyCacheType | Should -Be 'Q8_0'
    }

    It 'is <Id> for <Script>' -TestCases @(
        @{ Id = 'ModelNotFound'; Script = { Measure-ModelMemory no-such-model-xyz } }
        @{ Id = 'QuantizationNotFound'; Script = { Measure-ModelMemory qwen3-8b q9_z } }
        @{ Id = 'EmptyArgument'; Script = { Measure-ModelMemory } }
        @{ Id = 'NamedParameterNotFound'; Script = { Measure-ModelMemory qwen3-8b -Gpu 3090 } }
    ) {
        Get-ErrorId $Script | Should -Be $Id
    }
}
