using System.Collections.Concurrent;
using System.Text;
using Word = ModelFit.Hardware.Inventory.ColumnWord;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The columns of inventories by meaning: what the words of their names say together, and the unit that a name carries.
/// A name with a word that is not known means nothing.
/// </summary>
internal static class RowColumns
{
    /// <summary>What a column means.</summary>
    public enum Meaning
    {
        /// <summary>The computer.</summary>
        Computer,

        /// <summary>What a computer is called where no other column says so: <c>Name</c>.</summary>
        Label,

        /// <summary>A list of computers, each of the row's kind.</summary>
        ComputerList,

        /// <summary>The card or cards.</summary>
        Gpu,

        /// <summary>How many cards.</summary>
        GpuCount,

        /// <summary>Memory of one card.</summary>
        GpuMemory,

        /// <summary>Memory of one card that is in use.</summary>
        GpuMemoryUsed,

        /// <summary>Memory of one card that is free.</summary>
        GpuMemoryFree,

        /// <summary>Version of the card's driver.</summary>
        GpuDriver,

        /// <summary>Memory of the computer.</summary>
        SystemMemory,

        /// <summary>Memory of the computer that is free.</summary>
        SystemMemoryFree,

        /// <summary>Processor model.</summary>
        Cpu,

        /// <summary>Cores.</summary>
        Cores,

        /// <summary>Logical processors.</summary>
        Threads,

        /// <summary>Operating system.</summary>
        OperatingSystem,
    }

    private const Word Owner = Word.Computer | Word.Thing;
    private const Word Sold = Word.Name | Word.Kind;
    private const Word Card = Word.Gpu | Word.Video | Word.Card;
    private const Word Parts = Word.Total | Word.Free | Word.Used | Word.Unit;

    /// <summary>
    /// What words mean together, the first that fits: those that must all be there, and those that may be besides.
    /// </summary>
    private static readonly (Meaning Meaning, Word Needs, Word Allows)[] Rules =
    {
        (Meaning.GpuDriver, Word.Driver | Word.Version, Card | Owner),
        (Meaning.GpuDriver, Word.Driver | Word.Gpu, Card | Word.Version | Owner),
        (Meaning.GpuMemoryFree, Word.Gpu | Word.Memory | Word.Free, Card | Parts | Owner),
        (Meaning.GpuMemory, Word.Gpu | Word.Memory | Word.Used | Word.Total, Card | Parts | Owner),
        (Meaning.GpuMemoryUsed, Word.Gpu | Word.Memory | Word.Used, Card | Parts | Owner),
        (Meaning.GpuMemory, Word.Gpu | Word.Memory, Card | Parts | Owner),
        (Meaning.GpuCount, Word.Gpu | Word.Count, Card | Word.Total | Owner),
        (Meaning.Gpu, Word.Gpu, Card | Sold | Owner),
        (Meaning.Gpu, Word.Gpu, Card | Sold | Word.Number),
        (Meaning.SystemMemoryFree, Word.Memory | Word.Free, Parts | Owner),
        (Meaning.SystemMemory, Word.Memory, Word.Total | Word.Unit | Owner),
        (Meaning.Threads, Word.Thread, Word.Thread | Word.Cpu | Word.Count | Word.Total | Word.Core),
        (Meaning.Cores, Word.Core, Word.Cpu | Word.Count | Word.Total),
        (Meaning.Threads, Word.Cpu | Word.Count, Owner),
        (Meaning.Cpu, Word.Cpu, Sold | Owner),
        (Meaning.OperatingSystem, Word.System, Word.Name | Word.Version | Owner),
        (Meaning.Computer, Word.Computer, Word.Name | Owner),
        (Meaning.Computer, Word.Thing | Word.Name, Word.Thing),
    };

    /// <summary>Names that mean another thing than their words say, or say it without known words.</summary>
    private static readonly Dictionary<string, Meaning?> Names = new(StringComparer.Ordinal)
    {
        ["name"] = Meaning.Label, ["displayname"] = Meaning.Label, ["asset"] = Meaning.Label,
        ["assettag"] = Meaning.Label, ["label"] = Meaning.Label, ["device"] = Meaning.Label,
        ["instancename"] = Meaning.Label, ["slug"] = Meaning.Label, ["instancetype"] = Meaning.Label,
        ["id"] = Meaning.Label, ["caption"] = null, ["instance"] = Meaning.Label, ["friendlyname"] = Meaning.Label,
        ["nodelist"] = Meaning.ComputerList, ["hostlist"] = Meaning.ComputerList, ["hosts"] = Meaning.ComputerList,
        ["card"] = Meaning.Gpu, ["totalvisiblememorysize"] = Meaning.SystemMemory,
        ["ostotalvisiblememorysize"] = Meaning.SystemMemory, ["maxmem"] = Meaning.SystemMemory,
        ["osfreephysicalmemory"] = Meaning.SystemMemoryFree, ["cpus0modelname"] = Meaning.Cpu,
        ["memorysystem"] = Meaning.SystemMemory, ["cpucountphysical"] = Meaning.Cores,
        ["nomordinateur"] = Meaning.Computer,
        ["descriptionofvirtualmachine"] = null, ["display"] = null, ["kernel"] = null, ["vmsystem"] = null,
    };

    private static readonly string[] Sheets = { "vinfo", "vhost" };

