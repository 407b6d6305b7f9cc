BeforeDiscovery {
    $hasParallel = $PSVersionTable.PSVersion.Major -ge 7
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

AfterAll {
    Import-Module $manifest -Force
}

Describe 'The module' {
    It 'exports the cmdlets of its manifest and nothing else' {
        $module = Get-Module ModelFit
        $named = (Import-PowerShellDataFile $manifest).CmdletsToExport
        $module.ExportedCmdlets.Keys | Sort-Object | Should -Be ($named | Sort-Object)
        $module.ExportedFunctions.Keys | Should -BeNullOrEmpty
        $module.ExportedVariables.Keys | Should -BeNullOrEmpty
        $module.ExportedAliases.Keys | Should -BeNullOrEmpty
    }

    It 'has a valid manifest for both editions' {
        $tested = Test-ModuleManifest $manifest
        $tested.CompatiblePSEditions | Should -Be 'Desktop', 'Core'
        "$($tested.PowerShellVersion)" | Should -Be '5.1'
    }

    It 'has files that Windows PowerShell reads: ASCII, or UTF-8 with a mark' {
        $folder = Split-Path $manifest
        $texts = Get-ChildItem $folder -Recurse -File | Where-Object Extension -In '.psd1', '.ps1xml', '.xml', '.txt'
        $texts.Count | Should -BeGreaterThan 4
        foreach ($text in $texts) {
            $bytes = [IO.File]::ReadAllBytes($text.FullName)
            $isMarked = $bytes[0] -eq 0xEF -and $bytes[1] -eq 0xBB -and $bytes[2] -eq 0xBF
            $isXml = [Text.Encoding]::ASCII.GetString($bytes[0..99]) -match '<\?xml [^>]*encoding="utf-8"'
            ($isMarked -or $isXml -or -not ($bytes -gt 127)) | Should -BeTrue -Because $text.Name
        }
    }

    It 'leaves and comes back' {
        $before = (Test-ModelFit qwen3-8b 3090).Reason
        Remove-Module ModelFit
        Get-Command Test-ModelFit -Module ModelFit -ErrorAction Ignore | Should -BeNullOrEmpty
        Import-Module $manifest
        (Test-ModelFit qwen3-8b 3090).Reason | Should -Be $before
        (Get-GpuSpec 3090).Gpu | Should -Be 'NVIDIA GeForce RTX 3090'
    }

    It 'writes nothing when it is imported' {
        Remove-Module ModelFit
        $said = Import-Module $manifest -Verbose:$false *>&1
        $said | Should -BeNullOrEmpty
    }

    It 'answers in strict mode, with errors that stop' {
        Set-StrictMode -Version Latest
        $ErrorActionPreference = 'Stop'
        $answer = [pscustomobject]@{ Gpu = 'RTX 3090' } | Test-ModelFit qwen3-8b
        $answer.Fits | Should -BeTrue
        ($answer | Out-String) | Should -Match 'Verdict'
        { Test-ModelFit no-such-model-xyz 3090 } | Should -Throw -ErrorId 'ModelNotFound,*'
    }

    It 'reads and answers the same in the culture <Culture>' -TestCases @(
        @{ Culture = 'de-DE' }, @{ Culture = 'fr-FR' }, @{ Culture = 'tr-TR' }, @{ Culture = 'ar-SA' }
    ) {
        $expected = Test-ModelFit mixtral-8x22b 3090 iq3_xxs -SystemMemory '64.5 GB'
        $before = [cultureinfo]::CurrentCulture
        try {
            [cultureinfo]::CurrentCulture = $Culture
            $answer = Test-ModelFit MIXTRAL-8X22B 3090 IQ3_XXS -SystemMemory '64.5 GB'
            $answer.Reason | Should -Be $expected.Reason
            $answer.SystemMemoryBytes | Should -Be (64.5 * 1GB)
            $answer.Advice | Should -Be $expected.Advice
        }
        finally {
            [cultureinfo]::CurrentCulture = $before
        }
    }

    It 'answers in a job, and what comes back is a question' {
        $answer = Start-Job -ScriptBlock {
            param($path)
            Import-Module $path
            Test-ModelFit qwen3-8b 3090
        } -ArgumentList $manifest | Receive-Job -Wait -AutoRemoveJob
        $answer.PSTypeNames[0] | Should -Be 'Deserialized.ModelFit.ModelFitResult'
        $answer.Advice | Should -Not -BeNullOrEmpty
        ($answer | Test-ModelFit).Reason | Should -Be $answer.Reason
        ($answer | Out-String) | Should -Match 'KV cache'
    }

    It 'is shared by runspaces that ask at once' -Skip:(-not $hasParallel) {
        $path = $manifest
        $reasons = 1..16 | ForEach-Object -ThrottleLimit 4 -Parallel {
            Import-Module $using:path
            (Test-ModelFit qwen3-8b, mixtral-8x22b 3090 -SystemMemory 64GB).Reason -join '|'
        }
        $reasons.Count | Should -Be 16
        @($reasons | Sort-Object -Unique).Count | Should -Be 1
    }
}

Describe 'Completion' {
    It 'completes <Line>' -TestCases @(
        @{ Line = 'Test-ModelFit -Model qwen3-8'; Expected = 'Qwen/Qwen3-8B' }
        @{ Line = "Test-ModelFit qwen3-8b 'RTX 3090";  Expected = "'RTX 3090'" }
        @{ Line = 'Test-ModelFit qwen3-8b 3090 q4_k_m'; Expected = 'Q4_K_M' }
        @{ Line = 'Test-ModelFit qwen3-8b -KeyCacheType q8'; Expected = 'Q8_0' }
        @{ Line = 'Test-ModelFit qwen3-8b -Runtime v'; Expected = 'Vllm' }
        @{ Line = 'Test-ModelFit qwen3-8b -Accept o'; Expected = 'Offload' }
        @{ Line = 'Test-ModelFit qwen3-8b -GpuM'; Expected = '-GpuMemory' }
        @{ Line = 'Get-GpuSpec -Vendor nv'; Expected = 'NVIDIA' }
        @{ Line = 'Get-GpuSpec -Segment data'; Expected = 'DataCenter' }
        @{ Line = 'Get-ModelSpec -Family qwen3'; Expected = 'Qwen3' }
        @{ Line = 'Get-ModelSpec -Store oll'; Expected = 'Ollama' }
        @{ Line = 'Get-OffloadPlan qwen3-8b -Objective q'; Expected = 'Quality' }
        @{ Line = 'Get-QuantizationSpec iq4'; Expected = 'IQ4_NL' }
        @{ Line = 'New-ModelRuntimeOption -SplitMode r'; Expected = 'Row' }
        @{ Line = '$answer = Test-ModelFit qwen3-8b 3090; $answer.Max'; Expected = 'MaxContextLength' }
        @{ Line = 'Find-ModelFit -Gpu 3090 | Where-Object Deco'; Expected = 'DecodeTokensPerSecond' }
    ) {
        $completion = TabExpansion2 -inputScript $Line -cursorColumn $Line.Length
        $completion.CompletionMatches.CompletionText | Should -Contain $Expected
    }

    It 'completes a model by the path of its file' {
        Push-Location (New-Item -ItemType Directory (Join-Path $TestDrive 'completed')).FullName
        try {
            Set-Content 'one.gguf', 'two.txt' -Value ''
            $line = 'Test-ModelFit -Model ./o'
            $found = (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText
            $found | Should -Match 'one\.gguf$'
        }
        finally {
            Pop-Location
        }
    }
}
