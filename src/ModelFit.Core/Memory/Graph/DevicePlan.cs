using System;
using ModelFit.Memory.Graph.Backends;
using ModelFit.Memory.Graph.Blocks;

namespace ModelFit.Memory.Graph;

/// <summary>
/// Which device each layer, weight and cache lies on (src/llama-model.cpp, load_tensors;
/// src/llama-model-loader.cpp, create_tensor), and the backends that take part.
/// </summary>
internal sealed class DevicePlan
{
    private readonly int[] _devices;
    private readonly int _cpuMoeLayers;
    private readonly bool _canScan;
    private readonly TensorOverrides? _overrides;

    public DevicePlan(ModelShape model, RuntimeOptions options, DeviceLayout layout)
    {
        var gpus = layout.Backend == ComputeBackend.Cpu ? 0 : Math.Max(0, layout.GpuCount);
        if (options.SplitMode == GpuSplitMode.None) gpus = Math.Min(gpus, 1);
        Backends = BackendSet.Create(layout.Backend, gpus, out var host, out var cpu);
        Host = host;
        Cpu = cpu;
        OutputLayer = model.AllLayers;
        _canScan = !model.Architecture.ScansState || Backends[0].Supports(StateScan.Probe(model));
        _cpuMoeLayers = layout.CpuMoeLayers;
        _overrides = layout.TensorOverrides is { Count: > 0 } patterns ? TensorOverrides.Of(model, patterns) : null;
        _devices = PlaceLayers(OutputLayer + 1, gpus, layout);
        IsFullyOffloaded = gpus > 0 && layout.GpuLayers > OutputLayer;
        Copies = IsFullyOffloaded && gpus > 1 && options.OffloadKv && options.SplitMode == GpuSplitMode.Layer
            && _cpuMoeLayers <= 0 && _overrides is null && Backends[0].HasAsyncEvents ? Scheduler.PipelineCopies : 1;
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

    /// <summary>Copies of the graph's inputs: several for pipeline parallelism.</summary>
    public int Copies { get; }

    /// <summary>Index of the GPU of a layer; -1 for the host.</summary>
    public int DeviceOf(int layer) => (uint)layer < (uint)_devices.Length ? _devices[layer] : -1;

    /// <summary>Index of the backend of a layer.</summary>
    public int BackendOf(int layer) => DeviceOf(layer) is >= 0 and var gpu ? gpu : GpuCount;

    /// <summary>The memory that a weight lies in when it is used by a layer.</summary>
    public BufferType BufferOf(WeightSlot weight, int layer)
    {
        if (_overrides?.Target(weight) is { } target)
            return target < 0 || target >= GpuCount ? Host : Backends[target].Buffer;
        var gpu = DeviceOf(layer);
        if (weight.IsExpert && weight.Layer < _cpuMoeLayers) gpu = -1;
        if (GpuCount == 0) return Host;
        if (!Backends[Math.Max(gpu, 0)].Holds(weight.Info) || (weight.IsStateMatrix && !_canScan)) return Cpu;
        return gpu < 0 ? Host : Backends[gpu].Buffer;
    }

    /// <summary>The memory of a layer's cache.</summary>
    public BufferType CacheBufferOf(int layer, bool isOffloaded) =>
        isOffloaded && DeviceOf(layer) is >= 0 and var gpu ? Backends[gpu].Buffer : Cpu;

    private static int[] PlaceLayers(int count, int gpus, DeviceLayout layout)
    {
        var devices = new int[count];
        var offloaded = layout.GpuLayers < 0 ? count : Math.Min(layout.GpuLayers, count);
        var first = count - offloaded;
        var cuts = gpus > 1 ? Cuts(gpus, layout.Split) : null;
        for (var i = 0; i < count; i++)
        {
            if (gpus == 0 || i < first) devices[i] = -1;
            else if (cuts is not null) devices[i] = DeviceAt(cuts, (i - first) / (float)offloaded);
        }

        return devices;
    }

    // All in single precision, as llama.cpp has it: the borders depend on the rounding.
    private static float[] Cuts(int gpus, EquatableArray<double>? shares)
    {
        var cuts = new float[gpus];
        var sum = 0f;
        for (var i = 0; i < gpus; i++)
        {
            sum += shares is null || shares.Count == 0 ? 1f : i < shares.Count ? (float)shares[i] : 0f;
            cuts[i] = sum;
        }

        for (var i = 0; i < gpus; i++) cuts[i] = sum > 0 ? cuts[i] / sum : (i + 1f) / gpus;
        return cuts;
    }

    private static int DeviceAt(float[] cuts, float position)
    {
        for (var i = 0; i < cuts.Length; i++)
            if (cuts[i] > position) return i;
        return cuts.Length - 1;
    }
}
