<#
    Every example of the pages and the README is run as it stands there, in a folder that has the files it names. What
    needs another program or machine is run against a stand-in; what needs the network is parsed only.
#>
BeforeDiscovery {
    $repository = Split-Path (Split-Path $PSScriptRoot)
    $pages = @(Get-ChildItem (Join-Path $repository 'docs') -Filter *.md -Recurse
        Get-Item (Join-Path $repository 'README.md'))
    # What needs the network, changes the catalog of the process or ends the shell is parsed only.
    $elsewhere = '-Uri|-HostName|(Import|Update)-ModelFitCatalog|\bexit \d|-CodeSigningCert'
    $examples = foreach ($page in $pages) {
        $text = [IO.File]::ReadAllText($page.FullName) -replace '\r'
        $number = 0
        foreach ($block in [regex]::Matches($text, '(?ms)^```powershell\n(.*?)^```')) {
            $number++
            $code = $block.Groups[1].Value.Trim()
            @{ Page = $page.Name; Number = $number; Code = $code; Remote = $code -match $elsewhere }
        }
    }
    $local = $examples | Where-Object { -not $_.Remote }
}

BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
    $folder = (New-Item -ItemType Directory (Join-Path $TestDrive 'examples')).FullName
    $models = (New-Item -ItemType Directory (Join-Path $folder 'models')).FullName
    New-SampleModel (Join-Path $models 'tiny.gguf')
    New-SampleModel (Join-Path $folder 'tiny.gguf')
    $inventories = @{
        $true  = 'Name,Graphics card,RAM', 'pc1,NVIDIA GeForce RTX 3090,64', 'pc2,NVIDIA GeForce RTX 3060,16'
        $false = 'ComputerName,Gpu,SystemMemory', 'pc1,RTX 3090,64GB', 'pc2,RTX 3060 12GB,16GB'
    }
    Set-Content (Join-Path $folder 'policy.json') -Value @(
        '{ "$schema": "modelfit-policy-1", "rules": [ { "name": "lab PCs run the tutor",'
        '  "machines": { "ComputerName": "*" }, "require": { "model": "qwen3-8b" } } ] }')
    $machines = ConvertFrom-Csv $inventories[$false] | ConvertTo-MachineSpec
    foreach ($night in 'monday', 'tuesday', 'last') {
        $null = $machines | Invoke-ModelFitAudit qwen3-8b -OutputPath (Join-Path $folder "$night.jsonl")
    }
    $machines | ConvertTo-Json -Depth 4 | Set-Content (Join-Path $folder 'machines.json')
    Set-Content (Join-Path $folder 'hosts.txt') -Value @()
    $smi = 'name, memory.total [MiB]', 'NVIDIA GeForce RTX 3090, 24576 MiB'
    Set-Content (Join-Path $folder 'nvidia-smi.txt') -Value $smi
    $exports = (New-Item -ItemType Directory (Join-Path $folder 'exports')).FullName
    Set-Content (Join-Path $exports 'one.csv') -Value $inventories[$false]
    foreach ($file in 'machines', 'lab') { Set-Content (Join-Path $folder "$file.csv") -Value $inventories[$false] }
    Set-Content (Join-Path $folder 'nodes.csv') -Value @(
        'ComputerName,Gpu,SystemMemory,Rack', 'n1,2x A100 80GB,512GB,a', 'n2,2x A100 80GB,512GB,b')
    function llama-bench {
        '[{"model_filename":"/m/Qwen3-8B-Q4_K_M.gguf","gpu_info":"NVIDIA GeForce RTX 3090","backends":"CUDA",' +
        '"n_prompt":0,"n_gen":128,"n_depth":0,"n_ubatch":512,"flash_attn":true,"avg_ts":110.5}]'
    }
    llama-bench | Set-Content (Join-Path $folder 'bench1.json')
    Set-Content (Join-Path $folder 'server.log') -Value (
        'prompt eval time = 128.0 ms / 512 tokens (0.25 ms per token, 4000.0 tokens per second)',
        '       eval time = 900.0 ms / 100 tokens (9.00 ms per token, 111.1 tokens per second)')
    Get-MachineSpec -WarningAction Ignore | Export-Clixml (Join-Path $folder 'machine.xml')

    # Other programs and machines are not asked: these stand in for them, and other programs print nothing.
    function nvidia-smi { 'name, memory.total [MiB], memory.used [MiB]', 'NVIDIA GeForce RTX 3090, 24576 MiB, 3 MiB' }
    function Invoke-Command {
        param([string[]] $ComputerName, [scriptblock] $ScriptBlock)

        foreach ($name in $ComputerName) {
            & $ScriptBlock | Get-SerializedCopy | Add-Member PSComputerName $name -PassThru -Force
        }
    }

    function Get-ProgramName {
        param([string] $Code)

        $ast = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $null)
        $isCommand = { $args[0] -is [System.Management.Automation.Language.CommandAst] }
        $ast.FindAll($isCommand, $true) | ForEach-Object { $_.GetCommandName() } | Where-Object {
            $_ -and -not (Get-Command $_ -CommandType Cmdlet, Function, Alias -ErrorAction Ignore)
        }
    }
}

Describe 'Examples' {
    It 'parses <Page> <Number>' -TestCases $examples {
        $failures = $null
        $null = [System.Management.Automation.Language.Parser]::ParseInput($Code, [ref] $null, [ref] $failures)
        $failures | Should -BeNullOrEmpty
    }

    It 'runs <Page> <Number>' -TestCases $local {
        Set-Content (Join-Path $folder 'pcs.csv') -Value $inventories[$Code -match 'Graphics card']
        # A whole catalog ranked for every machine takes seconds; that it runs is asked of one model alone.
        $PSDefaultParameterValues = @{ 'Find-ModelFit:Model' = 'qwen3-8b' }
        foreach ($program in Get-ProgramName $Code) { Set-Item "function:$program" { } }
        Push-Location $folder
        try {
            # The tilde and the manifest of the running version are the only things that depend on where it runs.
            $local = $Code -replace '/var/lib/node_exporter/', './'
            $here = $local -replace '~/models', './models' -replace '\./out/ModelFit/[^/]+/ModelFit\.psd1', $manifest
            $answers = @(& ([scriptblock]::Create($here)) 2>&1 3>$null)
            $answers | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } | Should -BeNullOrEmpty
        }
        finally {
            Pop-Location
        }
    }
}
