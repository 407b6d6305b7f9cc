using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Text;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The columns of inventories by meaning: the names people give them, and the unit that a name carries.
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

    private static readonly Dictionary<string, Meaning> ByName = RowNames.All
        .SelectMany(entry => entry.Names.Select(name => (name, entry.Meaning)))
        .GroupBy(pair => pair.name)
        .ToDictionary(same => same.Key, same => same.First().Meaning, StringComparer.Ordinal);

    private static readonly Dictionary<string, int> Ranks = RowNames.All
        .Where(entry => entry.Meaning is Meaning.Computer or Meaning.Label).SelectMany(entry => entry.Names).Distinct()
        .Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index);

    /// <summary>Ends of names that say the unit, the longest first.</summary>
    private static readonly (string End, string Unit)[] UnitEnds =
    {
        ("megabytes", "MiB"), ("mebibytes", "MiB"), ("gigabytes", "GiB"), ("gibibytes", "GiB"), ("kilobytes", "KiB"),
        ("kibibytes", "KiB"), ("bytes", "B"), ("byte", "B"), ("octets", "B"), ("mib", "MiB"), ("gib", "GiB"),
        ("kib", "KiB"), ("tib", "TiB"), ("mb", "MiB"), ("gb", "GiB"), ("kb", "KiB"), ("tb", "TiB"), ("mo", "MiB"),
        ("go", "GiB"), ("ko", "KiB"),
    };

    /// <summary>Columns that were looked up: every row of an inventory has the same few.</summary>
    private static readonly ConcurrentDictionary<string, (Meaning Meaning, string? Unit)?> Found = new();

    private static readonly ConcurrentDictionary<string, string> Normal = new(StringComparer.Ordinal);

    private const int MaxFound = 4096;
    private const int MaxLength = 100;

    /// <summary>The columns that a message may name.</summary>
    public static string Known(Meaning meaning) =>
        string.Join(", ", RowNames.All.First(entry => entry.Meaning == meaning).Names.Take(4));

    /// <summary>The meaning of a column and the unit in its name (<c>RAM (GB)</c>); null if it has none here.</summary>
    public static (Meaning Meaning, string? Unit)? Find(string column)
    {
        if (column.Length > MaxLength) return null;
        if (Found.TryGetValue(column, out var known)) return known;
        var found = Search(Normalize(column));
        if (Found.Count < MaxFound) Found[column] = found;
        return found;
    }

    /// <summary>How surely a column names computers: the smaller, the surer.</summary>
    public static int Rank(string column)
    {
        var name = Normalize(column);
        return Ranks.TryGetValue(name, out var rank) || Ranks.TryGetValue(name.TrimEnd('0'), out rank)
            ? rank : int.MaxValue;
    }

    /// <summary>Letters and digits in lower case.</summary>
    public static string Normalize(string column)
    {
        if (Normal.TryGetValue(column, out var known)) return known;
        var made = Made(column);
        if (column.Length <= MaxLength && Normal.Count < MaxFound) Normal[column] = made;
        return made;
    }

    private static string Made(string column)
    {
        var normal = new StringBuilder(column.Length);
        foreach (var c in column.Where(char.IsLetterOrDigit)) normal.Append(char.ToLowerInvariant(c));
        return normal.ToString();
    }

    private static (Meaning Meaning, string? Unit)? Search(string name)
    {
        if (ByName.TryGetValue(name, out var meaning)) return (meaning, RowNames.ImpliedUnit(name));
        // Configuration Manager puts a 0 behind the name of every property.
        if (name.EndsWith("0", StringComparison.Ordinal) && ByName.TryGetValue(name.TrimEnd('0'), out meaning))
            return (meaning, meaning == Meaning.SystemMemory ? "KiB" : RowNames.ImpliedUnit(name.TrimEnd('0')));
        if (name.Length > 3 && name.StartsWith("gpu", StringComparison.Ordinal) && name.Substring(3).All(char.IsDigit))
            return (Meaning.Gpu, null);
        foreach (var (end, unit) in UnitEnds)
        {
            if (!name.EndsWith(end, StringComparison.Ordinal)) continue;
            var rest = name.Substring(0, name.Length - end.Length);
            if (rest.EndsWith("in", StringComparison.Ordinal) && !ByName.ContainsKey(rest))
                rest = rest.Substring(0, rest.Length - 2);
            if (ByName.TryGetValue(rest, out meaning) && HasUnit(meaning)) return (meaning, unit);
        }

        return null;
    }

    private static bool HasUnit(Meaning meaning) => meaning is Meaning.GpuMemory or Meaning.SystemMemory
        or Meaning.GpuMemoryFree or Meaning.GpuMemoryUsed or Meaning.SystemMemoryFree;
}
