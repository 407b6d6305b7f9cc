using static ModelFit.Tool.Completion.CompletionScripts;

namespace ModelFit.Tool.Completion;

/// <summary>Completion of the tool in PowerShell, for who has not the module.</summary>
internal static class PowerShellScript
{
    private const string Body = """
        Register-ArgumentCompleter -Native -CommandName modelfit -ScriptBlock {
            param($word, $ast, $cursor)
            $cmdlet = $name = $null
            $position = 0
            $before = $ast.CommandElements | Select-Object -Skip 1 |
                Where-Object { $_.Extent.EndOffset -lt $cursor } | ForEach-Object { $_.Extent.Text.Trim("'", '"') }
            foreach ($seen in $before) {
                if (-not $cmdlet) { if ($seen -match '^\w+-\w') { $cmdlet = $ModelFitCmdlets[$seen] } }
                elseif ($seen -match '^-[a-z]') { $name = if ($seen -notin $cmdlet.Switches) { $seen } }
                elseif ($name) { $name = $null }
                else { $position++ }
            }
            $candidates = if (-not $cmdlet) { $ModelFitCmdlets.Keys | Sort-Object }
                elseif ($word -like '-*') { $cmdlet.Parameters }
                elseif ($name) { $ModelFitValues[$name] }
                else { $ModelFitValues[[string] $cmdlet.Positions[$position]] }
            $typed = [regex]::Escape($word.Trim("'", '"'))
            foreach ($text in $candidates -match "(^|[ /-])$typed") {
                $quoted = if ($text -match '^[\w./:-]+$') { $text } else { "'" + $text.Replace("'", "''") + "'" }
                [System.Management.Automation.CompletionResult]::new($quoted, $text, 'ParameterValue', $text)
            }
        }

        """;

    /// <summary>The script.</summary>
    public static string Of(CompletionTable table) =>
        "# Completion of modelfit: modelfit completion powershell | Out-String | Invoke-Expression\n"
        + "$ModelFitCmdlets = @{\n"
        + Lines(table.Cmdlets, cmdlet => $"    '{cmdlet.Name}' = @{{ Parameters = {Array(cmdlet.Parameters)}"
            + $"; Switches = {Array(cmdlet.Switches)}; Positions = {Array(cmdlet.Positions)} }}")
        + "}\n$ModelFitValues = @{\n"
        + Lines(table.Values, entry => $"    '{entry.Key}' = {Array(entry.Value)}")
        + "}\n" + Body;

    private static string Array(IEnumerable<string> words) =>
        $"@({string.Join(", ", words.Select(word => "'" + word.Replace("'", "''") + "'"))})";
}
