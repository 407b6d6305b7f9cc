using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Memory;

/// <summary>
/// Measures one question as llama.cpp reserves memory for it (src/llama-context.cpp, sched_reserve and
/// resolve_fused_ops): builds the graphs, schedules and lays them out, and adds up what lies on each device.
/// </summary>
internal sealed class Measurement
{
    private const int SmallBatch = 32;

    /// <summary>The host begins with the inputs, and may end what no GPU runs.</summary>
    private const int HostSplits = 2;

    private readonly Architecture _architecture;
    private readonly ModelShape _model;
    private readonly RuntimeOptions _options;
    private readonly DeviceLayout _layout;
    private readonly DevicePlan _devices;
    private readonly Scheduler _scheduler;
    private readonly bool _isReal;
    private readonly bool _isDraft;
    private readonly bool _isShared;
    private readonly int[] _splits;

    private Measurement(
        ModelDefinition definition,
        RuntimeOptions options,
        DeviceLayout layout,
        bool isReal,
        bool isShared,
        bool isDraft = false)
    {
        _isDraft = isDraft;
        var model = ModelShapes.Of(definition);
        _architecture = ModelShapes.ArchitectureOf(definition);
        _model = model;
        _options = model.Shape.RefusesFlashAttention
            ? options with { FlashAttention = FlashAttentionMode.Off }
            : options;
        if (model.Shape.HasEncoder) _options = _options with { OutputCount = 0 };
        _layout = layout;
        _devices = new DevicePlan(model, _options, layout);
        _scheduler = new Scheduler(_devices.Backends, options.OffloadOperations);
        _splits = new int[_devices.Backends.Length];
        _isReal = isReal;
        _isShared = isShared && !isDraft && _devices.GpuCount > 0;
    }

    /// <summary>
    /// The memory of a model. <paramref name="isReal"/> says whether as really allocated, or as llama.cpp's
    /// no-allocation mode (its <c>--fit</c>) reports it, <paramref name="isShared"/> whether what was found for a
    /// layout that differs in nothing but repetitions may be taken.
    /// </summary>
    public static MemoryEstimate Run(
        ModelDefinition model, RuntimeOptions options, DeviceLayout layout, bool isReal, bool isShared)
    {
        var main = new Measurement(model, options, layout, isReal, isShared);
        var memory = main.Run();
        return options is { LoadMtp: true, Speculation: { } speculation } && main._model.AllLayers > main._model.Layers
            ? With(memory, DraftOf(model, options, speculation, layout, isReal), main._architecture)
            : memory;
    }

    /// <summary>
    /// What the draft context takes beside the main one: a cache of its own layers over the same length, and buffers
    /// (common/speculative.cpp, common_speculative_init_result).
    /// </summary>
    private static MemoryEstimate DraftOf(
        ModelDefinition model, RuntimeOptions options, Speculation speculation, DeviceLayout layout, bool isReal)
    {
        var own = options with
        {
            Speculation = null,
            OutputCount = null,
            KeyCacheType = speculation.KeyCacheType,
            ValueCacheType = speculation.ValueCacheType,
        };
        return new Measurement(model, own, layout, isReal, isShared: false, isDraft: true).Run();
    }

    private static MemoryEstimate With(MemoryEstimate memory, MemoryEstimate draft, Architecture architecture)
    {
        var devices = memory.Devices.Select((device, i) => device with
        {
            KvCacheBytes = device.KvCacheBytes + draft.Devices[i].KvCacheBytes,
            ComputeBytes = device.ComputeBytes + draft.Devices[i].ComputeBytes,
            OutputBytes = device.OutputBytes + draft.Devices[i].OutputBytes,
        });
        return memory with
        {
            Devices = devices.ToArray(),
            Accuracy = Worst(memory.Accuracy, architecture.IsDraftCompared ? Accuracy.Exact : Accuracy.Modelled),
            Assumption = memory.Assumption ?? (architecture.IsDraftCompared
                ? null
                : $"Drafting of '{architecture.Name}' is computed as for another architecture, and was not compared."),
        };
    }

    private MemoryEstimate Run()
    {
        var weights = WeightSums.Of(_model, _devices, _options, _devices.Repacking);
        var graphs = _isShared ? Known(weights.Tensors) : Graphs(weights.Tensors);
        var untested = Untested();
        var bytes = _isDraft ? new long[weights.Bytes.Length]
            : _isReal && _devices.MapsFile ? MappedFile.Of(_model, _options, _devices)
            : weights.Bytes;
        var accuracy = Worst(Worst(_model.Definition.Accuracy, _architecture.Accuracy), untested.Accuracy);
        var refusal = IsFollowed
            ? GraphRoom.Refusal(
                _model, graphs.Frame.Nodes, graphs.Frame.Leafs + weights.Tensors, graphs.Frame.Tokens, weights.Tensors)
            : null;
        return Sum(bytes, graphs, accuracy) with { Assumption = untested.Why, Refusal = refusal };
    }

