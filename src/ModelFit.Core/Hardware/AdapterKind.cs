using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Hardware;

/// <summary>What a display adapter is, by vendor and name.</summary>
internal static class AdapterKind
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly (string Word, string Vendor)[] VendorWords =
    {
        ("nvidia", "NVIDIA"), ("geforce", "NVIDIA"), ("quadro", "NVIDIA"), ("tesla", "NVIDIA"), ("titan", "NVIDIA"),
        ("grid ", "NVIDIA"), ("radeon", "AMD"), ("amd", "AMD"), ("ati ", "AMD"), ("instinct", "AMD"),
        ("advanced micro devices", "AMD"), ("firepro", "AMD"), ("apple", "Apple"), ("intel", "Intel"),
        ("rtx ", "NVIDIA"), ("gtx ", "NVIDIA"), ("qualcomm", "Qualcomm"), ("adreno", "Qualcomm"),
        ("moore threads", "Moore Threads"), ("mtt s", "Moore Threads"), ("huawei", "Huawei"), ("ascend", "Huawei"),
    };

    private static readonly (string Id, string Vendor)[] VendorIds =
    {
        ("10DE", "NVIDIA"), ("1002", "AMD"), ("1022", "AMD"), ("8086", "Intel"), ("106B", "Apple"),
    };

    /// <summary>Virtual, remote, basic, old and management-controller adapters: nothing to compute on.</summary>
    private static readonly Regex Software = new(
        @"microsoft (basic|remote|hyper-v|indirect)|hyper-v video|basic (display|render)|remote display|" +
        @"virtual (display|desktop|monitor)|vmware|virtualbox|svga ?(3d|ii)|qxl|virtio|bochs|cirrus|llvmpipe|" +
        @"swiftshader|swrast|aspeed|matrox|mga g200|parsec|displaylink|displayport over usb|usb mobile monitor|" +
        @"citrix|idd |indirect display|mirage driver|dameware|spacedesk|teamviewer|red hat.*display|" +
        @"standard vga|hisilicon.*(hibmc|ibmc)|hibmc|xgi technology|\b(?:3d )?rage\b|mach ?64|\bes ?1000\b|" +
        @"silicon motion|nvswitch|radmin|sudomaker|oray",
        Options);

    private static readonly Regex IntelDiscrete = new(
        @"\barc\b.*\b[ab]\d{2,3}m?\b|\bdata center gpu\b|\b(max|flex) \d{2,4}\b|iris.*\bxe max\b|\bdg[12]\b|" +
        @"battlemage|alchemist|ponte vecchio", Options);

    private static readonly Regex AmdIntegrated = new(
        @"^(amd )?(radeon|ati)(\(tm\))? (r[2-7] |hd \d{4}[dg] )?(vega \d+ )?graphics$|" +
        @"\bradeon(\(tm\))? (graphics )?(6[0-9]0m|7[0-9]0m|8[0-9]0m|80[0-9]{2}s)\b|" +
        @"\bradeon(\(tm\))? (rx )?vega (2|3|5|6|7|8|9|10|11)\b( graphics|$|\])|" +
        @"\b(raphael|rembrandt|renoir|cezanne|phoenix\d?|raven|picasso|lucienne|barcelo|mendocino|hawk ?point\d?|" +
        @"krackan|strix|granite ridge|van ?gogh|dragon range|kaveri|carrizo|godavari|stoney|wani|bristol)\b", Options);

    private static readonly Regex Gpu = new(
        @"geforce|quadro|\btesla [a-z]?\d|\b[rg]tx[ -]?(pro )?a?\d|\btitan\b|\bradeon\b|fire(pro|gl)|" +
        @"\binstinct\b|" +
        @"\barc\b.*\b([abp]\d{2,3}m?|graphics|pro)\b|\b(u?hd|iris|xe)\b.*\bgraphics\b|\bgraphics \d{3}\b|" +
        @"\bnvidia [a-z]{1,2}\d|\badreno\b|\bgaudi|\bascend ?\d|\bmtt s\d|\bdata center gpu\b|" +
        @"\b[vahbl]\d{2,3}[a-z]?-(sxm|pcie)|\bmi\d{2,3}x?\b|\bgrid [a-z]", Options);

    private static readonly Regex Processor = new(
        @"\b(ryzen|threadripper|athlon|epyc|xeon|celeron|pentium|snapdragon)\b|\bi[3579]-\d{4,5}|\bcpu\b|" +
        @"\bcore(\(tm\))? ?(i\d|ultra|2|m\d)|\bprocessor\b|^\d{4}x(3d)?$|^\d{4,5}k[fs]?$", Options);

    /// <summary>Device ids of AMD's GPUs inside processors (pci.ids), as first and last of each series.</summary>
    private static readonly (int First, int Last)[] AmdProcessors =
    {
        (0x1304, 0x131D), (0x9640, 0x964F), (0x9802, 0x980A), (0x9830, 0x985F), (0x9870, 0x9877), (0x98E4, 0x98E4),
        (0x9900, 0x999F), (0x15D8, 0x15D8), (0x15DD, 0x15DD), (0x1636, 0x1638), (0x163F, 0x163F), (0x164C, 0x164E),
        (0x15E7, 0x15E7), (0x1681, 0x1681), (0x1506, 0x1506), (0x15BF, 0x15BF), (0x15C8, 0x15C8), (0x1900, 0x1902),
        (0x150E, 0x150E), (0x1586, 0x1586), (0x13C0, 0x13C0), (0x1114, 0x1114),
    };

    /// <summary>Targets of GPUs inside processors (LLVM's AMDGPU usage, table of processors, "APU").</summary>
    private static readonly string[] ProcessorTargets =
    {
        "gfx801", "gfx902", "gfx909", "gfx90c", "gfx1033", "gfx1035", "gfx1036", "gfx1037", "gfx1103", "gfx1150",
        "gfx1151", "gfx1152", "gfx1153",
    };

    /// <summary>Units for neural networks beside the GPU: Intel's, AMD's and Qualcomm's.</summary>
    private static readonly Regex Neural = new(
        @"\bai boost\b|\bnpu\b|neural processing|\bai engine\b|\bvpu\b|\bipu device\b|\bhexagon\b|\bgna\b", Options);

    /// <summary>Whether the adapter is a neural processing unit: no GPU, and no memory of its own.</summary>
    public static bool IsNpu(PciId? id, string? name) => (name is not null && name.Length < 200 && Neural.IsMatch(name)
        && Vendor(id, name) is "Intel" or "AMD" or "Qualcomm" or null)
        || id is { Vendor: "1022", Device: "1502" or "17F0" }
        || id is { Vendor: "8086", Device: "7D1D" or "643E" or "AD1D" or "B03E" or "FD3E" or "7E1D" or "D71D" };

    /// <summary>Whether a text names a GPU, known or not, and no processor that has one inside.</summary>
    public static bool IsGpuName(string? name) =>
        name is { Length: > 3 and < 200 } && !Processor.IsMatch(name)
            && (Gpu.IsMatch(name) || (name.StartsWith("NVIDIA-", StringComparison.Ordinal)
                && Gpu.IsMatch(name.Replace('-', ' '))));

    /// <summary>Whether a text names a processor.</summary>
    public static bool IsProcessorName(string? name) => name is { Length: > 3 and < 200 } && Processor.IsMatch(name);

    /// <summary>Whether an id is one of a GPU inside a processor whose name may not tell.</summary>
    public static bool IsProcessor(PciId? id) => id is { Vendor: "1002" }
        && int.TryParse(id.Device, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var device)
        && AmdProcessors.Any(series => device >= series.First && device <= series.Last);

    /// <summary>Whether a target, <c>gfx1103</c>, is one of a GPU inside a processor.</summary>
    public static bool IsProcessorTarget(string? target) => ProcessorTargets.Contains(target);

    /// <summary>The vendor of a card from its PCI id or a word in its name; null if neither tells.</summary>
    public static string? Vendor(PciId? id, string? name) =>
        VendorIds.FirstOrDefault(entry => entry.Id == id?.Vendor).Vendor
            ?? VendorWords.FirstOrDefault(entry => Contains(name, entry.Word)).Vendor;

    /// <summary>The PCI id of a vendor by a word in its name; null if it has none here.</summary>
    public static string? VendorId(string? name) => Vendor(null, name) is { } vendor
        ? VendorIds.FirstOrDefault(entry => entry.Vendor == vendor).Id : null;

    /// <summary>Whether the adapter only shows pictures.</summary>
    public static bool IsSoftware(PciId? id, string? name) =>
        id?.Vendor is "1414" or "15AD" or "80EE" or "1AF4" or "1234" or "1A03" or "102B" or "1013" or "1B36" or "19E5"
            || (name is not null && Software.IsMatch(name));

    /// <summary>Whether the name is one of a GPU inside a processor.</summary>
    public static bool IsIntegrated(string? vendor, string? name) => vendor switch
    {
        "Apple" => true,
        "Intel" => name is null || !IntelDiscrete.IsMatch(name),
        "AMD" => name is not null && AmdIntegrated.IsMatch(name),
        "NVIDIA" => name is not null && (Contains(name, "GB10") || Contains(name, "Tegra") || Contains(name, "Orin")
            || Contains(name, "Thor") || Contains(name, "Xavier")) && !Contains(name, "GB100"),
        _ => false,
    };

    private static bool Contains(string? text, string word) =>
        text?.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
}
