namespace ModelFit.Catalog;

/// <summary>
/// One card under one of its names: which words a name must have to stand for it, and which it may have.
/// </summary>
internal sealed class GpuEntry
{
    /// <summary>Words that say whose card it is or what it is for, but never which one.</summary>
    private static readonly HashSet<string> Brands = new(StringComparer.Ordinal)
    {
        "nvidia", "amd", "intel", "apple", "geforce", "gtx", "rtx", "gt", "radeon", "rx", "tesla", "instinct", "arc",
        "graphics", "gpu", "generation", "edition", "workstation", "with", "design", "data", "center", "jetson",
        "pcie", "the", "sxm", "sxm2", "sxm3", "sxm4", "sxm5", "sxm6",
    };

    /// <summary>Words that any name may have: what a card is, and who built it.</summary>
    private static readonly string[] Noise =
    {
        "graphics", "graphic", "gpu", "card", "video", "vga", "display", "adapter", "controller", "accelerator",
        "series", "edition", "generation", "with", "design", "the", "compatible", "discrete", "founders", "fe", "oc",
        "gaming", "limited", "nvk", "radv", "rev", "asus", "msi", "evga", "zotac", "gigabyte", "palit", "pny",
        "gainward", "galax", "kfa", "sapphire", "xfx", "powercolor", "asrock", "tuf", "rog", "strix", "suprim",
        "ventus", "aorus", "eagle", "windforce", "nitro", "pulse", "trio", "nvlink", "oam", "hgx", "lhr",
        "lite", "hash", "rate", "mod", "modded", "modified", "nvgpu", "maxsun", "sparkle", "inno",
        "acer", "colorful", "gunnir", "yeston", "dell", "hp", "lenovo", "supermicro",
    };

    /// <summary>
    /// How a card of a data centre is mounted: its driver says it, whether or not the card comes in others.
    /// </summary>
    private static readonly string[] Forms = { "sxm", "sxm2", "sxm3", "sxm4", "sxm5", "sxm6" };

    private static readonly string[] OtherForms = { "pcie", "nvl", "sxm2", "sxm3", "sxm4", "sxm5", "sxm6" };

    private static readonly Dictionary<string, string[]> VendorWords = new(StringComparer.OrdinalIgnoreCase)
    {
        ["NVIDIA"] = new[] { "nvidia", "corporation", "corp" },
        ["AMD"] = new[] { "amd", "ati", "advanced", "micro", "devices", "inc", "radeon" },
        ["Intel"] = new[] { "intel", "corporation", "corp" },
        ["Apple"] = new[]
        {
            "apple", "core", "cores", "silicon", "mac", "studio", "mini", "imac", "macbook", "air",
            "7", "8", "10", "14", "16", "18", "19", "20", "24", "30", "32", "38", "40", "48", "60", "64", "76", "80",
        },
    };

    private readonly HashSet<string> _chip;

    /// <summary>Creates the entry of a card under a name.</summary>
    public GpuEntry(GpuSpec spec, string name, string chip, bool isRare, int order)
    {
        Spec = spec;
        IsRare = isRare;
        Order = order;
        var tokens = GpuNameTokens.Parse(name);
        var words = tokens.Words;
        MemoryBytes = tokens.MemoryBytes ?? spec.MemoryBytes;
        Required = RequiredWords(words);
        Allowed = new HashSet<string>(words, StringComparer.Ordinal);
        Allowed.UnionWith(Noise);
        Allowed.UnionWith(ExtraWords(spec, words));
        _chip = GpuNameTokens.Parse(chip).Words;
    }

    /// <summary>The card.</summary>
    public GpuSpec Spec { get; }

    /// <summary>Memory as this name has it, in bytes; the card's own if the name has none.</summary>
    public long? MemoryBytes { get; }

    /// <summary>Whether the card is meant only where its memory is named.</summary>
    public bool IsRare { get; }

    /// <summary>Position in the catalog; of cards alike the first is the commonest.</summary>
    public int Order { get; }