    /// <summary>
    /// The graph figures, put together from devices like these as far as they were measured before; graphs of the rest
    /// have only the layers that it follows from.
    /// </summary>
    private GraphFigures Known(int tensors)
    {
        var all = KnownFigures.Of(_model, new(_options, _layout.Backend, _layout.Processor, _isReal));
        var pattern = new LayoutPattern(_model, _devices, _options);
        var found = all.Find(_devices.Backends.Length, pattern);
        if (found is { IsWhole: true }) return found;
        var layers = found is null ? null : pattern.LayersOf(device => found.Compute[device] is null);
        var figures = Graphs(tensors, layers);
        if (layers is not null && figures.Frame.FlashAttention != found!.Frame.FlashAttention)
            (figures, layers) = (Graphs(tensors), null);
        if (layers is not null)
        {
            var compute = found!.Compute.Zip(figures.Compute, (known, rest) => known ?? rest);
            figures = new GraphFigures(compute.ToArray(), found.Frame);
        }

        return all.Add(
            figures, found, pattern,
            device => _devices.Copies == 1 || _splits[device] <= (device == _devices.GpuCount ? HostSplits : 1));
    }

    /// <summary>Builds the graphs, schedules and lays them out.</summary>
    private GraphFigures Graphs(int tensors, IReadOnlyList<int>? layers = null)
    {
        var settings = new GraphSettings(_options);
        Prepared? oneToken = null;
        foreach (var op in Negotiable())
        {
            oneToken ??= Prepare(settings.ForOneToken(), true, layers);
            if (RunsOnItsLayers(oneToken.Builder, op)) continue;
            settings = settings.Without(op);
            oneToken = null;
        }

        // One graph at a time: what is alive while the next one is built, the collector has to copy.
        var small = _isReal ? Allocate((oneToken ?? Prepare(settings.ForOneToken(), true, layers)).Graph) : null;
        oneToken = null;
        var prompt = Prepare(settings, _isReal, layers);
        var compute = Allocate(prompt.Graph);
        if (small is not null)
        {
            var isOther = _model.Shape.ReservesOneSequence && settings.Slots > 1;
            var last = isOther ? Allocate(Prepare(settings.ForOneSequence(), true, layers).Graph) : compute;
            compute = Reserved(compute, small, last);
        }

        return new GraphFigures(
            compute,
            new GraphFrame(
                prompt.Builder.Caches.Select(cache => CacheOf(cache.Layer, cache.Tensor)).ToArray(),
                settings.FlashAttention,
                settings.Sequences * _model.Vocabulary * sizeof(float),
                settings.Tokens,
                prompt.Graph.Nodes.Count,
                prompt.Graph.Leafs.Count - tensors));
    }

    private LayerCache CacheOf(int layer, Tensor cache)
    {
        var gpu = _devices.GpuCount > 0 ? _devices.Backends[0] : null;
        return new LayerCache(
            layer,
            BackendRules.Align(cache.Bytes, CpuRules.TensorAlignment),
            gpu?.Align(gpu.AllocationSize(cache)) ?? 0);
    }

    /// <summary>Whether the graph and the tensors are known, and not what a model is taken for.</summary>
    private bool IsFollowed => _model.Definition.Accuracy != Accuracy.Approximate
        && ArchitectureList.Knows(_model.Definition.Architecture);

    /// <summary>What of the question was never compared with llama.cpp, and why that is so.</summary>
    private (Accuracy Accuracy, string? Why) Untested()
    {
        var name = _model.Definition.Architecture;
        if (_options.SplitMode == GpuSplitMode.Row && _devices.GpuCount > 1)
            return (Accuracy.Approximate, "Split mode 'row' is estimated as 'layer'.");
        if (!ArchitectureList.Knows(name))
        {
            var kin = _architecture.Name;
            var likeness = ArchitectureList.Knows(kin) ? $"'{kin}'" : "a plain decoder";
            return (Accuracy.Modelled, $"Architecture '{name}' is not known: it is read as {likeness}.");
        }

        if (_architecture.Accuracy != Accuracy.Exact)
            return (Accuracy.Modelled, $"The graph of '{name}' follows llama.cpp's source, but was not compared.");
        if (_layout.Processor == ProcessorKernels.Unknown && DependsOnProcessor())
            return (Accuracy.Modelled, MemoryModel.AssumedProcessor);
        return BackendProfiles.Of(_layout.Backend).NotCompared is { } sentence
            ? (Accuracy.Modelled, sentence)
            : (Accuracy.Exact, null);
    }

