using System.Text.RegularExpressions;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>The processor of a row: of several columns the one that says which it is, and not what kind.</summary>
internal static class RowProcessors
{
    /// <summary>A number, an architecture, a vendor: no name of a processor.</summary>
    private static readonly Regex Kind = new(
        @"^([\d.,\s%]+|(x86|x64|i[3-6]86|amd64|arm64|aarch64|arm|ia64|ppc64(le)?|s390x|risc-?v)\S*|GenuineIntel|" +
        @"AuthenticAMD|(32|64)[ -]?bits?|true|false|" +
        @"\d+ (\w+\(s\)|cores?|threads?|v?cpus?).*|(Intel64|AMD64|x86|ARM\w*) Family \d.*)$",
        RegexOptions.IgnoreCase);

    /// <summary>Whether a text is the name of an architecture, as <c>Machine: AMD64</c> tells it.</summary>
    public static bool IsArchitecture(string text) => Kind.IsMatch(text) && text.Any(char.IsLetter);

    /// <summary>A row of Win32_Processor.</summary>
    public static bool IsRow(InventoryRow row) => row.Named("NumberOfCores") is not null
        && row.Named("Name") is not null && !row.Has(Meaning.Gpu) && !row.Has(Meaning.SystemMemory);

    /// <summary>The name, without the braces that PowerShell puts around a list; null if none is told.</summary>
    public static string? Name(InventoryRow row) => row.Cells(Meaning.Cpu).Select(cell => cell.Text.Trim('{', '}'))
        .Select(Fields.Text).FirstOrDefault(text => text is { Length: > 1 } && !Kind.IsMatch(text));
}
