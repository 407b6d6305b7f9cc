using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.RegularExpressions;

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

        /// <summary>The card or cards.</summary>
        Gpu,

        /// <summary>How many cards.</summary>
        GpuCount,

        /// <summary>Memory of one card.</summary>
        GpuMemory,

        /// <summary>Memory of the computer.</summary>
        SystemMemory,

        /// <summary>Processor model.</summary>
        Cpu,

        /// <summary>Cores.</summary>
        Cores,

        /// <summary>Operating system.</summary>
        OperatingSystem,
    }

    private static readonly (Meaning Meaning, string[] Names)[] Table =
    {
        (Meaning.Computer, new[]
        {
            "computername", "pscomputername", "dnshostname", "hostname", "host", "computer", "machine", "machinename",
            "node", "nodename", "server", "servername", "systemname", "csname", "fqdn", "rechner", "rechnername",
        }),
        (Meaning.Gpu, new[]
        {
            "gpu", "gpus", "gpuname", "gpumodel", "gputype", "graphicscard", "graphicscards", "graphics", "videocard",
            "videocontroller", "displayadapter", "accelerator", "accelerators", "card", "grafikkarte", "gpuproduct",
        }),
        (Meaning.GpuCount, new[] { "gpucount", "gpucounts", "gpunumber", "numgpus", "ngpus", "cards", "gpuqty" }),
        (Meaning.GpuMemory, new[]
        {
            "gpumemory", "gpumemorybytes", "vram", "vrambytes", "videomemory", "videoram", "gpuram", "gpumem",
            "graphicsmemory", "memorypergpu", "gpumemorytotal",
        }),
        (Meaning.SystemMemory, new[]
        {
            "systemmemory", "systemmemorybytes", "ram", "rambytes", "totalphysicalmemory", "physicalmemory", "memory",
            "memorybytes", "installedmemory", "totalmemory", "systemram", "hostmemory", "arbeitsspeicher", "realmemory",
            "totalvisiblememorysize", "cstotalphysicalmemory", "ostotalvisiblememorysize",
        }),
        (Meaning.Cpu, new[] { "cpu", "processor", "cpumodel", "cpuname", "prozessor" }),
        (Meaning.Cores, new[] { "corecount", "cores", "cpucores", "numberofcores" }),
        (Meaning.OperatingSystem, new[] { "operatingsystem", "os", "osname", "betriebssystem" }),
    };

    private static readonly Dictionary<string, Meaning> ByName = Table
        .SelectMany(entry => entry.Names.Select(name => (name, entry.Meaning)))
        .ToDictionary(pair => pair.name, pair => pair.Meaning, StringComparer.Ordinal);

    /// <summary>Columns that were looked up: every row of an inventory has the same few.</summary>
    private static readonly ConcurrentDictionary<string, (Meaning Meaning, string? Unit)?> Found = new();

    private const int MaxFound = 1024;

    private static readonly Regex UnitSuffix = new(
        @"^(.*?)[\s_\-]*(?:[\[(]\s*|\bin\s+|_|\s)?(KiB|MiB|GiB|TiB|KB|MB|GB|TB|bytes)\s*[\])]?$",
        RegexOptions.CultureInvariant | RegexOptions.IgnoreCase);

    /// <summary>The columns that a message may name.</summary>
    public static string Known(Meaning meaning) =>
        string.Join(", ", Table.First(entry => entry.Meaning == meaning).Names.Take(4));

    /// <summary>The meaning of a column and the unit in its name (<c>RAM (GB)</c>); null if it has none here.</summary>
    public static (Meaning Meaning, string? Unit)? Find(string column)
    {
        if (Found.TryGetValue(column, out var known)) return known;
        var found = Search(column);
        if (Found.Count < MaxFound) Found[column] = found;
        return found;
    }

    private static (Meaning Meaning, string? Unit)? Search(string column)
    {
        if (ByName.TryGetValue(Normalize(column), out var meaning)) return (meaning, ImpliedUnit(column));
        var match = UnitSuffix.Match(column.Trim());
        if (!match.Success || !ByName.TryGetValue(Normalize(match.Groups[1].Value), out meaning)) return null;
        var unit = match.Groups[2].Value;
        return (meaning, unit.Equals("bytes", StringComparison.OrdinalIgnoreCase) ? "B" : unit);
    }

    /// <summary>
    /// Bytes of a size cell. A bare number takes the column's unit; without one it is bytes, and below 1 MiB, or with a
    /// comma, it is an error, as for the parameters of the cmdlets.
    /// </summary>
    public static long? Size(object? value, string column, string? unit)
    {
        var text = Convert.ToString(value, CultureInfo.InvariantCulture);
        if (SizeText.IsBlank(text)) return null;
        var bare = text!.Trim().All(c => char.IsDigit(c) || c == '.');
        if (!SizeText.TryParse(bare ? text.Trim() + unit : text, out var bytes)) throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FailureKind.InvalidArgument,
            $"'{text}' in column '{column}' is not a size such as 24GB (a decimal point, not a comma).",
            text);
        if (bytes == 0) return null;
        return bytes >= 1L << 20 ? bytes : throw new ModelFitException(
            ErrorIds.InvalidArgument,
            FailureKind.InvalidArgument,
            $"'{text}' in column '{column}' is {bytes} bytes: a size needs its unit, for example '{text.Trim()}GB'.",
            text);
    }

    /// <summary>Letters and digits in lower case.</summary>
    public static string Normalize(string column)
    {
        var normal = new StringBuilder(column.Length);
        foreach (var c in column.Where(char.IsLetterOrDigit)) normal.Append(char.ToLowerInvariant(c));
        return normal.ToString();
    }

    private static string? ImpliedUnit(string column) => Normalize(column) switch
    {
        "realmemory" => "MiB",
        "totalvisiblememorysize" or "ostotalvisiblememorysize" => "KiB",
        _ => null,
    };
}
