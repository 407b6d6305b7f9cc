using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Decoders with another order of norms, residuals or gates, each after the file of its name.</summary>
internal static class OtherDecoders
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("qwen3vl") { Compose = Decoder.Composed(Deepstack), PositionsPerToken = _ => 4 },
        new("qwen3vlmoe") { Compose = Decoder.Composed(Deepstack), PositionsPerToken = _ => 4 },
        new("olmo2") { Compose = Decoder.Composed(NormsAfter), Window = WindowRule.Standard(4) },
        new("exaone4")
        {
            Compose = Decoder.Composed(NormsAfter),
            Window = metadata => metadata.Integer("block_count") == WindowedExaoneLayers
                ? WindowRule.Standard(4, 4096)(metadata)
                : null,
            HasRope = (model, layer) => !model.HasWindow || model.IsWindowLayer[layer],
        },
        new("mimo2")
        {
            Compose = Decoder.Composed(ScaledValues), Window = WindowRule.Standard(0),
            Experts = metadata => ExpertRules.FromMetadata(metadata) with
            {
                Gating = ExpertGating.Sigmoid, NormalizesWeights = true,
            },
        },
        new("cohere2moe")
        {
            Compose = Decoder.Composed(Parallel), Window = WindowRule.Standard(4, globalFirst: true),
            HasRope = (model, layer) =>
                model.IsWindowLayer[layer] || layer < model.Metadata.Integer("leading_dense_block_count", 0),
            Experts = ExpertRules.FromMetadata, RowsCut = OutputRowsCut.AfterFinalNorm,
            LogitScaling = _ => LogitScale.Scale,
        },
        new("smallthinker")
        {
            Compose = Decoder.Composed(RoutesEarly), Experts = metadata => ExpertRules.FromMetadata(metadata) with
            {
                NormalizesWeights = true,
            },
            Window = metadata => metadata.Integer("attention.sliding_window", 0) > 0
                ? new WindowRule(4096, 4, GlobalFirst: true)
                : null,
            HasRope = (model, layer) => !model.HasWindow || layer % 4 != 0,
        },
        new("qwen2moe")
        {
            Compose = Decoder.Composed(DividedGate), Experts = _ => new ExpertRules { NormalizesWeights = false },
        },
        new("phi2") { Compose = Decoder.Composed(Phi2), NormOp = Op.Norm, ScalesQueries = true },
        new("falcon") { Compose = Decoder.Composed(Falcon), NormOp = Op.Norm },
        new("plamo") { Compose = Decoder.Composed(Falcon) },
        new("gptneox") { Compose = Decoder.Composed(NeoX), NormOp = Op.Norm },
        new("stablelm") { Compose = Decoder.Composed(StableLm), NormOp = Op.Norm },
        new("dbrx") { Compose = Decoder.Composed(Dbrx), NormOp = Op.Norm, ReadsClamp = true },
        new("arctic") { Compose = Decoder.Composed(Arctic) },
        new("grok")
        {
            Compose = Decoder.Composed(Grok), RefusesFlashAttention = true, ScalesEmbeddings = _ => true,
            CapsAttention = _ => true, Activation = UnaryFunction.Gelu,
            LogitScaling = metadata => metadata.Number("final_logit_softcapping") is null or 0
                ? LogitScale.Scale
                : LogitScale.SoftCap,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with
            {
                Gating = ExpertGating.SoftMax, NormalizesWeights = true,
            },
        },
        new("bitnet") { Compose = Decoder.Composed(BitNet), Output = OutputSource.Embedding },
        new("deci") { Compose = Decoder.Composed(Deci) },
    };

    // Exaone 4 has windows in its 32 billion parameters only.
    private const int WindowedExaoneLayers = 64;

    /// <summary>Norms behind attention and experts, and a dense feed-forward beside the experts.</summary>
    private static Tensor Grok(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = Add(builder.Norm(layer, "attn_output_norm", y), builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        y = Decoder.FeedForward(builder, layer, normed);
        if (builder.Weight(layer, "ffn_up") is not null) y = Scale(Add(builder.FeedForward(layer, normed), y));
        var norm = builder.Weight(layer, "layer_output_norm") is null ? "post_ffw_norm" : "layer_output_norm";
        return Add(builder.Norm(layer, norm, y), residual);
    }

    /// <summary>Attention and feed-forward side by side; the shared expert's sum is halved.</summary>
    private static Tensor Parallel(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = Decoder.Attention(builder, layer, normed);
        var fed = Decoder.FeedForward(builder, layer, normed);
        if (builder.Weight(layer, "ffn_up_shexp") is not null) fed = Scale(fed);
        return Add(Add(fed, x), y);
    }

    /// <summary>The router reads the layer's input, before attention.</summary>
    private static Tensor RoutesEarly(GraphBuilder builder, int layer, Tensor x)
    {
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), x);
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        var rules = builder.Architecture.Experts(builder.Model.Metadata);
        var normed = builder.Norm(layer, "ffn_norm", residual);
        return Add(builder.Experts(layer, normed, rules, builder.KeepOutputs(layer, logits)), residual);
    }

    /// <summary>Parts of the input embeddings, which images may fill, are added after the first layers.</summary>
    private static Tensor Deepstack(GraphBuilder builder, int layer, Tensor x)
    {
        x = Decoder.Layer(builder, layer, x);
        if (layer >= builder.Model.Size("n_deepstack_layers", 0) || builder.InputEmbeddings is not { } input) return x;
        var width = builder.Model.Embedding;
        return Add(x, View2(input, width, builder.Tokens, input.Nb.D1, (layer + 1) * width * sizeof(float)));
    }

    /// <summary>Norms only after attention and after the feed-forward.</summary>
    private static Tensor NormsAfter(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, x));
        x = builder.KeepOutputs(layer, x);
        var residual = Add(builder.Norm(layer, "post_attention_norm", y), x);
        y = builder.FeedForward(layer, residual);
        return Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
    }

    /// <summary>Attention whose values are scaled after their projection.</summary>
    private static Tensor ScaledValues(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        if (builder.Model.Metadata.Number("attention.value_scale") is not (null or 0 or 1)) y = Scale(y);
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        return Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    /// <summary>Experts beside a shared expert whose gate is written as a quotient of SiLU.</summary>
    private static Tensor DividedGate(GraphBuilder builder, int layer, Tensor x)
    {
        var y = Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x));
        var residual = Add(builder.KeepOutputs(layer, y), builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        y = builder.Experts(layer, normed, builder.Architecture.Experts(builder.Model.Metadata));
        var gate = MulMat(builder.Required(layer, "ffn_gate_inp_shexp"), normed);
        gate = Div(Silu(gate), gate);
        return Add(Add(y, Mul(builder.FeedForward(layer, normed, "_shexp"), gate)), residual);
    }

    private static Tensor Phi2(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, normed));
        x = builder.KeepOutputs(layer, x);
        return Add(Add(y, builder.FeedForward(layer, builder.KeepOutputs(layer, normed))), x);
    }

    private static Tensor Falcon(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var input = builder.Weight(layer, "attn_norm_2") is null ? normed : builder.Norm(layer, "attn_norm_2", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, input));
        x = builder.KeepOutputs(layer, x);
        return Add(Add(builder.FeedForward(layer, builder.KeepOutputs(layer, normed)), y), x);
    }

    private static Tensor NeoX(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        x = builder.KeepOutputs(layer, x);
        if (builder.Model.Metadata.Flag("use_parallel_residual") ?? true)
            return Add(Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", x)), x), y);
        var residual = Add(y, x);
        return Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }

    /// <summary>Without a second norm the feed-forward reads the first one's result.</summary>
    private static Tensor StableLm(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, normed));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        var input = builder.Weight(layer, "ffn_norm") is null
            ? builder.KeepOutputs(layer, normed)
            : builder.Norm(layer, "ffn_norm", residual);
        return Add(builder.FeedForward(layer, input), residual);
    }

    private static Tensor Dbrx(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        return Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "attn_output_norm", residual)), residual);
    }

    /// <summary>A dense feed-forward, and experts over the layer's own input.</summary>
    private static Tensor Arctic(GraphBuilder builder, int layer, Tensor x)
    {
        var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, builder.Norm(layer, "attn_norm", x)));
        x = builder.KeepOutputs(layer, x);
        var residual = Add(y, x);
        var dense = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        y = builder.Experts(layer, builder.Norm(layer, "ffn_norm_exps", x), ExpertRules.Default);
        return Add(y, dense);
    }

    /// <summary>Norms before each output projection.</summary>
    private static Tensor BitNet(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
        var y = builder.Norm(layer, "attn_sub_norm", builder.AttentionValues(layer, q, k, v));
        y = builder.KeepOutputs(layer, builder.Linear(layer, "attn_output", y));
        var residual = Add(y, builder.KeepOutputs(layer, x));
        var normed = builder.Norm(layer, "ffn_norm", residual);
        var up = builder.Linear(layer, "ffn_up", normed);
        y = builder.Norm(layer, "ffn_sub_norm", Glu(builder.Linear(layer, "ffn_gate", normed), up));
        return Add(builder.Linear(layer, "ffn_down", y), residual);
    }

    /// <summary>Layers from which a search removed the attention or the feed-forward, or left one projection.</summary>
    private static Tensor Deci(GraphBuilder builder, int layer, Tensor x)
    {
        var model = builder.Model;
        var y = x;
        if (model.KvHeads[layer] == 0) builder.ReserveValues(layer);
        if (model.Heads[layer] > 0)
        {
            y = builder.Norm(layer, "attn_norm", x);
            y = model.KvHeads[layer] > 0
                ? Decoder.Attention(builder, layer, y)
                : MulMat(builder.Required(layer, "attn_output"), y);
        }

        y = builder.KeepOutputs(layer, y);
        if (builder.Weight(layer, "ffn_up") is null) return y;
        var residual = model.Heads[layer] > 0 ? Add(y, builder.KeepOutputs(layer, x)) : y;
        return Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
    }
}
