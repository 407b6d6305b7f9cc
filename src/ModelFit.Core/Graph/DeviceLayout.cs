namespace ModelFit.Graph;

/// <summary>
/// Where a model is told to go, in llama.cpp's own terms: the question that the memory model answers for one placement.
/// </summary>
public sealed record DeviceLayout
{
    /// <summary>The backend of the GPUs; <see cref="ComputeBackend.Cpu"/> without any.</summary>
    public ComputeBackend Backend { get; init; } = ComputeBackend.Cuda;

    /// <summary>Number of GPUs that take part.</summary>
    public int GpuCount { get; init; } = 1;

    /// <summary>Layers on the GPUs, the output layer counted (<c>-ngl</c>).</summary>
    public int GpuLayers { get; init; } = int.MaxValue;

    /// <summary>
    /// Whether the output layer is on a GPU only where all others are, as builds of llama.cpp until December 2025 had
    /// it.
    /// </summary>
    public bool IsOutputLast { get; init; }

    /// <summary>First layers whose experts stay on the host (<c>--n-cpu-moe</c>).</summary>
    public int CpuMoeLayers { get; init; }

    /// <summary>
    /// Share of each GPU (<c>-ts</c>, or the free memory that llama.cpp uses instead); null is equal shares.
    /// </summary>
    public EquatableArray<double>? Split { get; init; }

    /// <summary>
    /// Whether the graph's inputs have no copies for pipeline parallelism: llama.cpp reserves again without them where
    /// they find no room (src/llama-context.cpp, sched_reserve).
    /// </summary>
    public bool IsWithoutCopies { get; init; }

    /// <summary>
    /// Whether a GPU that maps the file takes all of the file between the first and the last of its tensors too where
    /// it has a part of the model: a launch does, unless it is told to copy.
    /// </summary>
    public bool MapsParts { get; init; }

    /// <summary>The processor's kernels, which matter where no GPU takes part.</summary>
    public ProcessorKernels Processor { get; init; }

    /// <summary>
    /// <c>--override-tensor</c> patterns (.NET regular expressions over tensor names) whose tensors go to the host or
    /// to another GPU, first match wins: <c>pattern=CPU</c>, <c>pattern=CUDA1</c>.
    /// </summary>
    public EquatableArray<string>? TensorOverrides { get; init; }
}
