using System.Text;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;

namespace ModelFit.Tools.Pages;

/// <summary>Writes <c>docs/guide/inventories.md</c> from the list of readers and the words of columns.</summary>
internal static class InventoriesPage
{
    private const string Opening = """
        # Inventories

        *Written by `tools/ModelFit.Tools` (`pages`); do not edit.*

        `ConvertTo-MachineSpec` converts inventories and the output of tools to machines. Piped lines are read as one text,
        until another file begins. The kind of a text is recognized by its content. The name of its file does not matter.

        ```powershell
        Get-Content nvidia-smi.txt | ConvertTo-MachineSpec
        ConvertTo-MachineSpec -Path ./exports/*
        Import-Csv pcs.csv | ConvertTo-MachineSpec -Culture de-DE
        ```

        A text with the output of several tools is read as the first kind in the table below that it matches. Processor
        and memory are added from `/proc`, `lscpu`, `free` and `dmidecode` in the same text. A report of a script, with
        the output of several tools below a heading each (`=== GPU ===`), is one machine. A text without hardware is an
        error.

        ## Kinds of text

        The most specific kinds come first.

        | kind | recognized by |
        |---|---|

        """;

    private const string ColumnsOpening = """

        ## Columns

        The names of columns in CSV, JSON, tables and objects are read word by word: `Video card memory (MB)` is the
        memory of a card, `Available RAM` is free memory. Upper and lower case, blanks and punctuation do not matter. The
        last word can be a unit (`vram_mb`). Configuration Manager adds a `0` to names; it is ignored. A name with a word
        that is not in this table is ignored. Rows of the same computer are one machine. If `Model` names a card, the row
        is a card of its computer.

        | meaning | words |
        |---|---|

        """;

    private const string Ending = """

        ## Lists that people write

        A list is read as one machine if it states at least two of card, memory and processor, and:

        - each of them is a fact alone: figures, names, and the words of data sheets. `RAM: 32 GB DDR5` is one;
          `RAM: 16 GB or more`, `RAM: 16GB+` and `GPU: any RTX` are not.
        - memory and processor are stated once. Several machines need a heading each that names a computer
          (`## gpu-01`, `## Login node`, `## Server 2`) or a line with the name alone (`server1:`).
        - no line above asks for it (`Minimum requirements`) and no line has a price.

        Otherwise the text is an error that says which line did not fit. Keys of YAML are read the same way: a count
        and a size without the name of a card, a processor or a computer are what a job asks for.

        ## Numbers

        Sizes are binary: 24GB is 24 GiB. A number of system memory without a unit gets its only likely unit: `16384` is
        MiB, `17179869184` is bytes. A number of card memory below 512 without a unit is an error. `AdapterRAM` of Windows
        is never more than 4 GiB. If the card is in the catalog, its real memory is used, with a warning; else its memory
        is unknown.

        ## Neural processing units

        `IntegratedGpu` names the GPU inside the processor where the machine has a card beside it. It is not counted in
        `Gpus`: llama.cpp and Ollama use the card.

        `Npu` names the NPU of a machine. An NPU is not a GPU: it uses the system memory, and llama.cpp, Ollama and vLLM
        do not use it. OpenVINO runs on the NPUs of Intel, Ryzen AI on those of AMD, QNN on those of Qualcomm.

        """;

    /// <summary>Where it lies.</summary>
    public static string FullPath => RepositoryFolder.Path("docs", "guide", "inventories.md");

    /// <summary>The document, with <c>\n</c> at the line ends.</summary>
    public static string Write()
    {
        var text = new StringBuilder(Opening);
        foreach (var format in InventoryFormats.All)
            text.Append("| " + Cell(format.Name) + " | " + Cell(format.LooksFor) + " |\n");
        text.Append(ColumnsOpening);
        foreach (var (says, words) in ColumnWords.All.Where(entry => entry.Says != ColumnWord.Filler))
            text.Append("| " + says + " | " + string.Join(", ", words) + " |\n");
        text.Append(Ending);
        return text.ToString().Replace("\r\n", "\n", StringComparison.Ordinal);
    }

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal);
}
