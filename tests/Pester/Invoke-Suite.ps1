<#
.SYNOPSIS
    Runs the Pester files beside it against the newest module of out/; the exit code is the number of failures.
#>
$ErrorActionPreference = 'Stop'
Import-Module Pester -MinimumVersion 5.0
$pester = New-PesterConfiguration
$pester.Run.Path = $PSScriptRoot
$pester.Run.Exit = $true
$pester.Output.Verbosity = 'Normal'
Invoke-Pester -Configuration $pester
