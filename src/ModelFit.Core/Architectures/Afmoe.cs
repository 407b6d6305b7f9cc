using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Decoders whose attention is gated by a projection of its input, a head or an element each, and may be normed after
/// it (src/models/afmoe.cpp, laguna.cpp, spark2-5.cpp, muse-glimmer.cpp).
/// </summary>
internal static class Afmoe
{
    public static Architecture[] All { get; } =
    {
        new("afmoe")
        {
            Classes = "AfmoeForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(4), ScalesEmbeddings = _ => true,
                HasRope = (_, layer) => (layer + 1) % 4 != 0, Experts = ExpertRules.FromMetadata, PinsLastNorm = true,
                HeadNorms = QkNormKind.Head, RouterBias = ArchitectureShape.RouterBiasName,
                BlockNorms = Norms.Sandwich,
            },
            BlockTensors = (list, layer) => list.Gate(layer, list.Model.KeyLength * list.Model.Heads(layer)),
            Compose = Decoder.Composed(Layer),
        },
        new("laguna")
        {
            Classes = "LagunaForCausalLM",
            Shape = new()
            {
                Window = WindowRule.Standard(4, globalFirst: true), AttentionGate = UnaryFunction.Softplus,
                Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName,
            },
            BlockTensors = (list, layer) => list.Gate(layer, list.Model.Heads(layer)),
            Compose = Decoder.Composed(Layer),
        },
        new("spark2_5")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Spark2_5ForCausalLM",
            Configure = draft => draft.WindowPattern(),
            Shape = new() { Window = WindowRule.Standard(0) },
            BlockTensors = (list, layer) => list.Gate(layer, list.Model.Heads(layer)),
            Compose = Decoder.Composed(Layer),
        },
        new("muse-glimmer")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MuseGlimmerForConditionalGeneration",
            Configure = draft => draft.WindowPattern(),
            Shape = new()
            {
                Window = WindowRule.Standard(4), NormsEmbeddings = true,
                HasRope = (model, layer) => model.IsWindowLayer[layer],
                LogitScaling = _ => LogitScale.ScaleAndSoftCap, HeadNorms = QkNormKind.Head,
                BlockNorms = Norms.Sandwich,
            },
            BlockTensors = (list, layer) => list.Gate(layer, list.Model.KeyLength * list.Model.Heads(layer)),
            Compose = Decoder.Composed(Layer),
        },
    };

    /// <summary>Attention whose result is gated by a projection of its input, a head or an element each.</summary>
    public static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        if (builder.Weight(layer, "post_attention_norm") is not null) y = builder.Norm(layer, "post_attention_norm", y);
        if (builder.Shape.RowsCut == OutputRowsCut.InLastLayer)
        {
            y = builder.KeepOutputs(layer, y);
            x = builder.KeepOutputs(layer, x);
        }

        var residual = Add(y, x);
        y = Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual));
        if (builder.Weight(layer, "post_ffw_norm") is not null) y = builder.Norm(layer, "post_ffw_norm", y);
        return Add(y, residual);
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Decoder.Heads(builder, layer, x);
        var y = builder.GatedValues(layer, builder.AttentionValues(layer, q, k, v), x);
        return builder.Linear(layer, "attn_output", y);
    }
}
