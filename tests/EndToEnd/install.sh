#!/usr/bin/env bash
# Installs ModelFit from its packages alone into a clean folder, with what a user has, and asks it the main questions:
#   tests/EndToEnd/install.sh FOLDER-WITH-PACKAGES FOLDER-OF-PESTER
# PowerShell comes as a dotnet tool and the module by Install-PSResource, both below a home that is new.
set -euo pipefail
packages=$(cd "$1" && pwd) pester=$(cd "$2" && pwd)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
clean=$(mktemp -d)
trap 'rm -rf "$clean"' EXIT

export NUGET_PACKAGES=${NUGET_PACKAGES:-$HOME/.nuget/packages} POWERSHELL_TELEMETRY_OPTOUT=1
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1 DOTNET_SKIP_FIRST_TIME_EXPERIENCE=1
version=$(basename "$packages"/ModelFit.[0-9]*.nupkg .nupkg)
version=${version#ModelFit.}
dotnet tool install PowerShell --version 7.6.9 --tool-path "$clean/tools" > /dev/null
dotnet tool install ModelFit.Tool --version "$version" --source "$packages" --tool-path "$clean/tools" > /dev/null
# Of the tool's packages, the one that is compiled for this platform.
compgen -G "$clean/tools/.store/modelfit.tool/*/modelfit.tool.*-*" > /dev/null

export HOME=$clean/home XDG_DATA_HOME= XDG_CONFIG_HOME= XDG_CACHE_HOME= PSModulePath=
export MODELFIT_PACKAGES=$packages MODELFIT_PESTER_FOLDER=$pester PATH=$clean/tools:$PATH
export MODELFIT_INSTALLED_TESTS=$here/Installed.Tests.ps1
mkdir -p "$HOME" "$clean/work"
cd "$clean/work"
pwsh -NoProfile -NonInteractive -Command '
    Import-Module $env:MODELFIT_PESTER_FOLDER/Pester.psd1
    $pester = New-PesterConfiguration
    $pester.Run.Path = $env:MODELFIT_INSTALLED_TESTS
    $pester.Run.Exit = $true
    Invoke-Pester -Configuration $pester'
