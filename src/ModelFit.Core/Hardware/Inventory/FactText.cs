using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// What makes a value a fact: it is made of figures, of names (with a capital or a digit in them) and of the words that
/// tools and data sheets have beside them. A sentence, a choice (<c>or better</c>) and a demand (<c>at least 8 GB</c>,
/// <c>8 GB+</c>) have other words, and state nothing that a machine has.
/// </summary>
internal static class FactText
{
    private const int Longest = 160;

    private const RegexOptions Options = RegexOptions.IgnoreCase;

    /// <summary>Words in lower case that stand beside names and figures, those of column names apart.</summary>
    private static readonly HashSet<string> Beside = new(StringComparer.Ordinal)
    {
        "x", "v", "at", "and", "with", "by", "both", "each", "per", "via", "y", "e", "et", "und", "mit", "con", "avec",
        "geforce", "radeon", "quadro", "tesla", "titan", "rtx", "gtx", "ati", "apple", "ryzen", "xeon", "epyc", "arc",
        "threadripper", "athlon", "pentium", "celeron", "iris", "uhd", "hd", "vega", "rx", "pro", "ti", "super", "xt",
        "xtx", "max", "mini", "ultra", "laptop", "mobile", "desktop", "notebook", "edition", "founders", "ada",
        "generation", "gen", "th", "nd", "rd", "st", "qualcomm", "adreno", "snapdragon", "microsoft", "corporation",
        "inc", "ecc", "dimm", "sodimm", "udimm", "rdimm", "lpddr", "ddr", "gddr", "hbm", "sdram", "module", "modules",
        "unified", "shared", "integrated", "discrete", "dedicated", "onboard", "internal", "external", "usable",
        "nutzbar", "utilisable", "utilizable", "verwendbar", "reported", "detected", "maximum",
        "ghz", "mhz", "mt", "s", "bit", "bits", "clock", "speed", "base", "boost", "turbo", "frequency", "cache",
        "quad", "dual", "triple", "single", "octa", "hexa", "channel", "kit", "rank", "socket", "sockets", "way",
        "threads", "thread", "physical", "logical", "hyperthreading", "hyper", "threading", "smt", "ht", "package",
        "packages", "numa", "cuda", "rocm", "vulkan", "metal", "opencl", "compute", "capability", "cc", "sm", "arch",
        "architecture", "pcie", "sxm", "nvl", "nvlink", "mig", "vgpu", "passthrough", "rev", "a", "an", "no", "yes",
        "none", "unknown", "n", "g", "m", "k", "t", "limited", "cooled", "water", "air", "factory", "overclocked",
    };

    /// <summary>Words of demands and of choices, where a capital at the beginning hides them.</summary>
    private static readonly Regex Asks = new(
        @"\b(?:any|minimum|minimal|min\.|recommended|required?|requires|needs?|at least|supports?|supported|optional|" +
        @"enough|better|newer|higher|greater|mindestens|mindestanforderung|empfohlen|oder|recommandé|recomendad[oa]|" +
        @"consigliat[oa]|mínimo|minimo|depends|added|adds|fix(?:e[ds])?|reduced?|improved?|your)\b|" +
        @"或|至少|以上|推荐|推薦|最低|需要|必要|推奨|또는|이상|최소|권장|не менее|или|рекоменд",
        Options);

    /// <summary>A size that is a bound and not a size, and an open question.</summary>
    private static readonly Regex Bound = new(
        @"(?<!\d)\d{1,3} ?(?:[KMGT]i?B?)? ?\+(?![ \d\w]{0,20}\d)|" +
        @"[<>≥≤]=? ?\d|\d ?\?|\? ?$|" +
        @"(?<![\w.,-])\d{1,4} ?[–-] ?\d{1,4} ?[GT]i?B\b",
        Options);

    private static readonly Regex Size = new(@"\d[\d.,]{0,8} ?[KMGT](?:i?B|o)\b", Options);

    /// <summary>A processor by its number alone, as people write it.</summary>
    private static readonly Regex Processor = new(
        @"\b(?:i[3579][ -]?\d{3,5}|[ewxn]\d?[ -]?\d{3,5}|ultra [579] \d{3}|threadripper|" +
        @"m[1-5] (?:pro|max|ultra))", Options);

    /// <summary>One word of a tool about the thing before it: <c>(active)</c>.</summary>
    private static readonly Regex Remark = new(@"\([a-z]{1,16}\)");

    private static readonly Regex Word = new(@"[\p{L}\d]+(?:[.'’][\p{L}\d]+)*");

    /// <summary>Whether the value is a fact, as far as its words go.</summary>
    public static bool IsFact(string value) => value.Length < Longest && !Asks.IsMatch(value) && !Bound.IsMatch(value)
        && Word.Matches(Remark.Replace(value, string.Empty)).Cast<Match>().All(word => IsFactual(word.Value));

    /// <summary>
    /// Whether the value speaks of hardware, be it a fact or not: it names a size, a card or a processor.
    /// </summary>
    public static bool SpeaksOfHardware(string value) => Size.IsMatch(value) || AdapterKind.IsGpuName(value)
        || AdapterKind.IsProcessorName(value) || Processor.IsMatch(value);

    /// <summary>How many sizes a value has that differ.</summary>
    public static int Sizes(string value) => Size.Matches(value).Cast<Match>()
        .Select(match => match.Value.Replace(" ", string.Empty)).Distinct(StringComparer.OrdinalIgnoreCase).Count();

    private static bool IsFactual(string word) =>
        word.Any(c => char.IsDigit(c) || char.IsUpper(c) || !char.IsLower(c)) || Beside.Contains(word)
            || ColumnWords.Split(word) is not null;
}
