BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Update-ModelFitCatalog' {
    It 'asks nobody with -WhatIf' {
        Update-ModelFitCatalog unsloth/Qwen3.6-27B-GGUF -Endpoint http://127.0.0.1:9 -WhatIf | Should -BeNullOrEmpty
    }

    It 'is an error for what is no repository, and for a model that is not in the catalog' {
        { Update-ModelFitCatalog nothing -Endpoint http://127.0.0.1:9 -ErrorAction Stop } |
            Should -Throw -ErrorId 'InvalidArgument*'
        { Update-ModelFitCatalog nobody/NoSuchModel-GGUF -Endpoint http://127.0.0.1:9 -ErrorAction Stop } |
            Should -Throw -ErrorId 'ModelNotFound*'
    }

    It 'is an error for an address that is none, before anything is written' {
        $path = Join-Path $TestDrive 'files.json'
        { Update-ModelFitCatalog unsloth/Qwen3.6-27B-GGUF -Endpoint ftp://x -Path $path -ErrorAction Stop } |
            Should -Throw -ErrorId 'RemoteFailed*'
        Test-Path $path | Should -BeFalse
    }
}
