namespace ModelFit.Hardware.Inventory;

/// <summary>Linux's <c>/proc/cpuinfo</c> on x86, ARM, RISC-V, POWER and s390.</summary>
/// <param name="Model">Name of the processor.</param>
/// <param name="Cores">Physical cores; null where the file does not tell.</param>
/// <param name="LogicalProcessors">Logical processors.</param>
/// <param name="Features">Instruction sets that llama.cpp's CPU backend uses.</param>
internal sealed record ProcCpuinfo(string? Model, int? Cores, int? LogicalProcessors, string? Features)
{
    /// <summary>Kernel flag and instruction set (ggml's GGML_* switches of ggml/CMakeLists.txt).</summary>
    private static readonly (string Flag, string Name)[] FeatureTable =
    {
        ("sse4_2", "SSE4.2"), ("avx", "AVX"), ("f16c", "F16C"), ("fma", "FMA"), ("bmi2", "BMI2"), ("avx2", "AVX2"),
        ("avx_vnni", "AVX-VNNI"), ("avx512f", "AVX512F"), ("avx512bw", "AVX512BW"), ("avx512_vbmi", "AVX512-VBMI"),
        ("avx512_vnni", "AVX512-VNNI"), ("avx512_bf16", "AVX512-BF16"), ("amx_tile", "AMX-TILE"),
        ("amx_int8", "AMX-INT8"), ("amx_bf16", "AMX-BF16"),
        ("neon", "NEON"), ("asimd", "NEON"), ("asimddp", "DOTPROD"), ("fphp", "FP16"), ("asimdhp", "FP16-VECTOR"),
        ("i8mm", "I8MM"), ("bf16", "BF16"), ("sve", "SVE"), ("sve2", "SVE2"), ("sme", "SME"), ("vx", "VX"),
        ("vxe", "VXE"), ("vxe2", "VXE2"),
    };

    /// <summary>ARM cores by implementer and part (ARM's MIDR register).</summary>
    private static readonly Dictionary<string, string> ArmParts = new(StringComparer.OrdinalIgnoreCase)
    {
        ["0x41/0xd03"] = "Cortex-A53", ["0x41/0xd05"] = "Cortex-A55", ["0x41/0xd07"] = "Cortex-A57",
        ["0x41/0xd08"] = "Cortex-A72", ["0x41/0xd0b"] = "Cortex-A76", ["0x41/0xd0c"] = "Neoverse-N1",
        ["0x41/0xd40"] = "Neoverse-V1", ["0x41/0xd42"] = "Cortex-A78AE", ["0x41/0xd49"] = "Neoverse-N2",
        ["0x41/0xd4f"] = "Neoverse-V2", ["0x41/0xd85"] = "Cortex-X925", ["0x41/0xd87"] = "Cortex-A725",
        ["0x41/0xd83"] = "Neoverse-V3AE", ["0x41/0xd84"] = "Neoverse-V3", ["0x41/0xd8e"] = "Neoverse-N3",
        ["0x4e/0x004"] = "Carmel", ["0xc0/0xac3"] = "Ampere-1", ["0xc0/0xac4"] = "Ampere-1a",
    };

    /// <summary>Reads the text of the file.</summary>
    public static ProcCpuinfo Parse(string text)
    {
        var entries = text.Split('\n').Select(Entry).Where(entry => entry.Key.Length > 0).ToList();
        string? First(params string[] keys) => keys
            .Select(key => entries.FirstOrDefault(entry => entry.Key == key).Value)
            .FirstOrDefault(value => !SizeText.IsBlank(value));
        var logical = entries.Count(entry => entry.Key == "processor" || IsS390Processor(entry.Key));
        return new ProcCpuinfo(
            First("model name", "cpu model", "Processor", "cpu", "uarch") ?? ArmModel(First, entries)
                ?? First("vendor_id"),
            CountCores(text),
            logical == 0 ? null : logical,
            FeatureNames(First("flags", "Features", "features")));
    }

    private static (string Key, string Value) Entry(string line)
    {
        var colon = line.IndexOf(':');
        return colon < 0 ? (string.Empty, string.Empty)
            : (line.Substring(0, colon).Trim(), line.Substring(colon + 1).Trim());
    }

    private static bool IsS390Processor(string key) =>
        key.StartsWith("processor ", StringComparison.Ordinal) && key.Length > 10 && char.IsDigit(key[10]);

    private static string? ArmModel(Func<string[], string?> first, List<(string Key, string Value)> entries)
    {
        var implementer = first(new[] { "CPU implementer" });
        var parts = entries.Where(entry => entry.Key == "CPU part").Select(entry => entry.Value).Distinct();
        var names = parts.Select(part => ArmParts.TryGetValue($"{implementer}/{part}", out var name) ? name : null)
            .Where(name => name is not null).ToList();
        var board = first(new[] { "Model", "Hardware" });
        if (names.Count == 0) return board;
        return string.Join(" + ", names) + (board is null ? string.Empty : $" ({board})");
    }

    /// <summary>Distinct pairs of package and core; a file without core ids does not tell.</summary>
    private static int? CountCores(string text)
    {
        var cores = new HashSet<string>(StringComparer.Ordinal);
        foreach (var block in text.Replace("\r", string.Empty).Split(new[] { "\n\n" }, StringSplitOptions.None))
        {
            var entries = block.Split('\n').Select(Entry).ToList();
            var core = entries.FirstOrDefault(entry => entry.Key == "core id").Value;
            if (core is not null)
                cores.Add(entries.FirstOrDefault(entry => entry.Key == "physical id").Value + "/" + core);
        }

        return cores.Count == 0 ? null : cores.Count;
    }

    /// <summary>The instruction sets behind the kernel's flags; null if there is none of them.</summary>
    public static string? FeatureNames(string? flags)
    {
        var present = new HashSet<string>((flags ?? string.Empty).Split(' '), StringComparer.Ordinal);
        var names = FeatureTable.Where(entry => present.Contains(entry.Flag)).Select(entry => entry.Name).Distinct();
        var text = string.Join(" ", names);
        return text.Length == 0 ? null : text;
    }
}
