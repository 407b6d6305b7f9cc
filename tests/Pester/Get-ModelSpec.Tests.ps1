BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $file = Join-Path (Get-Item TestDrive:).FullName 'a model [1].gguf'
    New-SampleModel $file
}

Describe 'Get-ModelSpec' {
    Context 'the catalog' {
        It 'knows a model by <Name>' -TestCases @(
            @{ Name = 'mixtral-8x22b' }
            @{ Name = 'mistralai/Mixtral-8x22B-v0.1' }
            @{ Name = 'mixtral:8x22b' }
        ) {
            $model = Get-ModelSpec $Name
            $model.Name | Should -Be 'mistralai/Mixtral-8x22B-v0.1'
            $model.Model | Should -Be $model.Name
            $model.ExpertCount | Should -Be 8
            $model.ExpertUsedCount | Should -Be 2
            $model.ParameterCount | Should -BeGreaterThan 140e9
            $model.ActiveParameterCount | Should -BeLessThan 40e9
            $model.FileBytes | Should -BeNullOrEmpty
        }

        It 'lists at least 300 models and filters by family' {
            @(Get-ModelSpec -ListAvailable).Count | Should -BeGreaterOrEqual 300
            Get-ModelSpec -Family Qwen3 | ForEach-Object Family | Sort-Object -Unique | Should -Be 'Qwen3'
        }
    }

    Context 'files' {
        It 'reads a header, by a literal path with brackets' {
            $model = Get-ModelSpec -LiteralPath $file
            $model.Architecture | Should -Be 'llama'
            $model.LayerCount | Should -Be 2
            $model.Quantization | Should -Be 'F16'
            $model.Name | Should -Be 'Tiny Llama'
            $model.ParameterCount | Should -Be (2 * 64 * 100 + 64 + 2 * (64 * (64 + 32 + 32 + 64 + 3 * 128) + 2 * 64))
            $model.FileBytes | Should -Be (Get-Item -LiteralPath $file).Length
            $model.ModelPath | Should -Be $file
        }

        It 'takes files of Get-ChildItem, by path and by wildcard' {
            (Get-ChildItem TestDrive:\ -Filter *.gguf | Get-ModelSpec).LayerCount | Should -Be 2
            (Get-ModelSpec -Path (Join-Path (Split-Path $file) '*.gguf')).LayerCount | Should -Be 2
            (Get-Item -LiteralPath $file | Test-ModelFit -Gpu 3090).ModelPath | Should -Be $file
        }

        It 'reads a path relative to the current location' {
            Push-Location (Split-Path $file)
            try { (Get-ModelSpec -Path '*.gguf').ModelPath | Should -Be $file }
            finally { Pop-Location }
        }

        It 'reads what is in a folder of one''s own' {
            $installed = Get-ModelSpec -StorePath (Split-Path $file)
            $installed.ModelPath | Should -Be $file
        }

        It 'puts -m before the path into the launch line' {
            $plan = Get-Item -LiteralPath $file | Get-OffloadPlan -Gpu 3090
            $plan.Arguments[0..1] | Should -Be '-m', $file
        }
    }

    Context 'errors' {
        BeforeAll {
            $damaged = Join-Path (Split-Path $file) 'damaged.bin'
            [IO.File]::WriteAllBytes($damaged, [IO.File]::ReadAllBytes($file)[0..2000])
            $other = Join-Path (Split-Path $file) 'other.bin'
            Set-Content -LiteralPath $other -Value 'not a model'
        }

        It 'is InvalidModelFile for a damaged file and one of another kind, and names the file and the place' {
            foreach ($path in $damaged, $other) {
                Get-ErrorId { Get-ModelSpec -LiteralPath $path } | Should -Be 'InvalidModelFile'
                Get-ErrorId { Test-ModelFit $path 3090 } | Should -Be 'InvalidModelFile'
                Get-ModelSpec -LiteralPath $path -ErrorAction SilentlyContinue -ErrorVariable failures
                $failures[0].CategoryInfo.Category | Should -Be 'InvalidData'
                "$failures" | Should -Match ([regex]::Escape($path) + ' at byte \d+: expected ')
            }
        }

        It 'is one error among files that are read' {
            $models = Get-ModelSpec -Path (Join-Path (Split-Path $file) '*') -ErrorAction SilentlyContinue `
                -ErrorVariable failures
            @($models).Count | Should -Be 1
            $failures.Count | Should -Be 2
        }

        It 'is <Id> for <Script>' -TestCases @(
            @{ Id = 'ModelNotFound'; Script = { Get-ModelSpec no-such-model-xyz } }
            @{ Id = 'FileUnreadable'; Script = { Get-ModelSpec -LiteralPath (Join-Path $TestDrive 'none.gguf') } }
        ) {
            Get-ErrorId $Script | Should -Be $Id
        }
    }
}