    /// <summary>Words that a name of this card has.</summary>
    public HashSet<string> Required { get; }

    /// <summary>Words that a name of this card may have.</summary>
    public HashSet<string> Allowed { get; }

    /// <summary>Words by which the card can be looked for: those of its names and of its chip.</summary>
    public IEnumerable<string> Words => Allowed.Concat(_chip).Distinct();

    /// <summary>
    /// How many required words a name lacks; -1 if it has none of them, or has a word that is none of this card's. The
    /// chip's words are the card's only together: a B100 is no B200, although that has a GB100.
    /// </summary>
    public int MissingWords(HashSet<string> words)
    {
        var missing = Required.Count(word => !words.Contains(word));
        var isSaid = Required.Any(word => word.Length > 1 && words.Contains(word));
        if (missing > 0 && !isSaid && !HasChip(words)) return -1;
        var isOurs = words.IsSubsetOf(Allowed)
            || (HasChip(words) && words.All(word => Allowed.Contains(word) || _chip.Contains(word)));
        return isOurs ? missing : -1;
    }

    private bool HasChip(HashSet<string> words) => _chip.Count > 0 && _chip.IsSubsetOf(words);

    /// <summary>Whether a word tells cards apart.</summary>
    public static bool IsTelling(string word) => !Brands.Contains(word) && Array.IndexOf(Noise, word) < 0;

    /// <summary>A name without the leading words that only say whose card it is.</summary>
    public static string WithoutBrand(string name)
    {
        var rest = name;
        for (var next = WithoutFirstBrand(rest); next.Length < rest.Length; next = WithoutFirstBrand(rest)) rest = next;
        return rest;
    }

    /// <summary>A name without its first word, if that only says whose card it is.</summary>
    public static string WithoutFirstBrand(string name)
    {
        var space = name.IndexOf(' ');
        var isBrand = space > 0 && Brands.Contains(name.Substring(0, space).ToLowerInvariant());
        return isBrand ? name.Substring(space + 1) : name;
    }

    private static HashSet<string> RequiredWords(HashSet<string> words)
    {
        var telling = words.Where(IsTelling).ToArray();
        var isEnough = telling.Any(word => char.IsDigit(word[0])) || telling.Length > 1;
        var required = isEnough ? telling : words.Where(word => !VendorWords.ContainsKey(word));
        return new HashSet<string>(required, StringComparer.Ordinal);
    }

    private static IEnumerable<string> ExtraWords(GpuSpec spec, HashSet<string> words)
    {
        if (spec.Vendor is { } vendor && VendorWords.TryGetValue(vendor, out var own))
            foreach (var word in own) yield return word;
        foreach (var word in GpuNameTokens.Parse(spec.Name).Words)
            if (word.Length > 1 && !char.IsDigit(word[0])) yield return word;
        foreach (var word in GpuNameTokens.Parse(spec.MemoryType ?? string.Empty).Words) yield return word;
        foreach (var word in GpuNameTokens.Parse(spec.Architecture ?? string.Empty).Words)
            if (!char.IsDigit(word[0])) yield return word;
        if (spec.Segment != "Mobile") yield return "desktop";
        if (!words.Contains("sxm")) yield return "pcie";
        if (spec.Vendor == "NVIDIA" && spec.Segment == "Mobile" && words.Contains("laptop")) yield return "m";
        if (spec.Vendor == "NVIDIA" && spec.Segment == "Workstation" && words.Contains("rtx")) yield return "quadro";
        var driverWords = (spec.Vendor, spec.Segment) switch
        {
            ("NVIDIA", "DataCenter") => new[] { "tesla", "ac", "lc" }
                .Concat(words.Overlaps(OtherForms) ? Array.Empty<string>() : Forms).ToArray(),
            ("AMD", "DataCenter") => new[] { "instinct", "vf", "hf" },
            _ => Array.Empty<string>(),
        };
        foreach (var word in driverWords) yield return word;
    }
}
