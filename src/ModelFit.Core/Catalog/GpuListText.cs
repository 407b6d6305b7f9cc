using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>The cards of one machine as text: <c>2x RTX 3090 + RTX 3060</c>.</summary>
internal static class GpuListText
{
    /// <summary>More cards than any machine has; a larger count is a slip.</summary>
    private const int MaximumCount = 1024;

    private const double SameShare = 0.03;

    private static readonly Regex Separators = new(
        @"\s*(?:[+;&\n]|,(?!\s*inc\b))\s*|\s+and\s+", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex CountFirst = new(
        @"^(\d{1,4})\s*[x×*]\s*(\S.*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    // After a letter an x belongs to the name: an RTX 9999 is no card RT, 9999 times.
    private static readonly Regex CountLast = new(
        @"^(.*\S)(?:(?<=\d)|\s+)[x×*]\s*(\d{1,4})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private static readonly Regex CountBare = new(
        @"^(\d{1,2})\s+([a-z].*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    /// <summary>The cards that a text names, each as often as it says.</summary>
    public static IReadOnlyList<GpuSpec> Parse(string text, long? memoryBytes, IMessageSink messages)
    {
        if (SizeText.IsBlank(text))
            throw new ModelFitException(
                ErrorIds.EmptyArgument, FailureKind.InvalidArgument, "The name of the GPU is empty.", text);
        var parts = Separators.Split(text.Trim()).Where(part => part.Length > 0).ToArray();
        if (parts.Length > 1 && !IsList(text, parts)
            && GpuResolver.TryResolve(text, memoryBytes, messages, out _) is { } whole)
            return new[] { whole };
        return parts.SelectMany(part => ParsePart(part, memoryBytes, messages)).ToArray();
    }

    /// <summary>The text that <see cref="Parse"/> understands; null for no cards.</summary>
    public static string? Describe(IReadOnlyList<GpuSpec> gpus)
    {
        if (gpus.Count == 0) return null;
        var runs = new List<(string Name, int Count)>();
        foreach (var name in gpus.Select(NameOf))
        {
            var last = runs.Count - 1;
            if (last >= 0 && runs[last].Name == name) runs[last] = (name, runs[last].Count + 1);
            else runs.Add((name, 1));
        }

        return string.Join(" + ", runs.Select(run => run.Count == 1
            ? run.Name
            : run.Count.ToString(CultureInfo.InvariantCulture) + "x " + run.Name));
    }

    /// <summary>A size with the largest unit that writes it without loss.</summary>
    public static string ExactSize(long bytes)
    {
        var (shift, unit) = bytes % (1L << 30) == 0 ? (30, "GiB") : bytes % (1L << 20) == 0 ? (20, "MiB") : (0, "B");
        return (bytes >> shift).ToString(CultureInfo.InvariantCulture) + " " + unit;
    }

    /// <summary>
    /// Whether one part alone has every telling word of the text and no part is without any (<c>3090 + RTX 3090</c>,
    /// but neither <c>Ryzen AI Max+ 395</c> nor <c>NITRO+ RX 7900</c>), or every part is but a size.
    /// </summary>
    private static bool IsList(string text, string[] parts)
    {
        static int Telling(string name) => GpuNameTokens.Parse(name).Words.Count(GpuEntry.IsTelling);
        var all = Telling(text);
        return all == 0
            ? parts.All(part => GpuNameTokens.Parse(part).MemoryBytes is not null)
            : parts.All(part => Telling(part) > 0) && parts.Any(part => Telling(part) == all);
    }

    private static IEnumerable<GpuSpec> ParsePart(string part, long? memoryBytes, IMessageSink messages)
    {
        Func<ModelFitException>? failure = null;
        foreach (var (name, number) in Readings(part))
        {
            if (GpuResolver.TryResolve(name, memoryBytes, messages, out var reason) is not { } spec)
            {
                if (failure is null || name != part) failure = reason;
                continue;
            }

            var count = int.Parse(number, CultureInfo.InvariantCulture);
            if (count is >= 1 and <= MaximumCount) return Enumerable.Repeat(spec, count);
            throw new ModelFitException(
                ErrorIds.InvalidArgument,
                FailureKind.InvalidArgument,
                $"'{part}' names {count} cards; a machine has 1 to {MaximumCount}.",
                part);
        }

        throw failure!();
    }

    /// <summary>What a part can mean, the likeliest first: a 7900 XTX is not 7900 cards named TX.</summary>
    private static IEnumerable<(string Name, string Count)> Readings(string part)
    {
        yield return (part, "1");
        if (CountLast.Match(part) is { Success: true } last) yield return (last.Groups[1].Value, last.Groups[2].Value);
        if (CountFirst.Match(part) is { Success: true } first)
            yield return (first.Groups[2].Value, first.Groups[1].Value);
        if (CountBare.Match(part) is { Success: true } bare) yield return (bare.Groups[2].Value, bare.Groups[1].Value);
    }

    /// <summary>
    /// The catalog's name, also where a driver writes it otherwise, with the memory where it is not the catalog's.
    /// </summary>
    private static string NameOf(GpuSpec gpu)
    {
        var known = GpuCatalogData.Instance.Named(gpu.Name)
            ?? GpuResolver.TryResolve(gpu.Name, gpu.MemoryBytes, NullSink.Instance, out _);
        if (gpu.MemoryBytes is not { } bytes) return gpu.Name;
        if (known is null) return GpuCatalog.Unnamed(bytes).Name;
        var isUsual = known.MemoryBytes is { } usual && Math.Abs(usual - bytes) <= usual * SameShare;
        return isUsual ? known.Name : $"{known.Name} ({ExactSize(bytes)})";
    }
}
