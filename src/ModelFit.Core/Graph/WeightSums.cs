using ModelFit.Graph.Backends;
using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// Bytes of weights a device: each placed as load_tensors places it and aligned as its buffer aligns
/// (ggml/src/ggml-alloc.c, ggml_backend_alloc_ctx_tensors_from_buft).
/// </summary>
internal sealed class WeightSums
{
    private readonly ModelShape _model;
    private readonly DevicePlan _devices;
    private readonly CpuRepacking _repacking;

    private WeightSums(ModelShape model, DevicePlan devices, CpuRepacking repacking)
    {
        _model = model;
        _devices = devices;
        _repacking = repacking;
        Bytes = new long[devices.Backends.Length];
    }

    /// <summary>Bytes: one sum a GPU in order, the host's last.</summary>
    public long[] Bytes { get; }

    /// <summary>Tensors, those in two places twice.</summary>
    public int Tensors { get; private set; }

    public static WeightSums Of(ModelShape model, DevicePlan devices, RuntimeOptions options, CpuRepacking repacking)
    {
        var sums = new WeightSums(model, devices, repacking);
        var table = LayerTable.Of(model, devices, options);
        if (table is not null) sums.Tensors += table.AddTo(sums.Bytes, devices);
        foreach (var weight in table?.Others ?? model.Weights.All)
            if (IsLoaded(model, weight, options)) sums.Add(weight, LayersOf(model, weight, options));
        sums.AddTied();
        return sums;
    }

    /// <summary>Whether a weight is loaded at all.</summary>
    public static bool IsLoaded(ModelShape model, Weight weight, RuntimeOptions options) =>
        weight.Layer < LayersOf(model, weight, options);

    private static int LayersOf(ModelShape model, Weight weight, RuntimeOptions options) =>
        options.LoadMtp || IsKept(model, weight) ? model.AllLayers : model.Layers;

    private void Add(Weight weight, int layers)
    {
        if (weight.Home == WeightHome.EveryLayer) AddToEach(weight, layers);
        else Add(weight.Info, _devices.BufferOf(weight, _devices.LayerOf(weight)), weight.IsProduct);
    }

    /// <summary>
    /// What serves as embedding and output at once is there twice: on two devices, or repacked and as it is.
    /// </summary>
    private void AddTied()
    {
        var source = _model.Shape.Output;
        if (source is OutputSource.Embedding or OutputSource.None) return;
        var embeddings = _model.Weights.Global("token_embd.weight");
        if (_model.Weights.Global("output.weight") is { } output)
        {
            if (embeddings is null) Add(output.Info, _devices.BufferOf(output, _devices.OutputLayer), false);
            return;
        }

        if (embeddings is null) return;
        var buffer = _devices.BufferOf(embeddings, _devices.OutputLayer);
        if (_repacking.Changes(embeddings.Info) || source == OutputSource.OwnOrCopied
            || !ReferenceEquals(buffer, _devices.BufferOf(embeddings, -1)))
            Add(embeddings.Info, buffer, true);
    }

    private static bool IsKept(ModelShape model, Weight weight)
    {
        var local = weight.Info.Parsed.Local;
        foreach (var start in model.Shape.KeptPredictionWeights)
            if (local.StartsWith(start, StringComparison.Ordinal)) return true;
        return false;
    }

    private void AddToEach(Weight weight, int layers)
    {
        var buffers = new List<BufferType>();
        for (var layer = 0; layer < layers; layer++)
        {
            if (_model.Shape.LoadsFactorsForGlobal && _model.IsWindowLayer[layer]) continue;
            var buffer = _devices.BufferOf(weight, layer);
            if (buffers.Contains(buffer)) continue;
            buffers.Add(buffer);
            Add(weight.Info, buffer, false);
        }
    }

    private void Add(TensorInfo weight, BufferType buffer, bool isProduct)
    {
        Tensors++;
        var host = _devices.GpuCount;
        if (!buffer.IsHost)
        {
            var rules = _devices.Backends[buffer.Device];
            Bytes[buffer.Device] += rules.Align(rules.WeightSize(weight));
        }
        else
        {
            var isPinned = ReferenceEquals(buffer, _devices.Host);
            var alignment = isPinned ? _devices.Backends[host].Alignment : CpuRules.TensorAlignment;
            Bytes[host] += BackendRules.Align(isProduct ? _repacking.Bytes(weight) : weight.Bytes, alignment);
        }
    }
}
