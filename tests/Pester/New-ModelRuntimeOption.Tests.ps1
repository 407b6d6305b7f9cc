BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'New-ModelRuntimeOption' {
    It 'emits what was asked for, as plain values' {
        $option = New-ModelRuntimeOption -TensorSplit 3, 1 -SplitMode row -NoKvOffload -Backend Vulkan
        $option.TensorSplit | Should -Be '3,1'
        $option.SplitMode | Should -Be 'Row'
        $option.Backend | Should -Be 'Vulkan'
        $option.NoKvOffload | Should -BeTrue
        $option.MainGpu | Should -BeNullOrEmpty
    }

    It 'reads shares as text too' {
        (New-ModelRuntimeOption -TensorSplit '3,1').TensorSplit | Should -Be '3,1'
    }

    It 'changes the answer: the cache goes to system memory' {
        $here = Get-OffloadPlan qwen3-8b 3090 -SystemMemory 64GB
        $there = Get-OffloadPlan qwen3-8b 3090 -SystemMemory 64GB -RuntimeOption (New-ModelRuntimeOption -NoKvOffload)
        $here.Devices[0].KvCacheBytes | Should -BeGreaterThan 0
        $there.Devices[0].KvCacheBytes | Should -Be 0
        $there.Arguments | Should -Contain '-nkvo'
    }

    It 'can come back from a file' {
        $option = New-ModelRuntimeOption -NoKvOffload | Get-SerializedCopy
        $plan = Get-OffloadPlan qwen3-8b 3090 -SystemMemory 64GB -RuntimeOption $option
        $plan.Devices[0].KvCacheBytes | Should -Be 0
    }

    It 'refuses <Script>' -TestCases @(
        @{ Script = { New-ModelRuntimeOption -SplitMode sideways } }
        @{ Script = { New-ModelRuntimeOption -MainGpu -1 } }
        @{ Script = { New-ModelRuntimeOption -TensorSplit 'a,b' } }
    ) {
        Get-ErrorId $Script | Should -Be 'ParameterArgumentTransformationError'
    }
}
