using System.Collections.Concurrent;
using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Speed;

/// <summary>
/// The work of a model by the layers that llama.cpp places whole: one a layer, the output layer last. Looking a token
/// up in an embedding reads one row and is left out; a tied embedding is the output layer.
/// </summary>
internal sealed class ModelWork
{
    private const int MaxRemembered = 1024;

    private readonly List<Part>[] _experts;
    private readonly TokenWork _prediction;
    private Split? _last;
    private readonly ConcurrentDictionary<DeviceLayout, TokenWork[]> _splits = new();

    private ModelWork(ModelDefinition model)
    {
        var blocks = (int)Math.Max(0, Math.Min(model.Metadata.Integer("block_count", 0), model.Tensors.Count));
        var idle = Math.Min(blocks, PredictionLayers.Of(model.Metadata));
        var experts = (double)model.Metadata.Integer("expert_count", 0);
        var used = (double)model.Metadata.Integer("expert_used_count", 0);
        ExpertShare = experts > 0 && used > 0 ? Math.Min(1, used / experts) : 1;
        Width = model.Metadata.Integer("embedding_length", 0);
        var (layers, window) = LayerWork.Of(model, blocks - idle);
        Window = window;
        Dense = new TokenWork[blocks + 1];
        layers.CopyTo(Dense, 0);
        _experts = new List<Part>[blocks + 1];
        for (var layer = 0; layer < _experts.Length; layer++) _experts[layer] = new List<Part>();
        foreach (var tensor in model.Tensors)
        {
            if (LayerOf(tensor.Parsed, blocks) is not (>= 0 and var layer)) continue;
            if (layer < blocks - idle || layer == blocks) Add(tensor, layer);
            else _prediction += WorkOf(tensor, layer) * (1.0 / idle);
        }

        if (model.Tensor("output.weight") is null && model.Tensor("token_embd.weight") is { } tied) Add(tied, blocks);
        Vocabulary = Width > 0 ? Dense[blocks].OutputWeights / Width : 0;
    }

    /// <summary>Part of the experts of a layer that one token uses.</summary>
    public double ExpertShare { get; }

    /// <summary>Tokens that layers with a window look back; 0 if none has one.</summary>
    public double Window { get; }

    /// <summary>Elements of a token's activations between layers.</summary>
    public double Width { get; }

    /// <summary>Tokens of the vocabulary.</summary>
    public double Vocabulary { get; }

    /// <summary>The work of each layer apart from experts.</summary>
    public TokenWork[] Dense { get; }

    /// <summary>
    /// What the model's own prediction layer costs for a drafted token, the output layer with it; where there is none,
    /// a head as large as the last layer.
    /// </summary>
    public TokenWork PredictionStep
    {
        get
        {
            var last = Dense.Length - 2;
            var layer = _prediction.AllBytes > 0 || last < 0 ? _prediction with { Layers = 1 } : Dense[last];
            return layer + Dense[Dense.Length - 1];
        }
    }

    /// <summary>The work of a model, summed once.</summary>
    public static ModelWork Of(ModelDefinition model) =>
        model.Prepared.Get(definition => new ModelWork(definition));

    /// <summary>The work by device for a layout, the host last; remembered, and not to be changed.</summary>
    public TokenWork[] ByDevice(DeviceLayout layout)
    {
        if (_last is { } last && ReferenceEquals(last.Layout, layout)) return last.Work;
        if (_splits.Count >= MaxRemembered) _splits.Clear();
        var work = _splits.GetOrAdd(layout, asked => WorkSplit.ByDevice(this, asked));
        _last = new Split(layout, work);
        return work;
    }

    /// <summary>The expert tensors of a layer.</summary>
    public IReadOnlyList<Part> Experts(int layer) => _experts[layer];

    private void Add(TensorInfo tensor, int layer)
    {
        var work = WorkOf(tensor, layer);
        if (!tensor.Parsed.IsExpert)
        {
            Dense[layer] += work;
            return;
        }

        if (_experts[layer].Count == 0) work = work with { ExpertLayers = 1 };
        _experts[layer].Add(new Part(tensor.Name, work));
    }

    private TokenWork WorkOf(TensorInfo tensor, int layer)
    {
        var isExpert = tensor.Parsed.IsExpert;
        var share = isExpert ? ExpertShare : 1;
        var weights = tensor.N1 > 1 ? tensor.Elements * share : 0;
        return new TokenWork
        {
            Bytes = tensor.Bytes * share,
            ExpertBytes = isExpert ? tensor.Bytes * share : 0,
            AllBytes = tensor.Bytes,
            Counts = WeightCount.Of(tensor.Type.Find()?.Kind ?? WeightKind.Table, weights),
            ExpertWeights = isExpert ? weights : 0,
            OutputWeights = layer == Dense.Length - 1 ? weights : 0,
            Tensors = 1,
        };
    }

    // Of a model of two halves a generated token runs through the decoder (T5: dec.blk.0).
    private static int LayerOf(TensorName name, int blocks)
    {
        if (name.Layer < 0)
            return IsOutput(name.Text, string.Empty) || IsOutput(name.Text, "dec.") ? blocks : -1;
        return name.Prefix != "enc.blk." && name.Layer < blocks ? name.Layer : -1;
    }

    private static bool IsOutput(string name, string half) =>
        name.StartsWith(half + "output", StringComparison.Ordinal);

    private sealed record Split(DeviceLayout Layout, TokenWork[] Work);

    /// <summary>One expert tensor.</summary>
    internal sealed record Part(string Name, TokenWork Work);
}
