using System.Threading;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>macOS by <c>sysctl</c> and <c>system_profiler</c>.</summary>
internal static class MacProbe
{
    private const int MaxChars = 4 << 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>What sysctl is asked.</summary>
    public static readonly string[] SysctlNames =
    {
        "hw.memsize", "hw.physicalcpu", "hw.logicalcpu", "machdep.cpu.brand_string", "iogpu.wired_limit_mb",
        "vm.page_free_count", "vm.page_purgeable_count", "hw.pagesize", "kern.osproductversion",
        "hw.optional.neon", "hw.optional.arm.FEAT_DotProd", "hw.optional.arm.FEAT_FP16", "hw.optional.arm.FEAT_I8MM",
        "hw.optional.arm.FEAT_BF16", "hw.optional.arm.FEAT_SME", "hw.optional.sse4_2", "hw.optional.avx1_0",
        "hw.optional.f16c", "hw.optional.fma", "hw.optional.bmi2", "hw.optional.avx2_0", "hw.optional.avx512f",
    };

    /// <summary>Switches of sysctl, and the instruction sets that llama.cpp uses.</summary>
    private static readonly (string Name, string Feature)[] Features =
    {
        ("neon", "NEON"), ("arm.FEAT_DotProd", "DOTPROD"), ("arm.FEAT_FP16", "FP16-VECTOR"), ("arm.FEAT_I8MM", "I8MM"),
        ("arm.FEAT_BF16", "BF16"), ("arm.FEAT_SME", "SME"), ("sse4_2", "SSE4.2"), ("avx1_0", "AVX"), ("f16c", "F16C"),
        ("fma", "FMA"), ("bmi2", "BMI2"), ("avx2_0", "AVX2"), ("avx512f", "AVX512F"),
    };

    /// <summary>What system_profiler is asked.</summary>
    public static readonly string[] ProfilerArguments =
    {
        "-json", "SPDisplaysDataType", "SPHardwareDataType", "SPSoftwareDataType", "SPMemoryDataType",
    };

    public static DetectedMachine Run(IMessageSink messages, CancellationToken cancellation)
    {
        var sysctl = Start("/usr/sbin/sysctl", SysctlNames, cancellation);
        var profiler = Start("/usr/sbin/system_profiler", ProfilerArguments, cancellation);
        return Read(sysctl.Result(messages, cancellation), profiler.Result(messages, cancellation));
    }

    /// <summary>The machine from what both printed; either may be missing.</summary>
    public static DetectedMachine Read(string? sysctl, string? profiler)
    {
        var values = (sysctl ?? string.Empty).Split('\n').Select(line => line.Split(new[] { ':' }, 2))
            .Where(parts => parts.Length == 2).GroupBy(parts => parts[0].Trim())
            .ToDictionary(group => group.Key, group => group.First()[1].Trim(), StringComparer.Ordinal);
        string? Value(string name) => values.TryGetValue(name, out var value) ? Fields.Text(value) : null;
        var report = new InventoryText(profiler ?? string.Empty);
        var machine = SystemProfilerJson.Recognizes(report)
            ? SystemProfilerJson.Machine(report.Json[0]) : new DetectedMachine(new MachineSpec(), null);
        var memory = Fields.PositiveBytes(Value("hw.memsize")) ?? machine.Facts.SystemMemoryBytes;
        var pages = Fields.Bytes(Value("vm.page_free_count")) + (Fields.Bytes(Value("vm.page_purgeable_count")) ?? 0);
        var facts = machine.Facts with
        {
            OperatingSystem = machine.Facts.OperatingSystem ?? (Value("kern.osproductversion") is { } version
                ? "macOS " + version : null),
            Cpu = Value("machdep.cpu.brand_string") ?? machine.Facts.Cpu,
            CoreCount = Fields.PositiveInteger(Value("hw.physicalcpu")) ?? machine.Facts.CoreCount,
            LogicalProcessorCount = Fields.PositiveInteger(Value("hw.logicalcpu")),
            CpuFeatures = Present(Value),
            SystemMemoryBytes = memory,
            SystemMemoryFreeBytes = pages * Fields.Bytes(Value("hw.pagesize")),
        };
        var limit = Fields.PositiveBytes(Value("iogpu.wired_limit_mb"), "MiB");
        return new DetectedMachine(facts, WithLimit(machine.Gpus, facts, memory, limit));
    }

    private static string? Present(Func<string, string?> value)
    {
        var names = Features.Where(entry => value("hw.optional." + entry.Name) == "1").Select(entry => entry.Feature);
        var text = string.Join(" ", names);
        return text.Length == 0 ? null : text;
    }

    private static IReadOnlyList<DetectedGpu>? WithLimit(
        IReadOnlyList<DetectedGpu>? gpus, MachineSpec machine, long? memory, long? limit)
    {
        if (gpus is null) return machine.Cpu?.StartsWith("Apple", StringComparison.Ordinal) == true
            ? new[] { Apple.Card(machine.Cpu, null, memory, limit, "sysctl") } : null;
        return gpus.Select(gpu => gpu.Facts.Vendor != "Apple" ? gpu : gpu with
        {
            NominalMemoryBytes = memory,
            Facts = gpu.Facts with { MemoryBytes = limit ?? (memory is { } all ? Apple.WorkingSetBytes(all) : null) },
        }).ToList();
    }

    private static Probe<string> Start(string program, string[] arguments, CancellationToken cancellation) => new(
        program,
        Limit,
        (_, token) => ChildProcess.RunAsync(program, arguments, null, Limit, MaxChars, token)
            .GetAwaiter().GetResult().Output,
        cancellation);
}
