BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Export-ModelFitReport' {
    BeforeAll {
        $answer = Test-ModelFit qwen3-8b 3090
    }

    It 'replaces a file whole, or keeps it' {
        $path = Join-Path $TestDrive 'report [1].html'
        ($answer | Export-ModelFitReport Html $path -PassThru).FullName | Should -Be $path
        [IO.File]::ReadAllText($path) | Should -Match '^<!DOCTYPE html>'
        $answer | Export-ModelFitReport Markdown $path -NoClobber -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FileUnwritable,*'
        [IO.File]::ReadAllText($path) | Should -Match '^<!DOCTYPE html>'
        $answer | Export-ModelFitReport Markdown $path -WhatIf
        $answer | Export-ModelFitReport Markdown $path
        [IO.File]::ReadAllText($path) | Should -Match '^# Qwen'
    }

    It 'says where it cannot write' {
        $answer | Export-ModelFitReport Html (Join-Path $TestDrive 'no/such/folder.html') -ErrorVariable failed -ErrorAction SilentlyContinue
        $failed[0].FullyQualifiedErrorId | Should -BeLike 'FileUnwritable,*'
    }
}
