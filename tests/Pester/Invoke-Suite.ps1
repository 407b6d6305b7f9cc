<#
.SYNOPSIS
    Runs the Pester files beside it against the newest module of out/; the exit code is the number of failures.
.DESCRIPTION
    The newest Pester is used, or the version that the environment variable MODELFIT_PESTER names.
#>
$ErrorActionPreference = 'Stop'
$version = if ($env:MODELFIT_PESTER) { @{ RequiredVersion = $env:MODELFIT_PESTER } } else { @{ MinimumVersion = '5.0' } }
Import-Module Pester @version
$pester = New-PesterConfiguration
$pester.Run.Path = $PSScriptRoot
$pester.Run.Exit = $true
$pester.Output.Verbosity = 'Normal'
Invoke-Pester -Configuration $pester
