using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// A part of a card by its profile: MIG (<c>A100-SXM4-80GB MIG 3g.40gb</c>), which has a share of the card's memory,
/// bandwidth and processors, or a virtual card (<c>GRID A100X-40C</c>, <c>NVIDIA A16-8Q</c>), which has memory of its
/// own and takes turns with others (NVIDIA MIG User Guide; Virtual GPU Software User Guide).
/// </summary>
/// <param name="Card">The whole card as the name says it; empty if it says the profile alone.</param>
/// <param name="MemoryBytes">Memory of the part in bytes.</param>
/// <param name="MigProfile">The profile of MIG; null for a virtual card.</param>
/// <param name="Slices">Slices of processors of MIG, of seven.</param>
internal sealed record GpuPartition(string Card, long MemoryBytes, string? MigProfile, int Slices)
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;
    private const int AllSlices = 7, MemorySlices = 8;

    private static readonly Regex Mig = new(
        @"^(?:nvidia\.com/)?(?<card>.*?\w)??[\s:,(-]*(?:MIG[\s:-]*)?"
            + @"(?<profile>(?<slices>[1-7])g\.(?<gib>\d{1,3})gb)(?<media>(?:\+\w+)*)\)?$",
        Options);

    private static readonly Regex Virtual = new(
        @"^(?:GRID |NVIDIA )*(?<card>[A-Z][\w ]*?)-(?:(?<slices>[1-7])-)?(?<gib>\d{1,3})[ABCQ]$", Options);

    /// <summary>What drivers write on to a board's name: <c>RTXA6000-48Q</c>.</summary>
    private static readonly Regex Glued = new("^RTX(?=[A-Z])", Options);

    /// <summary>Which cards have which profiles (NVIDIA MIG User Guide, "Supported MIG Profiles").</summary>
    private static readonly (string Profiles, string[] Cards)[] Profiles =
    {
        ("1g.6gb 2g.12gb 4g.24gb", new[] { "A30" }),
        ("1g.5gb 1g.10gb 2g.10gb 3g.20gb 4g.20gb 7g.40gb", new[] { "A100 SXM4 40GB", "A100 PCIe 40GB" }),
        ("1g.10gb 1g.20gb 2g.20gb 3g.40gb 4g.40gb 7g.80gb", new[]
        {
            "A100 SXM4 80GB", "A100 PCIe 80GB", "A800 SXM4 80GB", "A800 PCIe 80GB",
            "H100 SXM5 80GB", "H100 PCIe 80GB", "H800 SXM5", "H800 PCIe",
        }),
        ("1g.12gb 1g.24gb 2g.24gb 3g.47gb 4g.47gb 7g.94gb", new[] { "H100 NVL 94GB" }),
        ("1g.12gb 1g.24gb 2g.24gb 3g.48gb 4g.48gb 7g.96gb", new[] { "H100 SXM5 96GB", "GH200 96GB", "H20" }),
        ("1g.18gb 1g.35gb 2g.35gb 3g.71gb 4g.71gb 7g.141gb", new[] { "H200 SXM 141GB", "H200 NVL", "H20-3e" }),
        ("1g.23gb 1g.45gb 2g.45gb 3g.90gb 4g.90gb 7g.180gb", new[] { "B200" }),
        ("1g.23gb 1g.47gb 2g.47gb 3g.93gb 4g.93gb 7g.186gb", new[] { "GB200" }),
        ("1g.34gb 1g.67gb 2g.67gb 3g.135gb 4g.135gb 7g.269gb", new[] { "B300" }),
        ("1g.35gb 1g.70gb 2g.70gb 3g.139gb 4g.139gb 7g.278gb", new[] { "GB300" }),
        ("1g.24gb 2g.48gb 4g.96gb", new[]
        {
            "RTX PRO 6000 Blackwell Server Edition", "RTX PRO 6000 Blackwell Workstation Edition",
            "RTX PRO 6000 Blackwell Max-Q Workstation Edition",
        }),
    };

    /// <summary>Boards as profiles call them: the letters behind a card's number.</summary>
    private static readonly Dictionary<string, string> Boards = new(StringComparer.OrdinalIgnoreCase)
    {
        ["A100"] = "A100 PCIe 40GB", ["A100X"] = "A100 SXM4 40GB", ["A100D"] = "A100 PCIe 80GB",
        ["A100DX"] = "A100 SXM4 80GB", ["A800"] = "A800 PCIe 80GB", ["A800D"] = "A800 PCIe 80GB",
        ["A800DX"] = "A800 SXM4 80GB", ["V100"] = "V100 PCIe 16GB", ["V100X"] = "V100 SXM2 16GB",
        ["V100D"] = "V100 PCIe 32GB", ["V100DX"] = "V100 SXM2 32GB", ["V100L"] = "V100 FHHL",
        ["V100S"] = "V100S PCIe 32GB",
        ["P100"] = "P100 PCIe 16GB", ["P100X"] = "P100 SXM2", ["P100C"] = "P100 PCIe 12GB",
        ["H100"] = "H100 PCIe 80GB", ["H100XM"] = "H100 SXM5 80GB", ["H100L"] = "H100 NVL 94GB",
        ["H100XL"] = "H100 SXM5 96GB",
        ["H200X"] = "H200 SXM 141GB", ["H200"] = "H200 NVL", ["H800"] = "H800 PCIe", ["H800XM"] = "H800 SXM5",
        ["M40"] = "M40 24GB", ["RTX6000"] = "Quadro RTX 6000", ["RTX8000"] = "Quadro RTX 8000",
        ["RTX6000P"] = "Quadro RTX 6000", ["RTX8000P"] = "Quadro RTX 8000", ["RTX6000 Ada"] = "RTX 6000 Ada Generation",
        ["DC"] = "RTX PRO 6000 Blackwell Server Edition",
        ["RTX Pro 6000 Blackwell DC"] = "RTX PRO 6000 Blackwell Server Edition",
    };

    /// <summary>The part that a name says; null for a whole card.</summary>
    public static GpuPartition? Parse(string name)
    {
        var text = name.Trim();
        if (Mig.Match(text) is { Success: true } mig)
            return new GpuPartition(
                mig.Groups["card"].Value,
                Bytes(mig),
                (mig.Groups["profile"].Value + mig.Groups["media"].Value).ToLowerInvariant(),
                Number(mig, "slices"));
        if (Virtual.Match(text) is not { Success: true } part) return null;
        var board = Glued.Replace(part.Groups["card"].Value.Trim(), "RTX ");
        return new GpuPartition(Boards.TryGetValue(board, out var whole) ? whole : board, Bytes(part), null, AllSlices);
    }

    /// <summary>
    /// The names of the cards that have this profile of MIG; none for a virtual card or a profile that is not listed.
    /// </summary>
    public IEnumerable<string> CardNames => Profiles
        .Where(row => row.Profiles.Split(' ').Contains(MigProfile?.Split('+')[0]))
        .SelectMany(row => row.Cards);

    /// <summary>The part of a card of the catalog.</summary>
    public GpuSpec Of(GpuSpec whole)
    {
        if (MigProfile is null)
            return whole with { MemoryBytes = MemoryBytes, UsableMemoryBytes = null, VirtualizationMode = "VGPU" };
        var eighths = Math.Min(MemorySlices, Math.Max(
            1, Math.Round((double)MemorySlices * MemoryBytes / (whole.MemoryBytes ?? MemoryBytes))));
        var (memory, cores) = (eighths / MemorySlices, (double)Slices / AllSlices);
        return whole with
        {
            Name = $"{whole.Name} MIG {MigProfile}",
            MigProfile = MigProfile,
            MemoryBytes = MemoryBytes,
            UsableMemoryBytes = null,
            MemoryBandwidth = (long?)(whole.MemoryBandwidth * memory),
            ShaderUnits = (int?)(whole.ShaderUnits * cores),
            TensorCores = (int?)(whole.TensorCores * cores),
            Fp32Flops = whole.Fp32Flops * cores,
            Fp16TensorFlops = whole.Fp16TensorFlops * cores,
            NvLinkBandwidth = null,
        };
    }

    private static long Bytes(Match match) => (long)Number(match, "gib") << 30;

    private static int Number(Match match, string group) =>
        match.Groups[group].Success ? int.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture) : 1;
}