    /// <summary>Columns that were looked up: every row of an inventory has the same few.</summary>
    private static readonly ConcurrentDictionary<(string, bool), (Meaning Meaning, string? Unit)?> Found = new();

    private static readonly ConcurrentDictionary<string, string> Normal = new(StringComparer.Ordinal);

    /// <summary>The number of a line in a list, <c>5.2 Total memory</c>: it is no part of the name.</summary>
    private static readonly Regex Numbering = new(
        @"^\s{0,8}\d{1,3}(?:\.\d{1,3}){0,3}[.)]?\s+(?=\p{L})(?<=[.)]\S{0,3}\s+)");

    private const int MaxFound = 4096;
    private const int MaxLength = 100;

    /// <summary>The meaning of a column and the unit in its name (<c>RAM (GB)</c>); null if it has none here.</summary>
    /// <param name="column">Its name.</param>
    /// <param name="isOfCard">Whether the row is a card, so that <c>memory</c> is the card's.</param>
    public static (Meaning Meaning, string? Unit)? Find(string column, bool isOfCard = false)
    {
        if (column.Length > MaxLength) return null;
        if (Found.TryGetValue((column, isOfCard), out var known)) return known;
        var text = column.Trim();
        var isManaged = text.Length > 1 && text[text.Length - 1] == '0' && char.IsLetter(text[text.Length - 2]);
        var found = Search(Normalize(column), isManaged, isOfCard);
        if (Found.Count < MaxFound) Found[(column, isOfCard)] = found;
        return found;
    }

    /// <summary>How surely a column names computers: the smaller, the surer.</summary>
    public static int Rank(string column)
    {
        var name = Normalize(column);
        var words = ColumnWords.Split(name) ?? ColumnWords.Split(name.TrimEnd('0'));
        return words is null or { Count: 0 } ? int.MaxValue : words.Min(ColumnWords.Rank);
    }

    /// <summary>Letters and digits in lower case, and a sign of percent as the word.</summary>
    public static string Normalize(string column)
    {
        if (Normal.TryGetValue(column, out var known)) return known;
        var made = Made(column);
        if (column.Length <= MaxLength && Normal.Count < MaxFound) Normal[column] = made;
        return made;
    }

    /// <summary>The unit of the bare numbers of a column by its source; null where it does not tell.</summary>
    private static string? ImpliedUnit(string name) => name switch
    {
        "realmemory" => "MiB",
        "totalvisiblememorysize" or "ostotalvisiblememorysize" or "freephysicalmemory" or "osfreephysicalmemory" =>
            "KiB",
        "totalphysicalmemory" or "cstotalphysicalmemory" or "adapterram" => "B",
        _ => null,
    };

    private static string Made(string column)
    {
        var normal = new StringBuilder(column.Length);
        foreach (var c in Numbering.Replace(column, string.Empty).Where(char.IsLetterOrDigit))
            normal.Append(char.ToLowerInvariant(c));
        if (column.IndexOf('%') >= 0) normal.Append("percent");
        return normal.ToString();
    }

    private static (Meaning Meaning, string? Unit)? Search(string name, bool isManaged, bool isOfCard)
    {
        if (name.Length == 0) return null;
        if (Meant(name, isOfCard) is { } found) return (found.Meaning, found.Unit ?? ImpliedUnit(name));
        // RVTools puts the sheet before the name of every column where all sheets are one file.
        if (Sheets.FirstOrDefault(sheet => name.StartsWith(sheet, StringComparison.Ordinal)) is { } prefix)
            return Meant(name.Substring(prefix.Length), isOfCard);
        // Configuration Manager puts a 0 behind the name of every property.
        if (!isManaged || name.TrimEnd('0') is not { Length: > 0 } property
            || Meant(property, isOfCard) is not { } managed) return null;
        return (managed.Meaning, managed.Meaning == Meaning.SystemMemory ? "KiB"
            : managed.Unit ?? ImpliedUnit(property));
    }

    private static (Meaning Meaning, string? Unit)? Meant(string name, bool isOfCard)
    {
        if (!isOfCard && Names.TryGetValue(name, out var meaning)) return meaning is { } own ? (own, null) : null;
        if (ColumnWords.Split(name) is not { } words) return null;
        var said = words.Aggregate(Word.Filler, (all, word) => all | ColumnWords.Of(word));
        // Pictures are of a GPU where a card or a memory makes them, and so is the memory of a card.
        if ((said & (Word.Video | Word.Card)) != 0 && (said & (Word.Card | Word.Memory)) != 0
            && ((said & Word.Video) != 0 || (said & Word.Memory) != 0)) said |= Word.Gpu;
        if (isOfCard && (said & (Word.Computer | Word.Cpu)) == 0 && !words.Any(word => word is "physical" or "system"))
            said |= Word.Gpu;
        if (isOfCard && (said & ~(Word.Gpu | Word.Unit)) == Word.Total) said |= Word.Memory;
        foreach (var rule in Rules)
        {
            if ((said & rule.Needs) != rule.Needs || (said & ~(rule.Needs | rule.Allows)) != 0) continue;
            var last = words[words.Count - 1];
            return (rule.Meaning, ColumnWords.Units.TryGetValue(last, out var unit) ? unit : null);
        }

        return null;
    }
}