    private bool DependsOnProcessor()
    {
        if (_devices.GpuCount > 0 || !_options.Repack) return false;
        long Bytes(CpuRepacking form) => WeightSums.Of(_model, _devices, _options, form).Bytes[0];
        var assumed = Bytes(_devices.Repacking);
        return CpuRepacking.All.Any(other => Bytes(other) != assumed);
    }

    /// <summary>What a device may refuse to run as one node: flash attention only if it is "auto".</summary>
    private IEnumerable<FusedOps> Negotiable()
    {
        if (_devices.GpuCount == 0) yield break;
        var isForced = _options.ValueCacheType.Numbers().IsQuantized();
        if (_options.FlashAttention == FlashAttentionMode.Auto && !isForced) yield return FusedOps.FlashAttention;
        if (!_model.Metadata.Has("hyper_connection.count")) yield break;
        yield return FusedOps.StreamSum;
        yield return FusedOps.StreamMatrix;
        yield return FusedOps.StreamSpread;
    }

    private Prepared Prepare(GraphSettings settings, bool isForced, IReadOnlyList<int>? layers)
    {
        var builder = new GraphBuilder(_model, settings, _devices, layers);
        var graph = builder.Build(_isDraft ? _architecture.ComposeDraft : _architecture.Compose);
        if (isForced) Force(builder, settings);
        _scheduler.Assign(graph);
        return new Prepared(builder, graph);
    }

    /// <summary>The placements that llama.cpp forces by the names of nodes (graph_get_cb, build_attn_mha).</summary>
    private void Force(GraphBuilder builder, GraphSettings settings)
    {
        if (settings.Tokens < SmallBatch || _devices.IsFullyOffloaded)
        {
            foreach (var (node, layer) in builder.Pinned)
            {
                var backend = _devices.BackendOf(layer);
                if (_devices.Backends[backend].Supports(node)) node.Backend = backend;
            }
        }

        if (settings.OffloadsKv) return;
        foreach (var attention in builder.HostAttention) attention.Backend = _devices.GpuCount;
    }

    private bool RunsOnItsLayers(GraphBuilder builder, FusedOps op)
    {
        foreach (var (kind, node, layer) in builder.FusedNodes)
            if (kind == op && node.Backend != _devices.BackendOf(layer)) return false;
        return true;
    }

    private long[][] Allocate(ComputeGraph graph)
    {
        var split = _scheduler.Split(graph, _devices.Copies);
        for (var i = 0; i < _splits.Length; i++) _splits[i] = Math.Max(_splits[i], split.Splits[i]);
        return GraphAllocator.Measure(split, _devices.Backends);
    }

    /// <summary>
    /// What is left after graphs were reserved one after another: prompt, one token, prompt again, in few architectures
    /// as one sequence. A backend's buffer is replaced whenever a chunk of the next graph is larger
    /// (ggml-alloc.c, ggml_gallocr_reserve_n).
    /// </summary>
    private static long[][] Reserved(params long[][][] graphs)
    {
        var reserved = (long[][])graphs[0].Clone();
        foreach (var graph in graphs)
            for (var i = 0; i < reserved.Length; i++)
                if (Exceeds(graph[i], reserved[i])) reserved[i] = graph[i];
        return reserved;
    }

    private static bool Exceeds(long[] a, long[] b)
    {
        for (var i = 0; i < a.Length; i++)
            if (a[i] > (i < b.Length ? b[i] : 0)) return true;
        return false;
    }

    private MemoryEstimate Sum(long[] weights, GraphFigures graphs, Accuracy accuracy)
    {
        var caches = new long[_devices.Backends.Length];
        foreach (var cache in graphs.Frame.Caches)
        {
            var buffer = _devices.CacheBufferOf(cache.Layer, _options.OffloadKv);
            if (buffer.IsHost) caches[_devices.GpuCount] += cache.HostBytes;
            else caches[buffer.Device] += cache.GpuBytes;
        }

        var devices = new DeviceMemory[_devices.Backends.Length];
        for (var i = 0; i < devices.Length; i++)
        {
            long chunks = 0;
            var overhead = _isReal ? _devices.Backends[i].BufferOverhead : 0;
            foreach (var chunk in graphs.Compute[i]!) chunks += chunk == 0 ? 0 : chunk + overhead;
            var isHost = i == _devices.GpuCount;
            devices[i] = new DeviceMemory(
                isHost, isHost ? -1 : i, weights[i], caches[i], chunks, isHost ? graphs.Frame.LogitBytes : 0);
        }

        return new MemoryEstimate(devices, graphs.Frame.FlashAttention, accuracy);
    }

    private static Accuracy Worst(Accuracy a, Accuracy b) => a > b ? a : b;

    private sealed record Prepared(GraphBuilder Builder, ComputeGraph Graph);
}
