using System.Diagnostics;
using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Placement;

/// <summary>
/// The weights of a model by the layers that llama.cpp places whole: one a layer in order, the output layer last
/// (src/llama-model.cpp, load_tensors). The embedding is always on the host and in no layer.
/// </summary>
internal sealed class LayerCosts
{
    private readonly long[] _dense;
    private readonly long[][] _parts;

    private LayerCosts(ModelDefinition model, bool loadMtp)
    {
        var blocks = (int)Math.Max(0, Math.Min(model.Metadata.Integer("block_count", 0), MaxBlocks(model)));
        var shape = ModelShapes.ArchitectureOf(model).Shape;
        if (shape.HasRouterLayer) blocks++;
        var idle = loadMtp ? 0 : PredictionLayers.Of(model.Metadata);
        LayerCount = blocks + 1;
        IdleLayers = Math.Min(idle, blocks);
        _dense = new long[LayerCount];
        _parts = new long[LayerCount][];
        foreach (var tensor in model.Tensors) Add(tensor, LayerOf(tensor.Parsed, shape, blocks));
        Debug.Assert(SumsTo(model, shape, blocks), "the layers sum to the model");

        // The embedding stays on the host (dev_input of load_tensors), so that a tied model has it twice.
        if (shape.Output is not (OutputSource.Embedding or OutputSource.None))
            _dense[blocks] += Repeated(model)?.Bytes ?? 0;

        // Layers for multi-token prediction count for -ngl also where they are not loaded.
        for (var layer = blocks - IdleLayers; layer < blocks; layer++)
        {
            IdleBytes += _dense[layer] + Experts(layer, hostMask: 0);
            _dense[layer] = 0;
            _parts[layer] = null!;
        }

        HasExperts = _parts.Any(parts => parts is not null);
        WholeBytes = _dense.Sum() + _parts.Sum(parts => parts?.Sum() ?? 0);
    }

    /// <summary>The costs of a model, with the layers for multi-token prediction or without; summed once.</summary>
    public static LayerCosts Of(ModelDefinition model, bool loadMtp)
    {
        var both = model.Prepared.Get(definition => new Lazy<LayerCosts>[]
        {
            new(() => new LayerCosts(definition, loadMtp: false)),
            new(() => new LayerCosts(definition, loadMtp: true)),
        });
        return both[loadMtp ? 1 : 0].Value;
    }

    /// <summary>Layers, the output layer counted: what <c>-ngl</c> counts.</summary>
    public int LayerCount { get; }

    /// <summary>Layers before the output layer that are counted but not loaded (multi-token prediction).</summary>
    public int IdleLayers { get; }

    /// <summary>Bytes of those layers in the file.</summary>
    public long IdleBytes { get; }

    /// <summary>Layers that are used, the output layer counted.</summary>
    public int UsedLayers => LayerCount - IdleLayers;

    /// <summary>Whether any layer has experts.</summary>
    public bool HasExperts { get; }

    /// <summary>Layers up to and with the last that has experts.</summary>
    public int ExpertLayers => Array.FindLastIndex(_parts, parts => parts is not null) + 1;

    /// <summary>Bytes of all layers: the weights that are on cards where all of a model is.</summary>
    public long WholeBytes { get; }

    /// <summary>Bytes of a layer apart from its experts.</summary>
    public long Dense(int layer) => _dense[layer];

    /// <summary>Bytes of the experts of a layer whose part is not in the mask.</summary>
    public long Experts(int layer, int hostMask)
    {
        if (_parts[layer] is not { } parts) return 0;
        var bytes = 0L;
        for (var part = 0; part < parts.Length; part++)
            if ((hostMask >> part & 1) == 0) bytes += parts[part];
        return bytes;
    }

    /// <summary>Bytes of one part of the experts of a layer that has some.</summary>
    public long PartBytes(int layer, int part) => _parts[layer][part];

    /// <summary>The mask of all parts that the layer has; 0 without experts.</summary>
    public int PartMask(int layer)
    {
        if (_parts[layer] is not { } parts) return 0;
        var mask = 0;
        for (var part = 0; part < parts.Length; part++)
            if (parts[part] > 0) mask |= 1 << part;
        return mask;
    }

    private static long MaxBlocks(ModelDefinition model) => model.Tensors.Count;

    private void Add(TensorInfo tensor, int layer)
    {
        if (layer < 0 || layer >= LayerCount) return;
        var part = tensor.Parsed.ExpertPart;
        if (part < 0) _dense[layer] += tensor.Bytes;
        else (_parts[layer] ??= new long[TensorName.ExpertParts.Length])[part] += tensor.Bytes;
    }

    private bool SumsTo(ModelDefinition model, ArchitectureShape shape, int blocks)
    {
        var outside = model.Tensors.Where(tensor => LayerOf(tensor.Parsed, shape, blocks) is var layer
            && (layer < 0 || layer >= LayerCount));
        return _dense.Sum() + _parts.Sum(parts => parts?.Sum() ?? 0) + outside.Sum(tensor => tensor.Bytes)
            == model.WeightBytes;
    }

    private static int LayerOf(TensorName name, ArchitectureShape shape, int blocks)
    {
        var (home, layer, _) = WeightTable.Place(name, shape);
        return home switch
        {
            WeightHome.Layer => layer,
            WeightHome.Input => -1,
            WeightHome.Output => blocks,
            _ => 0,
        };
    }

    /// <summary>What serves as embedding and output at once is on the host and in the output layer.</summary>
    private static TensorInfo? Repeated(ModelDefinition model)
    {
        var (output, embeddings) = (model.Tensor("output.weight"), model.Tensor("token_embd.weight"));
        return output is null ? embeddings : embeddings is null ? output : null;
    }
}
