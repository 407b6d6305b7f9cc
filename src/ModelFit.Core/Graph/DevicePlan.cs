using ModelFit.Graph.Backends;
using ModelFit.Graph.Blocks;

namespace ModelFit.Graph;

/// <summary>
/// Which device each layer, weight and cache lies on (src/llama-model.cpp, load_tensors;
/// src/llama-model-loader.cpp, create_tensor), and the backends that take part.
/// </summary>
internal sealed class DevicePlan
{
    private readonly int[] _devices;
    private readonly bool _canScan;
    private readonly TensorOverrides? _overrides;

    public DevicePlan(ModelShape model, RuntimeOptions options, DeviceLayout layout)
    {
        var gpus = layout.Backend == ComputeBackend.Cpu ? 0 : Math.Max(0, layout.GpuCount);
        if (options.SplitMode == GpuSplitMode.None) gpus = Math.Min(gpus, 1);
        Backends = BackendProfiles.RulesOf(layout.Backend, gpus, out var host, out var cpu);
        Host = host;
        Cpu = cpu;
        OutputLayer = model.AllLayers;
        _canScan = !model.Shape.ScansState || Backends[0].Supports(StateScan.Probe(model));
        CpuMoeLayers = layout.CpuMoeLayers;
        _overrides = layout.TensorOverrides is { Count: > 0 } patterns ? TensorOverrides.Of(model, patterns) : null;
        _devices = LayerDevices.Of(layout, gpus, OutputLayer + 1);
        Repacking = gpus == 0 && options.Repack ? CpuRepacking.Of(layout.Processor) : CpuRepacking.None;
        IsFullyOffloaded = gpus > 0 && layout.GpuLayers > OutputLayer;
        MapsFile = gpus == 1 && options.MemoryMap && BackendProfiles.Of(layout.Backend).MapsFiles
            && (layout.MapsParts || (IsFullyOffloaded && CpuMoeLayers <= 0 && _overrides is null));
        Copies = IsFullyOffloaded && gpus > 1 && options.OffloadKv && options.SplitMode == GpuSplitMode.Layer
            && CpuMoeLayers <= 0 && _overrides is null && !layout.IsWithoutCopies && Backends[0].HasAsyncEvents
                ? Scheduler.PipelineCopies
                : 1;
    }

    /// <summary>The GPUs in order, the processor last.</summary>
    public BackendRules[] Backends { get; }

    public int GpuCount => Backends.Length - 1;

    /// <summary>System memory for weights: the first GPU's pinned memory, or plain memory without a GPU.</summary>
    public BufferType Host { get; }

    /// <summary>Plain system memory.</summary>
    public BufferType Cpu { get; }

    /// <summary>The number that stands for the output layer among the layers.</summary>
    public int OutputLayer { get; }

    /// <summary>Whether all layers, the output layer too, are on GPUs.</summary>
    public bool IsFullyOffloaded { get; }

    /// <summary>Whether the one GPU maps what it has from the file.</summary>
    public bool MapsFile { get; }

    /// <summary>In which form the processor keeps weights: the file's wherever a GPU takes part.</summary>
    public CpuRepacking Repacking { get; }

    /// <summary>Copies of the graph's inputs: several for pipeline parallelism.</summary>
    public int Copies { get; }

    /// <summary>First layers whose experts stay on the host.</summary>
    public int CpuMoeLayers { get; }

    /// <summary>Whether nothing is sent elsewhere than its layer but the experts of whole layers.</summary>
    public bool MovesLayersWhole => _overrides is null;

    /// <summary>Index of the GPU of a layer; -1 for the host.</summary>
    public int DeviceOf(int layer) => (uint)layer < (uint)_devices.Length ? _devices[layer] : -1;

    /// <summary>Index of the backend of a layer.</summary>
    public int BackendOf(int layer) => DeviceOf(layer) is >= 0 and var gpu ? gpu : GpuCount;

    /// <summary>The layer by which a weight is placed; -1 for the host, and for what several layers share.</summary>
    public int LayerOf(Weight weight) => weight.Home switch
    {
        WeightHome.Layer => weight.Layer,
        WeightHome.FirstLayer => 0,
        WeightHome.Output => OutputLayer,
        _ => -1,
    };

    /// <summary>The memory that a weight lies in when it is used by a layer.</summary>
    public BufferType BufferOf(Weight weight, int layer)
    {
        if (_overrides?.Target(weight) is { } target)
            return target < 0 || target >= GpuCount ? Host : Backends[target].Buffer;
        var gpu = DeviceOf(layer);
        if (weight.IsExpert && weight.Layer < CpuMoeLayers) gpu = -1;
        if (GpuCount == 0) return Host;
        if (!Backends[Math.Max(gpu, 0)].Holds(weight.Info) || (weight.IsStateMatrix && !_canScan)) return Cpu;
        return gpu < 0 ? Host : Backends[gpu].Buffer;
    }

    /// <summary>Whether a weight may lie on any of the GPUs.</summary>
    public bool HoldsEverywhere(Weight weight) =>
        Backends[0].Holds(weight.Info) && (!weight.IsStateMatrix || _canScan);

    /// <summary>The memory of a layer's cache.</summary>
    public BufferType CacheBufferOf(int layer, bool isOffloaded) =>
        isOffloaded && DeviceOf(layer) is >= 0 and var gpu ? Backends[gpu].Buffer : Cpu;
}
