using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Common;
using ModelFit.Graph;
using ModelFit.Placement;

namespace ModelFit.Speed;

/// <summary>
/// What a processor's name says: a row of <c>speed-processors.tsv</c>. The memory is the widest and fastest that its
/// maker specifies; what is installed may be less.
/// </summary>
/// <param name="Class">The class: an architecture of cores.</param>
/// <param name="Kernels">The family: the instruction sets that llama.cpp's kernels use.</param>
/// <param name="MemoryBits">Width of the memory.</param>
/// <param name="Transfers">Its transfers a second in millions (MT/s).</param>
internal sealed record ProcessorKind(string Class, string Kernels, int MemoryBits, int Transfers)
{
    /// <summary>The row that stands for every processor.</summary>
    public const string Any = "Processor";

    private const int MaxRemembered = 1024;

    private static readonly Lazy<(Regex Pattern, ProcessorKind Kind)[]> Rows = new(() =>
        EmbeddedText.Rows("speed-processors.tsv").Select(row => (
            new Regex(row[0], RegexOptions.IgnoreCase),
            new ProcessorKind(row[1], row[2], Number(row[3]), Number(row[4])))).ToArray());

    private static readonly Regex Ornaments =
        new(@"\((R|TM)\)|\bCPU\b|(?<=\s)\s+", RegexOptions.IgnoreCase);

    private static readonly ConcurrentDictionary<string, ProcessorKind?> Known = new(StringComparer.Ordinal);

    private static readonly Dictionary<ProcessorKernels, string> Families = new()
    {
        [ProcessorKernels.Amx] = "AMX",
        [ProcessorKernels.Avx512] = "AVX-512",
        [ProcessorKernels.Avx2] = "AVX2",
        [ProcessorKernels.DotProduct] = "NEON",
        [ProcessorKernels.Plain] = "AVX",
    };

    /// <summary>The kind of a processor by its name; null if no row knows it.</summary>
    public static ProcessorKind? Of(string? name)
    {
        if (string.IsNullOrWhiteSpace(name)) return null;
        if (Known.TryGetValue(name!, out var known)) return known;
        if (Known.Count >= MaxRemembered) Known.Clear();
        var plain = Ornaments.Replace(Ornaments.Replace(name!, " "), string.Empty);
        return Known[name!] = Rows.Value.FirstOrDefault(row => row.Pattern.IsMatch(plain)).Kind;
    }

    /// <summary>The family of a machine's processor by what it says it can; null if it does not say.</summary>
    public static string? FamilyOf(MachineSpec? machine) =>
        machine is not null && Families.TryGetValue(MachineBudget.ProcessorOf(machine), out var family) ? family : null;

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
