namespace ModelFit;

/// <summary>
/// One question, fully resolved: one model, at most one quantization, one machine, one set of options. The module makes
/// it from what was bound; everything in Core is a pure function of it.
/// </summary>
public sealed record FitQuestion
{
    /// <summary>Free memory kept on each card unless the question says otherwise: llama.cpp's own margin.</summary>
    public const long DefaultReserveBytes = 1L << 30;

    /// <summary>The model.</summary>
    public required ModelSpec Model { get; init; }

    /// <summary>A name of the quantization catalog; null is the file's own, else Q4_K_M.</summary>
    public string? Quantization { get; init; }

    /// <summary>Files that are loaded beside the model; null for none.</summary>
    public EquatableArray<CompanionFile>? Companions { get; init; }

    /// <summary>Bytes that those files take on the first card, or in system memory where there is none.</summary>
    public long CompanionBytes => Companions?.Sum(file => file.DeviceBytes) ?? 0;

    /// <summary>Bytes that those files take in system memory beside a card.</summary>
    internal long CompanionHostBytes => Companions?.Sum(file => file.BesideBytes) ?? 0;

    /// <summary>A model that drafts tokens for this one; null for none.</summary>
    public DraftModel? Draft { get; init; }

    /// <summary>
    /// Servers whose devices take part (llama.cpp's <c>--rpc</c>), which nobody knows the memory of; null for none.
    /// </summary>
    public EquatableArray<string>? Workers { get; init; }

    /// <summary>The machine; null only where the question needs no hardware.</summary>
    public MachineSpec? Machine { get; init; }

    /// <summary>The runtime's configuration.</summary>
    public RuntimeOptions Options { get; init; } = new();

    /// <summary>
    /// Tokens that the model was trained for, or that YaRN makes of them (src/llama-context.cpp,
    /// llama_init_from_model); null if they are not known.
    /// </summary>
    internal int? TrainedContext =>
        Options.YarnScale is { } scale && (Options.YarnContext ?? Model.TrainedContextLength) is { } original
            ? (int)Math.Min(int.MaxValue, original * scale)
            : Model.TrainedContextLength;

    /// <summary>How the model is used once it runs: what its speed is predicted for.</summary>
    public ServingLoad Load { get; init; } = ServingLoad.Default;

    /// <summary>How far measurements were from predictions, by machine; null for none.</summary>
    public EquatableArray<SpeedCalibration>? Calibration { get; init; }

    /// <summary>Bytes kept free on each card.</summary>
    public long ReserveBytes { get; init; } = DefaultReserveBytes;

    /// <summary>
    /// Bytes that the runtime takes on each card outside llama.cpp's books; null is what is typical of the backend.
    /// </summary>
    public long? OverheadBytes { get; init; }

    /// <summary>Count total memory even where free memory was detected.</summary>
    public bool IgnoreUsage { get; init; }

    /// <summary>Pin: layers on the GPUs, the output layer counted; null lets the planner choose.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Pin: first layers whose experts stay in system memory; null lets the planner choose.</summary>
    public int? CpuMoeLayers { get; init; }

    /// <summary>Pin: <c>--override-tensor</c> patterns with where they go, first match wins; null for none.</summary>
    public EquatableArray<string>? TensorOverrides { get; init; }

    /// <summary>
    /// Whether the pins are those of a launch line, which llama.cpp follows without looking for anything better: what
    /// they leave open has its default (all layers, shares of the free memory).
    /// </summary>
    public bool IsLaunched { get; init; }

    /// <summary>
    /// What the runtime's own fit to free memory may choose at its start; null where it chooses nothing.
    /// </summary>
    public RuntimeFit? Fit { get; init; }

    /// <summary>Whether the runtime's own fit placed the layers, so that it need not be told of them.</summary>
    public bool IsFit { get; init; }

    /// <summary>What the runtime made of the question before it was answered, as words; null if nothing.</summary>
    public string? Settled { get; init; }

    /// <summary>
    /// Whether nobody said the quantization, so that the usual one stands in <see cref="Quantization"/>.
    /// </summary>
    public bool IsQuantizationSupposed { get; init; }

    /// <summary>Whether the name of a model, or a launch line, said the quantization.</summary>
    public bool IsQuantizationNamed { get; init; }

    /// <summary>Whether nobody said the context, so that its usual length was taken.</summary>
    public bool IsContextSupposed { get; init; }

    /// <summary>What is loaded and not counted, or not known, as words; null for nothing.</summary>
    public EquatableArray<string>? Uncounted { get; init; }

    /// <summary>Pin: indices of the cards that may take part (<c>--device</c>); null for all.</summary>
    public EquatableArray<int>? Devices { get; init; }

    /// <summary>
    /// Pin: the cards that a driver shows the program, by number or UUID (<c>CUDA_VISIBLE_DEVICES</c>), among which
    /// <see cref="Devices"/> counts; null for all, or where they stand in <see cref="Devices"/> already.
    /// </summary>
    public EquatableArray<string>? VisibleDevices { get; init; }

    /// <summary>Whether Ollama takes integrated GPUs (<c>OLLAMA_IGPU_ENABLE</c>); null for those that it usually does.
    /// </summary>
    public bool? TakesIntegrated { get; init; }

    /// <summary>
    /// The one library that Ollama tries (<c>OLLAMA_LLM_LIBRARY</c>: <c>cpu</c>, <c>cuda_v13</c>, <c>rocm</c>,
    /// <c>vulkan</c>), or <c>no vulkan</c>; null for all.
    /// </summary>
    public string? CardLibrary { get; init; }

    /// <summary>Pin: number of cards that share each layer (<c>--tensor-parallel-size</c>); null if free.</summary>
    public int? CardCount { get; init; }

    /// <summary>Share of each card's memory that vLLM may take; null lets the planner choose.</summary>
    public double? MemoryUtilization { get; init; }
}
