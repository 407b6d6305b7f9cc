@{
    RootModule             = 'bin/ModelFit.dll'
    ModuleVersion          = '0.1.0'
    GUID                   = 'c0b6f6c4-3f0e-4c52-9a0f-7a4f6f0f5e21'
    Author                 = 'The ModelFit contributors'
    CompanyName            = 'ModelFit'
    Copyright              = '(c) The ModelFit contributors. MIT license.'
    Description            = 'Tells whether a language model fits a GPU, a machine or a fleet, how to run it and how fast it will be, before anything is downloaded or bought.'
    CompatiblePSEditions   = @('Desktop', 'Core')
    PowerShellVersion      = '5.1'
    DotNetFrameworkVersion = '4.7.2'
    TypesToProcess         = @('bin/ModelFit.Types.ps1xml')
    FormatsToProcess       = @('bin/ModelFit.Format.ps1xml')
    CmdletsToExport        = @(
        'Compare-ModelFitAudit'
        'ConvertTo-MachineSpec'
        'ConvertTo-ModelFitReport'
        'Export-ModelFitReport'
        'Find-ModelFit'
        'Get-GpuSpec'
        'Get-MachineSpec'
        'Get-ModelCapacityPlan'
        'Get-ModelFitCatalog'
        'Get-ModelFleetPlan'
        'Get-ModelSpec'
        'Get-ModelUpgradePlan'
        'Get-OffloadPlan'
        'Get-QuantizationSpec'
        'Import-ModelFitCatalog'
        'Invoke-ModelFitAudit'
        'Measure-ModelMemory'
        'Measure-ModelSpeed'
        'New-ModelRuntimeOption'
        'New-ModelSpeedCalibration'
        'Test-ModelFit'
        'Update-ModelFitCatalog'
    )
    FunctionsToExport      = @()
    VariablesToExport      = @()
    AliasesToExport        = @()
    PrivateData            = @{
        PSData = @{
            Tags         = @('LLM', 'GPU', 'VRAM', 'GGUF', 'llama.cpp', 'Inventory', 'Windows', 'Linux', 'MacOS', 'PSEdition_Desktop', 'PSEdition_Core')
            LicenseUri   = 'https://opensource.org/license/mit'
            ProjectUri   = 'https://github.com/modelfit/modelfit'
            ReleaseNotes = 'See CHANGELOG.md.'
        }
    }
}
