using ModelFit.Catalog;
using ModelFit.Models;
using ModelFit.Runtimes.Serving;
using ModelFit.Speed;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// What drafts tokens beside the model (vllm/config/speculative.py): nothing of its own (<c>ngram</c>, <c>suffix</c>),
/// the model's own prediction layers, a head made for the model (<c>eagle</c>, <c>eagle3</c>, <c>medusa</c>), or a
/// small model.
/// </summary>
internal sealed class VllmDrafter(string? method, ModelDefinition? model)
{
    private const int Half = 2;

    /// <summary>Tokens that an EAGLE-3 head can draft; its output is as wide.</summary>
    private const long HeadVocabulary = 32_000;

    private static readonly string[] FromText = { "ngram", "ngram_gpu", "suffix" };

    private readonly string? _method = method;
    private readonly ModelDefinition? _model = model;

    /// <summary>The drafter that the options name.</summary>
    public static VllmDrafter Of(ServingOptions told)
    {
        var method = MethodOf(told);
        var model = method == "draft_model" && told.DraftModel is { } name && ModelCatalog.KnowsOne(name)
            ? ModelCatalog.Resolve(name, NullSink.Instance).Layout?.Define("BF16", new List<string>())
            : null;
        return new(method, model);
    }

    /// <summary>Whether its weights and cache are not counted.</summary>
    public bool IsUncounted => _method is not (null or "eagle" or "eagle3" or "medusa") && _model is null
        && !FromText.Contains(_method) && !IsOwn(_method);

    /// <summary>What is supposed of it, as a sentence; null if nothing is.</summary>
    public string? Assumption => IsUncounted ? "The drafter's weights and cache are not counted."
        : _method is "eagle" or "eagle3" or "medusa" ? "The drafting head is as large as one layer of the model."
        : null;

    /// <summary>
    /// What it drafts with; null without one, and for those that only look back at the text, whose gain depends on it.
    /// </summary>
    public Drafter? DrafterOf(RuntimeOptions options) => _method is null || FromText.Contains(_method) || IsUncounted
        ? null
        : new Drafter(Math.Max(1, options.Serving.DraftTokens), _model, options);

    /// <summary>Bytes of its weights on each card of the last stage.</summary>
    public long WeightBytes(ModelDefinition target, Parallelism share)
    {
        if (_model is not null)
            return VllmWeights.On(_model, null, share, new VllmStage(0, LayersOf(_model), true, true), Half);
        var width = target.Metadata.Integer("embedding_length", 0);
        return _method switch
        {
            // A layer that also joins the embedding and the model's last state; EAGLE-3 joins three states, has wider
            // inputs to its attention and an output of its own.
            "eagle" => Half * ((2 * width * width) + LayerOf(target)) / share.Tensor,
            "eagle3" => Half * ((3 * width * width) + LayerOf(target) + LayerOf(target, IsAttentionInput)
                + (HeadVocabulary * width)) / share.Tensor,
            "medusa" => Half * LayerOf(target) / share.Tensor,
            _ => 0,
        };
    }

    /// <summary>Its caches beside the model's, all on the last stage.</summary>
    /// <param name="full">A layer of the model with a full cache; null if it has none.</param>
    /// <param name="last">The model's last layer.</param>
    /// <param name="share">How cards share the model.</param>
    /// <param name="number">A number of the cache.</param>
    public IEnumerable<VllmLayer> Caches(VllmLayer? full, int last, Parallelism share, VllmNumber number)
    {
        if (_model is not null)
        {
            return VllmLayer.Of(_model, share, number, ServingOptions.Default)
                .Select(layer => layer with { Layer = last });
        }

        return _method is "eagle" or "eagle3" && full is not null
            ? new[] { full with { Layer = last } }
            : Enumerable.Empty<VllmLayer>();
    }

    private static bool IsOwn(string method) => method.EndsWith("mtp", StringComparison.Ordinal);

    /// <summary>
    /// The method, found by the drafter's name where only that is told (SpeculativeConfig.__post_init__).
    /// </summary>
    private static string? MethodOf(ServingOptions told)
    {
        if (told.DraftMethod is { } method && (method != "draft_model" || told.DraftModel is null)) return method;
        if (told.DraftModel is not { } model) return null;
        bool Names(string word) => model.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0;
        return model == "[ngram]" ? "ngram"
            : Names("eagle3") ? "eagle3"
            : Names("eagle-") ? "eagle"
            : Names("medusa") ? "medusa"
            : "draft_model";
    }

    private static int LayersOf(ModelDefinition model) =>
        (int)Math.Max(1, Math.Min(model.Metadata.Integer("block_count", 1), Hyperparameters.MostLayers));

    private static bool IsAttentionInput(string name) => name.StartsWith("attn_q.", StringComparison.Ordinal)
        || name.StartsWith("attn_k.", StringComparison.Ordinal)
        || name.StartsWith("attn_v.", StringComparison.Ordinal);

    /// <summary>
    /// Parameters of a layer without experts: attention as the model's, feed-forward of its dense width.
    /// </summary>
    private static long LayerOf(ModelDefinition target, Func<string, bool>? isCounted = null)
    {
        var last = LayersOf(target) - 1 - PredictionLayers.Of(target.Metadata);
        return target.Tensors
            .Where(tensor => VllmMatrix.Split(tensor.Name) is var split && split.Layer == last
                && split.Name.IndexOf("_exps", StringComparison.Ordinal) < 0
                && isCounted?.Invoke(split.Name) != false)
            .Sum(tensor => tensor.Elements);
    }
}
