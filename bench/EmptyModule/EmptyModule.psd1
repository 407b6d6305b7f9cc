@{
    RootModule = 'EmptyModule.dll'
    ModuleVersion = '1.0.0'
    GUID = '5b6f0c52-8f0e-4d58-9d53-6c1e0f3a7d11'
    PowerShellVersion = '5.1'
    CmdletsToExport = @('Invoke-PassThru', 'Invoke-BoundPassThru')
    FunctionsToExport = @()
    AliasesToExport = @()
    VariablesToExport = @()
}
