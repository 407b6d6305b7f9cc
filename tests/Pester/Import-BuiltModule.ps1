# Dot-sourced by every file: imports the newest module of out/ and defines what the files share.
$repository = Split-Path (Split-Path $PSScriptRoot)
$built = Get-ChildItem -Path (Join-Path $repository 'out/ModelFit') -Filter ModelFit.psd1 -Recurse -ErrorAction Ignore |
    Sort-Object { [version] $_.Directory.Name } | Select-Object -Last 1
if ($null -eq $built) {
    throw "The module is not built: run 'dotnet build -c Release' in $repository first."
}

$manifest = $built.FullName
Import-Module $manifest -Force

function Get-ErrorId {
    <# The ids of the errors that a script makes, without the names of the commands; what it emits is dropped. #>
    param([scriptblock] $Script)

    $ErrorActionPreference = 'Continue'
    try {
        & $Script 2>&1 | Where-Object { $_ -is [System.Management.Automation.ErrorRecord] } |
            ForEach-Object { ($_.FullyQualifiedErrorId -split ',')[0] }
    }
    catch {
        ($_.FullyQualifiedErrorId -split ',')[0]
    }
}

function Get-View {
    <# The lines that objects show as, without colours, blank lines and blanks at their ends. #>
    param([Parameter(ValueFromPipeline)] $InputObject, [int] $Width = 80)

    $text = $input | Out-String -Width $Width
    @($text -replace '\x1b\[[0-9;]*m' -split '\r?\n' -replace '\s+$' | Where-Object { $_ })
}

function New-SampleModel {
    <# Writes a GGUF file of a llama with two layers, 64 wide, 100 tokens, F16; its weights are zeros. #>
    param([string] $Path)

    $u32 = 4; $text = 8; $list = 9
    $keys = @(
        , @('general.architecture', $text, 'llama')
        , @('general.name', $text, 'Tiny Llama')
        , @('general.file_type', $u32, 1)
        , @('llama.block_count', $u32, 2)
        , @('llama.context_length', $u32, 2048)
        , @('llama.embedding_length', $u32, 64)
        , @('llama.feed_forward_length', $u32, 128)
        , @('llama.attention.head_count', $u32, 4)
        , @('llama.attention.head_count_kv', $u32, 2)
        , @('tokenizer.ggml.model', $text, 'gpt2')
        , @('tokenizer.ggml.tokens', $list, (1..100))
    )
    $f32 = 0; $f16 = 1
    $tensors = @(
        , @('token_embd.weight', $f16, 64, 100)
        foreach ($layer in 0, 1) {
            , @("blk.$layer.attn_norm.weight", $f32, 64)
            , @("blk.$layer.attn_q.weight", $f16, 64, 64)
            , @("blk.$layer.attn_k.weight", $f16, 64, 32)
            , @("blk.$layer.attn_v.weight", $f16, 64, 32)
            , @("blk.$layer.attn_output.weight", $f16, 64, 64)
            , @("blk.$layer.ffn_norm.weight", $f32, 64)
            , @("blk.$layer.ffn_gate.weight", $f16, 64, 128)
            , @("blk.$layer.ffn_up.weight", $f16, 64, 128)
            , @("blk.$layer.ffn_down.weight", $f16, 128, 64)
        }
        , @('output_norm.weight', $f32, 64)
        , @('output.weight', $f16, 64, 100)
    )
    $writer = New-Object IO.BinaryWriter ([IO.File]::Create($Path))
    try {
        $string = {
            param($value)
            $bytes = [Text.Encoding]::UTF8.GetBytes($value)
            $writer.Write([uint64] $bytes.Length)
            $writer.Write($bytes)
        }
        $writer.Write([Text.Encoding]::ASCII.GetBytes('GGUF'))
        $writer.Write([uint32] 3)
        $writer.Write([uint64] $tensors.Count)
        $writer.Write([uint64] $keys.Count)
        foreach ($pair in $keys) {
            & $string $pair[0]
            $writer.Write([uint32] $pair[1])
            switch ($pair[1]) {
                $u32 { $writer.Write([uint32] $pair[2]) }
                $text { & $string $pair[2] }
                $list {
                    $writer.Write([uint32] $text)
                    $writer.Write([uint64] $pair[2].Count)
                    foreach ($token in $pair[2]) { & $string "token$token" }
                }
            }
        }
        $offset = 0
        foreach ($tensor in $tensors) {
            & $string $tensor[0]
            $shape = $tensor[2..($tensor.Count - 1)]
            $writer.Write([uint32] $shape.Count)
            $bytes = if ($tensor[1] -eq $f16) { 2 } else { 4 }
            foreach ($length in $shape) {
                $writer.Write([uint64] $length)
                $bytes *= $length
            }
            $writer.Write([uint32] $tensor[1])
            $writer.Write([uint64] $offset)
            $offset += [math]::Ceiling($bytes / 32) * 32
        }
        $header = [math]::Ceiling($writer.BaseStream.Position / 32) * 32
        $writer.BaseStream.SetLength($header + $offset)
    }
    finally {
        $writer.Dispose()
    }
}

function Get-SerializedCopy {
    <# An object as it comes back from Invoke-Command, a job or Import-Clixml. #>
    param([Parameter(ValueFromPipeline)] $InputObject)

    process {
        $text = [System.Management.Automation.PSSerializer]::Serialize($InputObject)
        [System.Management.Automation.PSSerializer]::Deserialize($text)
    }
}
