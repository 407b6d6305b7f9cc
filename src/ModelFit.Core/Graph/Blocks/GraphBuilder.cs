using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// The graph of one batch while it is built (src/llama-graph.cpp, llm_graph_context): its weights, inputs, caches and
/// nodes. The blocks that architectures share are the files beside this one. A composition calls them in the order in
/// which llama.cpp does: the order of the nodes decides how memory is reused.
/// </summary>
internal sealed class GraphBuilder
{
    private readonly ComputeGraph _graph = new();
    private readonly DevicePlan _devices;
    private readonly Tensor?[] _weights;
    private readonly Dictionary<string, Tensor> _inputs = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Tensor> _shared = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Kind, int Layer), Tensor> _caches = new();

    /// <summary>Begins a graph.</summary>
    /// <param name="model">The model.</param>
    /// <param name="settings">The batch.</param>
    /// <param name="devices">Where everything lies.</param>
    /// <param name="layers">The layers that are wanted, where compositions can leave some out; null is all.</param>
    public GraphBuilder(
        ModelShape model, GraphSettings settings, DevicePlan devices, IReadOnlyList<int>? layers = null)
    {
        Model = model;
        Layers = layers ?? Enumerable.Range(0, model.Layers).ToArray();
        Settings = model.Shape.KeepsStreamsApart ? settings.WithStreamsApart() : settings;
        if (!model.Shape.RollsBackStates) Settings = Settings with { Snapshots = 1 };
        _devices = devices;
        _weights = new Tensor?[model.Weights.All.Count];
    }

    public ModelShape Model { get; }

    /// <summary>The layers to compose, in order.</summary>
    public IReadOnlyList<int> Layers { get; }

    public GraphSettings Settings { get; }

    public ArchitectureShape Shape => Model.Shape;

    /// <summary>Tokens of the batch.</summary>
    public long Tokens => Settings.Tokens;

    /// <summary>
    /// The embedded tokens before scaling, of which deeper layers may read further parts (deepstack).
    /// </summary>
    public Tensor? InputEmbeddings { get; set; }

    /// <summary>
    /// The caches that the graph brings, by layer: keys, values and recurrent states; not those of another model.
    /// </summary>
    public IEnumerable<(int Layer, Tensor Tensor)> Caches => _caches
        .Where(cache => cache.Key.Layer < Model.LayersWithCache).Select(cache => (cache.Key.Layer, cache.Value));

    /// <summary>The nodes that a device may refuse, and their layers.</summary>
    public List<(FusedOps Op, Tensor Node, int Layer)> FusedNodes { get; } = new();

    /// <summary>
    /// Nodes that llama.cpp forces onto their layer's device, and the layers: norms, in few models a layer's result.
    /// </summary>
    public List<(Tensor Node, int Layer)> Pinned { get; } = new();

    /// <summary>Results of attention without flash attention, forced to the host without KV offload.</summary>
    public List<Tensor> HostAttention { get; } = new();

    /// <summary>Runs a composition: the architecture's own, or that of its layers for the next tokens.</summary>
    public ComputeGraph Build(Action<GraphBuilder> compose)
    {
        compose(this);
        return _graph;
    }

    public Tensor Expand(Tensor tensor) => _graph.Expand(tensor);

    /// <summary>Marks a node as one that a device may refuse.</summary>
    public Tensor Fused(FusedOps op, int layer, Tensor node)
    {
        FusedNodes.Add((op, node, layer));
        return node;
    }

    /// <summary>The weight <c>blk.layer.name.weight</c> (or without a suffix), or null if the model has none.</summary>
    public Tensor? Weight(int layer, string name) =>
        Model.Weights.At(layer, name) is { } weight ? Use(weight, layer) : null;

    /// <summary>The weight of a layer.</summary>
    /// <exception cref="GraphException">The model has none.</exception>
    public Tensor Required(int layer, string name) => Weight(layer, name)
        ?? throw new GraphException(FormattableString.Invariant($"'blk.{layer}.{name}.weight' is missing"));

    /// <summary>The weight of a layer in another shape of as many elements, as llama.cpp loads it.</summary>
    /// <exception cref="GraphException">The model has none, or not so many elements.</exception>
    public Tensor Required(int layer, string name, Dims shape)
    {
        var weight = Model.Weights.At(layer, name);
        return weight is not null && weight.Info.Elements == shape.Product
            ? Use(weight, layer, shape)
            : throw new GraphException(FormattableString.Invariant($"'blk.{layer}.{name}.weight' is missing or odd"));
    }

    /// <summary>The bias <c>blk.layer.name.bias</c>, or null if the model has none.</summary>
    public Tensor? Bias(int layer, string name) =>
        Model.Weights.Bias(layer, name) is { } weight ? Use(weight, layer) : null;

    /// <summary>
    /// The weight outside the layers of that full name, used by a layer, or null if the model has none.
    /// </summary>
    public Tensor? Global(string name, int layer) =>
        Model.Weights.Global(name) is { } weight ? Use(weight, layer) : null;

    /// <summary>The same of a model that must have it.</summary>
    /// <exception cref="GraphException">The model has none.</exception>
    public Tensor RequiredGlobal(string name, int layer) =>
        Global(name, layer) ?? throw new GraphException($"'{name}' is missing");

    /// <summary>The weight outside the layers that the output layer uses, or null if the model has none.</summary>
    public Tensor? OutputWeight(string name) => Global(name, _devices.OutputLayer);

    /// <summary>The same of a model that must have it.</summary>
    /// <exception cref="GraphException">The model has none.</exception>
    public Tensor RequiredOutput(string name) => RequiredGlobal(name, _devices.OutputLayer);

    /// <summary>The input of that name, created at its first use.</summary>
    public Tensor Input(string name, TensorType type, long n0, long n1 = 1, long n2 = 1, long n3 = 1)
    {
        if (_inputs.TryGetValue(name, out var input)) return input;
        input = new Tensor(Op.None, type, new Dims(n0, n1, n2, n3)) { Name = name, IsInput = true };
        _inputs.Add(name, input);
        return input;
    }

    /// <summary>What layers share under that name, made by the first that needs it.</summary>
    public Tensor Once(string name, Func<Tensor> make)
    {
        if (!_shared.TryGetValue(name, out var tensor)) _shared.Add(name, tensor = make());
        return tensor;
    }

    /// <summary>The cache of a kind (<c>k</c>, <c>v</c>, …) of a layer, created at its first use.</summary>
    public Tensor Cache(string kind, int layer, TensorType type, long n0, long n1, long n2 = 1)
    {
        if (_caches.TryGetValue((kind, layer), out var cache)) return cache;
        var buffer = _devices.CacheBufferOf(layer, Settings.OffloadsKv);
        cache = new Tensor(Op.None, type, new Dims(n0, n1, n2)) { Name = kind, Buffer = buffer };
        _caches.Add((kind, layer), cache);
        return cache;
    }

    /// <summary>The cache of a kind that a layer has already filled.</summary>
    /// <exception cref="GraphException">It has not.</exception>
    public Tensor CacheOf(string kind, int layer) => _caches.TryGetValue((kind, layer), out var cache)
        ? cache
        : throw new GraphException(FormattableString.Invariant($"layer {layer} has no cache to share"));

    /// <summary>Product with the layer's weight plus its bias, if it has one.</summary>
    public Tensor Linear(int layer, string name, Tensor x)
    {
        var y = Scaled(layer, name, MulMat(Required(layer, name), x));
        return Bias(layer, name) is { } bias ? Add(y, bias) : y;
    }

    /// <summary>The architecture's norm over a tensor with the layer's weight and bias, if it has them.</summary>
    public Tensor Norm(int layer, string name, Tensor x) => Norm(x, Weight(layer, name), Bias(layer, name), layer);

    /// <summary>
    /// The architecture's norm with weight and bias (build_norm). A layer other than -1 marks it as one that llama.cpp
    /// forces onto the layer's device.
    /// </summary>
    public Tensor Norm(Tensor x, Tensor? weight, Tensor? bias, int layer, Op? op = null)
    {
        x = Map(op ?? Shape.NormOp, x);
        if (layer >= 0 && (weight ?? bias) is not null) Pinned.Add((x, layer));
        if (weight is not null) x = Mul(x, weight);
        return bias is null ? x : Add(x, bias);
    }

    /// <summary>The product times the weight's scale, if the file has one (formats with a scale a tensor).</summary>
    public Tensor Scaled(int layer, string name, Tensor y) =>
        Model.Weights.HasScales && Weight(layer, name + ".scale") is { } scale ? Mul(y, scale) : y;

    /// <summary>Positions of the tokens, several numbers a token for models with sections.</summary>
    public Tensor Positions() =>
        Input("inp_pos", TensorType.I32, Tokens * Shape.PositionsPerToken(Model.Metadata));

    /// <summary>The rows whose logits are wanted.</summary>
    public Tensor OutputRows() => Input("inp_out_ids", TensorType.I32, Settings.Outputs);

    /// <summary>
    /// The rope factors of a layer, if the model has any (llama_model_base::get_rope_factors): one set of frequencies,
    /// or one for short and one for long contexts.
    /// </summary>
    public Tensor? RopeFactors(int layer)
    {
        if (Global("rope_freqs.weight", layer) is { } frequencies) return frequencies;
        var original = Model.Metadata.Integer("rope.scaling.original_context_length", Model.TrainedContext);
        var name = Settings.Cells > original ? "rope_factors_long.weight" : "rope_factors_short.weight";
        return Global(name, layer);
    }

    // One tensor a buffer: tied embeddings and rope factors may be needed on several devices.
    private Tensor Use(Weight weight, int layer, Dims? shape = null)
    {
        var buffer = _devices.BufferOf(weight, layer);
        for (var known = _weights[weight.Index]; known is not null; known = known.Duplicate)
            if (ReferenceEquals(known.Buffer, buffer)) return known;
        var info = weight.Info;
        return _weights[weight.Index] = new Tensor(
            Op.None, info.Type, shape ?? new Dims(info.N0, info.N1, info.N2, info.N3))
        {
            Name = info.Name, Buffer = buffer, IsWeight = true, Duplicate = _weights[weight.Index],
        };
    }
}
