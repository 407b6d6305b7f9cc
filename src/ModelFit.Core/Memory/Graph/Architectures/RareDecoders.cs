using System.Collections.Generic;
using ModelFit.Memory.Graph.Blocks;
using static ModelFit.Memory.Graph.TensorOps;

namespace ModelFit.Memory.Graph.Architectures;

/// <summary>Decoders of single models, each after the file of its name in llama.cpp's src/models.</summary>
internal static class RareDecoders
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("plm")
        {
            Compose = DeepSeekFamily.Compose, Activation = UnaryFunction.Relu, SquaresActivation = true,
        },
        new("cogvlm") { RowsCut = OutputRowsCut.Never },
        new("chameleon")
        {
            Compose = ComposeChameleon, HeadNormOp = Op.Norm, LogitScaling = _ => LogitScale.WithoutImages,
        },
        new("talkie")
        {
            Compose = ComposeTalkie, NormsEmbeddings = true, NormsHeadsAfterRope = true,
            LogitScaling = _ => LogitScale.Scale,
        },
        new("grovemoe")
        {
            Compose = ComposeGrove, Experts = _ => new ExpertRules { ChoosesBySigmoid = true },
        },
    };

    /// <summary>
    /// The common decoder or, in the larger model, norms after attention and feed-forward, which then does not read the
    /// residual.
    /// </summary>
    private static void ComposeChameleon(GraphBuilder builder)
    {
        var isAfter = builder.Model.Metadata.Flag("swin_norm") ?? false;
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
            x = isAfter ? NormsAfter(builder, layer, x) : Decoder.Layer(builder, layer, x);
        builder.Head(x);
    }

    private static Tensor NormsAfter(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
        y = builder.Norm(layer, "attn_norm", y);
        var residual = Add(y, builder.KeepOutputs(layer, x));
        return Add(builder.Norm(layer, "ffn_norm", builder.FeedForward(layer, y)), residual);
    }

    /// <summary>Norms without weights, and the embedded tokens added again in each layer.</summary>
    private static void ComposeTalkie(GraphBuilder builder)
    {
        var embedded = builder.Embed();
        var x = embedded;
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var y = builder.KeepOutputs(layer, builder.Attention(layer, q, Map(Op.RmsNorm, k), v));
            var residual = Add(y, builder.KeepOutputs(layer, x));
            y = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
            x = Add(y, Mul(builder.KeepOutputs(layer, embedded), builder.Required(layer, "layer_output_scale")));
        }

        builder.Head(x);
    }

    /// <summary>
    /// Small experts over the result of the large ones, each shared by a group of these and chosen by the same router.
    /// </summary>
    private static void ComposeGrove(GraphBuilder builder)
    {
        var rules = builder.Architecture.Experts(builder.Model.Metadata);
        var shared = rules with { Suffix = "_chexps", Sharing = (int)builder.Model.Size("experts_per_group", 1) };
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
            var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
            var normed = builder.Norm(layer, "ffn_norm", residual);
            var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), normed);
            y = builder.Experts(layer, normed, rules, logits);
            x = Add(Add(y, Scale(builder.Experts(layer, y, shared, logits))), residual);
        }

        builder.Head(x);
    }
}
