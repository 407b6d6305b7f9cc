using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>Which device list a weight is placed by (src/llama-arch.cpp, llm_tensor_layer).</summary>
internal enum WeightHome : byte
{
    /// <summary>Always system memory.</summary>
    Input,

    /// <summary>The device of its layer.</summary>
    Layer,

    /// <summary>The device of the first layer.</summary>
    FirstLayer,

    /// <summary>The device of the output layer.</summary>
    Output,

    /// <summary>Once on each device that has a layer.</summary>
    EveryLayer,
}

/// <summary>A weight of the file and its place among all of them.</summary>
internal sealed class Weight(int index, int layer, WeightHome home, TensorInfo info)
{
    public int Index { get; } = index;

    /// <summary>The layer in its name; -1 if it has none.</summary>
    public int Layer { get; } = layer;

    public WeightHome Home { get; } = home;

    public TensorInfo Info { get; } = info;

    /// <summary>Whether <c>--cpu-moe</c> moves it; biases included.</summary>
    public bool IsExpert { get; } = info.Parsed.IsExpert;

    /// <summary>Whether a product with one matrix is what it is for: no lookup of rows, no choice of experts.</summary>
    public bool IsProduct => Home != WeightHome.Input && !IsExpert && !IsLookedUp(Info.Name);

    /// <summary>Whether it is the matrix A of a state space model, whose operation not every GPU has.</summary>
    public bool IsStateMatrix { get; } = info.Parsed.Local == "ssm_a";

    // The operations of src/llama-arch.cpp, LLM_TENSOR_INFOS, for what lies in layers.
    private static bool IsLookedUp(string name)
    {
        foreach (var part in new[] { ".embed_tokens.", "_compressor_ape.", ".attn_rel_b.", ".ffn_gate_tid2eid." })
            if (name.IndexOf(part, StringComparison.Ordinal) > 0) return true;
        return false;
    }
}

/// <summary>
/// The weights of a model by layer and name, so that building a graph looks nothing up by whole names.
/// </summary>
internal sealed class WeightTable
{
    /// <summary>Most layers that llama.cpp accepts (src/llama-hparams.h, LLAMA_MAX_LAYERS).</summary>
    public const int MaxLayers = 512;

    // Layers of an encoder beside the decoder (T5) lie where the decoder's of that number do.
    private const string EncoderPrefix = "enc.blk.";

    private static readonly HashSet<string> Inputs = new(StringComparer.Ordinal)
    {
        "token_embd", "position_embd", "token_types", "per_layer_token_embd", "hrm", "masked_embd_centroids",
        "masked_embd_ordering",
    };

    private static readonly HashSet<string> OfFirstLayer = new(StringComparer.Ordinal)
    {
        "token_embd_norm", "per_layer_model_proj", "per_layer_proj_norm", "nextn.pre_projection",
    };

    private static readonly HashSet<string> SharedByLayers = new(StringComparer.Ordinal)
    {
        "rope_freqs", "rope_factors_long", "rope_factors_short",
    };

    private readonly Dictionary<string, Weight?[]> _weights = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Weight?[]> _biases = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Weight> _globals = new(StringComparer.Ordinal);
    private readonly Weight[] _all;
    private readonly ArchitectureShape _shape;

    public WeightTable(ModelDefinition model, int layers, ArchitectureShape shape)
    {
        _shape = shape;
        Layers = layers;
        _all = new Weight[model.Tensors.Count];
        for (var i = 0; i < _all.Length; i++) _all[i] = Add(i, model.Tensors[i]);
    }

    public int Layers { get; }

    /// <summary>All weights in the order of the file.</summary>
    public IReadOnlyList<Weight> All => _all;

    /// <summary>
    /// The weight <c>blk.layer.name.weight</c>, or <c>blk.layer.name</c> alone; null if it does not exist.
    /// </summary>
    public Weight? At(int layer, string name) => Find(_weights, layer, name);

    /// <summary>The weight <c>blk.layer.name.bias</c>, or null.</summary>
    public Weight? Bias(int layer, string name) => Find(_biases, layer, name);

    /// <summary>The weight outside the layers of that full name, or null.</summary>
    public Weight? Global(string name) => _globals.TryGetValue(name, out var weight) ? weight : null;

    /// <summary>Whether any weight has a scale beside it.</summary>
    public bool HasScales { get; private set; }

    private Weight? Find(Dictionary<string, Weight?[]> table, int layer, string name) =>
        (uint)layer < (uint)Layers && table.TryGetValue(name, out var weights) ? weights[layer] : null;

    private Weight Add(int index, TensorInfo info)
    {
        var (home, layer, rest) = Place(info.Parsed, _shape);
        if (layer < 0 || layer >= Layers)
        {
            var weight = new Weight(index, layer, home, info);
            if (layer < 0) _globals[info.Name] = weight;
            return weight;
        }

        var isBias = rest.EndsWith(".bias", StringComparison.Ordinal);
        HasScales |= rest.EndsWith(".scale", StringComparison.Ordinal);
        var name = isBias ? rest.Substring(0, rest.Length - 5)
            : rest.EndsWith(".weight", StringComparison.Ordinal) ? rest.Substring(0, rest.Length - 7) : rest;
        var table = isBias ? _biases : _weights;
        if (!table.TryGetValue(name, out var weights)) table.Add(name, weights = new Weight?[Layers]);
        return weights[layer] = new Weight(index, layer, WeightHome.Layer, info);
    }

    /// <summary>
    /// By which device list a weight of that name is placed, its layer, -1 without one, and what its name is there.
    /// </summary>
    public static (WeightHome Home, int Layer, string Local) Place(TensorName name, ArchitectureShape shape)
    {
        if (name.Layer >= 0 && name.Prefix == shape.LayerPrefix) return (WeightHome.Layer, name.Layer, name.Local);
        if (name.Prefix == EncoderPrefix) return (WeightHome.Layer, name.Layer, "enc." + name.Local);
        var dot = name.Text.LastIndexOf('.');
        var stem = dot > 0 ? name.Text.Substring(0, dot) : name.Text;
        var home = stem == shape.OutputNorm ? WeightHome.Output
            : SharedByLayers.Contains(stem) ? WeightHome.EveryLayer
            : Inputs.Contains(stem) ? WeightHome.Input
            : OfFirstLayer.Contains(stem) ? WeightHome.FirstLayer : WeightHome.Output;
        return (home, -1, name.Text);
    }
}
