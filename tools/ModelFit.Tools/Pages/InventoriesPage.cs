using System;
using System.Linq;
using System.Text;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;

namespace ModelFit.Tools.Pages;

/// <summary>Writes <c>docs/guide/inventories.md</c> from the list of readers and the words of columns.</summary>
internal static class InventoriesPage
{
    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("docs", "guide", "inventories.md");

    /// <summary>The document, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var text = new StringBuilder();
        text.Append("# Inventories\n\n");
        text.Append("*Written by `tools/ModelFit.Tools` (`pages`); do not edit.*\n\n");
        text.Append("`ConvertTo-MachineSpec` makes machines of what you already have: the output of a tool, an export, ");
        text.Append("rows. Piped\nlines are one text until another file begins. What a text is, is told by what stands in it, never by the name of its file.\n\n");
        text.Append("```powershell\n");
        text.Append("Get-Content nvidia-smi.txt | ConvertTo-MachineSpec\n");
        text.Append("ConvertTo-MachineSpec -Path ./exports/*\n");
        text.Append("Import-Csv pcs.csv | ConvertTo-MachineSpec -Culture de-DE\n");
        text.Append("```\n\n");
        text.Append("A text of several outputs one below the other is read as the first kind that is found in it; ");
        text.Append("processor and\nmemory are added from `/proc`, `lscpu`, `free` and `dmidecode` beside it. ");
        text.Append("What tells of no hardware is an error.\n\n");
        text.Append("## Kinds of text\n\nThe most particular first.\n\n| kind | known by |\n|---|---|\n");
        foreach (var format in InventoryFormats.All)
            text.Append("| " + Cell(format.Name) + " | " + Cell(format.LooksFor) + " |\n");
        text.Append("\n## Columns\n\n");
        text.Append("Rows of CSV, JSON, tables and objects are read by what the words in the names of their columns ");
        text.Append("say together:\n`Video card memory (MB)` is the memory of a card, `Available RAM` free memory. Case, ");
        text.Append("blanks and punctuation do not\nmatter; a unit may stand last (`vram_mb`), and a `0` as ");
        text.Append("Configuration Manager writes it. A name with another word in it\nmeans nothing. Rows of one ");
        text.Append("computer are one machine; rows that are cards (`Model` names one) are the cards of theirs.\n\n");
        text.Append("| says | words |\n|---|---|\n");
        foreach (var (says, words) in ColumnWords.All.Where(entry => entry.Says != ColumnWord.Filler))
            text.Append("| " + says + " | " + string.Join(", ", words) + " |\n");
        text.Append("\n## Numbers\n\n");
        text.Append("Sizes are binary: 24GB is 24 GiB. Of a bare number of system memory the only likely unit is ");
        text.Append("taken: `16384` is MiB,\n`17179869184` bytes. A bare number of card memory under 512 is an error. ");
        text.Append("Windows tells at most 4 GiB of a card in\n`AdapterRAM`; beside a card of the catalog its real ");
        text.Append("memory is taken, with a warning, and that of another card is\nunknown.\n\n");
        text.Append("## Neural processing units\n\n");
        text.Append("NPUs are named in `Npu` and are no GPUs: they work in the system's memory, and llama.cpp, Ollama ");
        text.Append("and vLLM do not use\nthem. OpenVINO runs on Intel's, Ryzen AI on AMD's, QNN on Qualcomm's.\n");
        return text.ToString();
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);
}
