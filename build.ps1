<#
.SYNOPSIS
    Builds, tests and packs ModelFit.
.DESCRIPTION
    Build   compiles and lays out the module in out/ModelFit/<version>/.
    Test    builds, then runs the xUnit tests.
    Package builds, then writes all packages into out/packages/.
    Pester  builds, then runs tests/Pester in this PowerShell (Pester 5 or later must be installed).
.EXAMPLE
    ./build.ps1 -Task Pester
#>
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Package', 'Pester')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)

$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args failed with exit code $LASTEXITCODE" }
}

Push-Location $PSScriptRoot
try {
    if ($Task -eq 'Test') {
        Invoke-DotNet test -c $Configuration
        return
    }

    Invoke-DotNet build -c $Configuration
    switch ($Task) {
        'Package' {
            Invoke-DotNet run -c $Configuration --no-build --project tools/ModelFit.Tools -- package
        }
        'Pester' {
            & tests/Pester/Invoke-Suite.ps1
            if ($LASTEXITCODE -ne 0) { throw "$LASTEXITCODE Pester tests failed" }
        }
    }
}
finally {
    Pop-Location
}
