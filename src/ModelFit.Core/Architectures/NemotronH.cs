using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Layers that are state space, attention or feed-forward, one of them each (src/models/nemotron-h.cpp).
/// </summary>
internal static class NemotronH
{
    private static readonly Architecture Dense = new("nemotron_h")
    {
        Classes = "NemotronHForCausalLM",
        RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
        Variant = config => config.Has("num_experts_per_tok") ? "nemotron_h_moe" : "nemotron_h",
        Configure = Configure,
        Shape = new()
        {
            ScansState = true, HasRope = (_, _) => false, RowsCut = OutputRowsCut.AfterFinalNorm,
            Activation = UnaryFunction.Relu, SquaresActivation = true,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with { Gating = ExpertGating.Sigmoid, Groups = 0 },
            FeedForward = FeedForwardKind.Plain, PlainExperts = true,
            RouterBias = ArchitectureShape.RouterBiasName, SharesPredictionHead = true,
        },
        LayOut = LayOut, Compose = Decoder.Composed(Layer),
        Likeness = new(15, "ssm_in.weight attn_q.weight"),
    };

    public static Architecture[] All { get; } =
    {
        Dense,
        Dense with
        {
            Name = "nemotron_h_moe",
            Classes = "NemotronHPuzzleForCausalLM",
            Variant = null,
            KeepsPredictionLayers = true,
            PublishedCount = PublishedCount.WithPrediction,
            Likeness = null,
        },
    };

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x) =>
        Add(Block(builder, layer, builder.Norm(layer, "attn_norm", x)), x);

    private static Tensor Block(GraphBuilder builder, int layer, Tensor x)
    {
        if (builder.Weight(layer, "ssm_in") is not null) return StateSpace.Mamba2(builder, layer, x);
        if (builder.Weight(layer, "attn_output") is not null) return Decoder.Attention(builder, layer, x);
        return KimiK3.LatentExperts(builder, layer, x, "ffn_latent");
    }

    private static void LayOut(TensorList list)
    {
        list.Frame();
        for (var layer = 0; layer < list.Model.Layers; layer++) Block(list, layer);
    }

    private static void Block(TensorList list, int layer)
    {
        var model = list.Model;
        var (isPrediction, feeds) = (list.IsPrediction(layer), model.FeedForward(layer) > 0);
        list.Norm(layer, "attn_norm", model.Embedding);
        if (isPrediction || !feeds) Mamba.MixerOrAttention(list, layer);
        if (!feeds) return;
        if (isPrediction) list.Norm(layer, "post_attention_norm", model.Embedding);
        var latent = model.Metadata.Integer("moe_latent_size", 0);
        if (latent == 0) list.FeedForward(layer);
        else LatentExperts(list, layer, latent);
        if (isPrediction) list.Prediction(layer);
    }

    private static void LatentExperts(TensorList list, int layer, long latent)
    {
        var (width, count) = (list.Model.Embedding, list.Model.Experts);
        list.Linear(layer, "ffn_gate_inp", width, count);
        list.Block(layer, ArchitectureShape.RouterBiasName, count);
        list.Linear(layer, "ffn_latent_down", width, latent);
        list.Linear(layer, "ffn_latent_up", latent, width);
        list.ExpertMatrices(layer, latent);
        list.SharedExpert(layer);
    }

    /// <summary>
    /// One kind a layer: <c>M</c> state-space, <c>*</c> attention, <c>-</c> or <c>E</c> feed-forward; newer
    /// configurations list them in words. The block for multi-token prediction has attention and experts.
    /// </summary>
    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        var heads = config.Integer("mamba_num_heads") ?? 0;
        draft.State(heads * (config.Integer("mamba_head_dim") ?? 0), config.Integer("n_groups"));
        draft.Set("ssm.time_step_rank", heads);
        var words = config.Texts("layers_block_type") ?? Array.Empty<string>();
        var pattern = config.Text("hybrid_override_pattern") ?? string.Concat(words.Select(Kind));
        char KindOf(int layer) => layer < pattern.Length ? pattern[layer] : ' ';
        bool IsPrediction(int layer) => layer >= draft.Layers - draft["nextn_predict_layers"];
        draft.AttentionWhere(layer => KindOf(layer) == '*' || IsPrediction(layer));
        var width = draft.Has("expert_count")
            ? config.Integer("moe_intermediate_size") ?? 0
            : config.Integer("intermediate_size") ?? 0;
        draft.SetEach(Keys.FeedForward, layer => KindOf(layer) is '-' or 'E' || IsPrediction(layer) ? width : 0);
    }

    private static char Kind(string word) => word switch
    {
        "attention" or "full_attention" => '*',
        "moe" => 'E',
        "mlp" => '-',
        _ => 'M',
    };
}
