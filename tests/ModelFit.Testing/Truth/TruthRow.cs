using System.Globalization;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>
/// One question that llama.cpp was asked, and what it said a device: the GPUs in order, the host last, each
/// {weights, cache, compute} in bytes.
/// </summary>
internal sealed record TruthRow(
    string Model, string Backend, RuntimeOptions Options, DeviceLayout Layout, bool FlashAttention, long[][] Devices)
{
    private const int FirstDevice = 16;

    /// <summary>The rows of a file: <c># model</c>, then its rows.</summary>
    public static IEnumerable<TruthRow> Read(string path)
    {
        var model = string.Empty;
        foreach (var line in CompactHeaders.ReadLines(path))
        {
            if (line[0] == '#') model = line[2..];
            else yield return Parse(model, line.Split(' '));
        }
    }

    /// <inheritdoc/>
    public override string ToString() =>
        $"{Model} {Backend} x{Layout.GpuCount} split {Text(Layout.Split)} {Options.SplitMode} "
        + $"ctx {Options.ContextLength}x{Options.ParallelSequences} ub {Options.MicroBatchSize} "
        + $"out {Options.OutputCount} "
        + $"{Options.KeyCacheType}/{Options.ValueCacheType} fa {Options.FlashAttention} ngl {Layout.GpuLayers} "
        + $"ncmoe {Layout.CpuMoeLayers} {(Options.OffloadKv ? "" : "kv-host ")}{(Options.KvUnified ? "unified " : "")}"
        + $"{(Options.SwaFull ? "swa-full " : "")}{(Options.OffloadOperations ? "" : "no-op-offload")}";

    private static string Text(EquatableArray<double>? split) => split is null ? "-" : string.Join('/', split);

    private static TruthRow Parse(string model, string[] f)
    {
        int Number(int index) => int.Parse(f[index], CultureInfo.InvariantCulture);
        var flags = f[14];
        var sequences = Number(7);
        // The processor by its kernels: cpu is one with AVX2, others say it, as in cpu-amx.
        var device = f[0].Split('-');
        var backend = Enum.Parse<ComputeBackend>(device[0], ignoreCase: true);
        var processor = device.Length == 1 ? default : Enum.Parse<ProcessorKernels>(device[1], ignoreCase: true);
        var options = new RuntimeOptions
        {
            ContextLength = flags.Contains('u') ? Number(4) : Number(4) / sequences,
            BatchSize = Number(5), MicroBatchSize = Number(6),
            ParallelSequences = sequences, OutputCount = Number(8),
            KeyCacheType = CacheType(f[9]), ValueCacheType = CacheType(f[10]),
            FlashAttention = Enum.Parse<FlashAttentionMode>(f[11], ignoreCase: true),
            SplitMode = f[3] == "n" ? GpuSplitMode.None : GpuSplitMode.Layer,
            OffloadKv = !flags.Contains('k'), KvUnified = flags.Contains('u'), SwaFull = flags.Contains('s'),
            OffloadOperations = !flags.Contains('o'), Repack = !flags.Contains('r'),
        };
        var split = f[2] == "-"
            ? null
            : f[2].Split(',').Select(part => double.Parse(part, CultureInfo.InvariantCulture));
        var layout = new DeviceLayout
        {
            Backend = backend, GpuCount = Number(1), GpuLayers = Number(12), CpuMoeLayers = Number(13),
            Processor = processor,
            Split = split is null ? null : new EquatableArray<double>(split),
        };
        var devices = f.Skip(FirstDevice).Select(Figures).ToArray();
        return new TruthRow(model, f[0], options, layout, f[15] == "1", devices);
    }

    private static long[] Figures(string text) =>
        text.Split(',').Select(part => long.Parse(part, CultureInfo.InvariantCulture)).ToArray();

    private static KvCacheType CacheType(string name) =>
        TensorTypes.TryParse(name, out var type) ? (KvCacheType)type : throw new FormatException(name);
}
