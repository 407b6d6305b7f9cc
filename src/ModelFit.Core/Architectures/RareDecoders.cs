using System;
using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Decoders of single models, each after the file of its name in llama.cpp's src/models.</summary>
internal static class RareDecoders
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("plm")
        {
            Compose = Decoder.Composed(DeepSeekFamily.Layer), Activation = UnaryFunction.Relu, SquaresActivation = true,
            BreaksUnderFlashAttention = true,
        },
        new("cogvlm") { RowsCut = OutputRowsCut.Never },
        new("chameleon")
        {
            Compose = Decoder.Composed(ChameleonLayer), HeadNormOp = Op.Norm,
            LogitScaling = _ => LogitScale.WithoutImages,
        },
        new("talkie")
        {
            Compose = ComposeTalkie, NormsEmbeddings = true, NormsHeadsAfterRope = true,
            LogitScaling = _ => LogitScale.Scale,
        },
        new("hrm_text")
        {
            Compose = ComposeHierarchical, OutputNorm = string.Empty,
            ScalesEmbeddings = Architecture.HasEmbeddingScale,
            RowsCut = OutputRowsCut.BeforeFinalNorm, KeepsHidden = false,
        },
        new("openelm") { Compose = ComposeOpenElm },
        new("grovemoe")
        {
            Compose = ComposeGrove, Experts = _ => new ExpertRules { ChoosesBySigmoid = true },
        },
    };

    /// <summary>
    /// The common decoder or, in the larger model, norms after attention and feed-forward, which then does not read the
    /// residual.
    /// </summary>
    private static Tensor ChameleonLayer(GraphBuilder builder, int layer, Tensor x) =>
        builder.Model.Metadata.Flag("swin_norm") is true
            ? NormsAfter(builder, layer, x)
            : Decoder.Layer(builder, layer, x);

    private static Tensor NormsAfter(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
        y = builder.Norm(layer, "attn_norm", y);
        var residual = Add(y, builder.KeepOutputs(layer, x));
        return Add(builder.Norm(layer, "ffn_norm", builder.FeedForward(layer, y)), residual);
    }

    /// <summary>The common decoder with joint queries, keys and values that are split by heads.</summary>
    private static void ComposeOpenElm(GraphBuilder builder)
    {
        var (model, tokens, length) = (builder.Model, builder.Tokens, builder.Model.KeyLength);
        var x = builder.Embed();
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var (heads, kvHeads) = (model.Heads[layer], model.KvHeads[layer]);
            var all = builder.Linear(layer, "attn_qkv", builder.Norm(layer, "attn_norm", x));
            all = Reshape(all, length, heads + (2 * kvHeads), tokens);
            Tensor Part(long count, long from) =>
                View3(all, length, count, tokens, all.Nb.D1, all.Nb.D2, from * all.Nb.D1);
            Tensor Turned(string norm, Tensor part) => Rope(builder.Norm(layer, norm, part), builder.Positions());
            var q = Turned("attn_q_norm", Part(heads, 0));
            var k = Turned("attn_k_norm", Part(kvHeads, heads));
            var y = builder.Attention(layer, q, k, Part(kvHeads, heads + kvHeads));
            var residual = Add(builder.KeepOutputs(layer, x), builder.KeepOutputs(layer, y));
            x = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        }

        builder.Head(x);
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
    /// Two stacks of layers in turn, the low one several times for each time of the high one. A turn has caches of its
    /// own but not weights.
    /// </summary>
    private static void ComposeHierarchical(GraphBuilder builder)
    {
        var model = builder.Model;
        var (turns, lowTurns) = (model.Size("hrm.h_cycles", 1), model.Size("hrm.l_cycles", 1));
        var stack = (int)model.Size("hrm.layers_per_stack", 1);
        if (lowTurns < 1 || turns * (lowTurns + 1) * stack != model.Layers)
            throw new GraphException("'block_count' is not that of all turns");
        var high = builder.Embed();
        var low = builder.Global("hrm.z_l_init", -1) ?? throw new GraphException("'hrm.z_l_init' is missing");
        var slot = 0;
        Tensor Run(int firstLayer, Tensor x)
        {
            for (var i = 0; i < stack; i++) x = HierarchicalLayer(builder, firstLayer + i, slot++, x);
            return Map(Op.RmsNorm, x);
        }

        for (var turn = 0; turn < turns; turn++)
        {
            for (var i = 0; i < lowTurns; i++) low = Run(0, Add(high, low));
            high = Run(stack, Add(high, low));
        }

        builder.Head(high);
    }

    private static Tensor HierarchicalLayer(GraphBuilder builder, int layer, int slot, Tensor x)
    {
        var normed = Map(Op.RmsNorm, x);
        var (q, k, v) = Decoder.Heads(builder, layer, normed);
        var y = builder.GatedValues(layer, builder.AttentionValues(slot, q, k, v), normed);
        var residual = Add(builder.Linear(layer, "attn_output", y), x);
        return Add(builder.FeedForward(layer, Map(Op.RmsNorm, residual)), residual);
    }

    /// <summary>
    /// Small experts over the result of the large ones, each shared by a group of these and chosen by the same router.
    /// </summary>
    private static void ComposeGrove(GraphBuilder builder)
    {
        var rules = builder.Architecture.Experts(builder.Model.Metadata);
        var sharing = (int)Math.Max(1, builder.Model.Size("experts_per_group", 1));
        var shared = rules with { Suffix = "_chexps", Sharing = sharing };
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
