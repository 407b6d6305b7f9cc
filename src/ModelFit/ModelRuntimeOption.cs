using System.Globalization;

namespace ModelFit;

/// <summary>What few people touch of how a model is run; null and false are the runtime's own defaults.</summary>
public sealed class ModelRuntimeOption
{
    /// <summary>Rows of logits kept; null is llama-server's one a sequence.</summary>
    public int? OutputCount { get; internal init; }

    /// <summary>One cache shared by all sequences (<c>--kv-unified</c>).</summary>
    public bool KvUnified { get; internal init; }

    /// <summary>A full-size cache for sliding-window layers too (<c>--swa-full</c>).</summary>
    public bool SwaFull { get; internal init; }

    /// <summary>The KV cache stays in system memory (<c>--no-kv-offload</c>).</summary>
    public bool NoKvOffload { get; internal init; }

    /// <summary>Large host operations stay on the processor (<c>--no-op-offload</c>).</summary>
    public bool NoOpOffload { get; internal init; }

    /// <summary>The file is read instead of mapped (<c>--no-mmap</c>).</summary>
    public bool NoMmap { get; internal init; }

    /// <summary>Host weights are not repacked for the processor (<c>--no-repack</c>).</summary>
    public bool NoRepack { get; internal init; }

    /// <summary>How several GPUs share the model: <c>Layer</c>, <c>Row</c> or <c>None</c>.</summary>
    public string? SplitMode { get; internal init; }

    /// <summary>Share of each GPU as llama.cpp's <c>-ts</c> takes it, for example <c>3,1</c>.</summary>
    public string? TensorSplit { get; internal init; }

    /// <summary>The GPU that is used where one is.</summary>
    public int? MainGpu { get; internal init; }

    /// <summary>The backend: <c>Cpu</c>, <c>Cuda</c>, <c>Hip</c>, <c>Vulkan</c> or <c>Metal</c>.</summary>
    public string? Backend { get; internal init; }

    /// <summary>The multi-token-prediction layers and their context are loaded too.</summary>
    public bool LoadMtp { get; internal init; }

    /// <summary>The runtime's configuration with these settings, all else at its default.</summary>
    internal RuntimeOptions ToOptions() => new()
    {
        OutputCount = OutputCount,
        KvUnified = KvUnified,
        SwaFull = SwaFull,
        OffloadKv = !NoKvOffload,
        OffloadOperations = !NoOpOffload,
        MemoryMap = !NoMmap,
        Repack = !NoRepack,
        SplitMode = SplitMode is null ? default : Parse<GpuSplitMode>(SplitMode),
        TensorSplit = TensorSplit is null ? null : new(TensorSplit.Split(',').Select(Share)),
        MainGpu = MainGpu ?? 0,
        Backend = Backend is null ? null : Parse<ComputeBackend>(Backend),
        LoadMtp = LoadMtp,
    };

    private static T Parse<T>(string name)
        where T : struct => (T)Enum.Parse(typeof(T), name, ignoreCase: true);

    private static double Share(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
