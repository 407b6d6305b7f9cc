using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Text encoders: they attend over the batch, keep no cache and give embeddings (src/models/bert.cpp, modern-bert.cpp,
/// neo-bert.cpp, eurobert.cpp, gemma-embedding.cpp).
/// </summary>
internal static class EncoderFamily
{
    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("bert") { Compose = ComposeBert, NormOp = Op.Norm, Output = OutputSource.None, HasRope = (_, _) => false },
        new("nomic-bert") { Compose = ComposeBert, NormOp = Op.Norm, Output = OutputSource.None },
        new("nomic-bert-moe")
        {
            Compose = ComposeBert, NormOp = Op.Norm, Output = OutputSource.None,
            Experts = metadata => ExpertRules.FromMetadata(metadata) with
            {
                Gating = ExpertGating.SoftMax, NormalizesWeights = false,
            },
        },
        new("jina-bert-v2")
        {
            Compose = ComposeBert, NormOp = Op.Norm, Output = OutputSource.None, HasRope = (_, _) => false,
        },
        new("jina-bert-v3") { Compose = ComposeBert, NormOp = Op.Norm, Output = OutputSource.None },
        new("modern-bert")
        {
            Compose = ComposeLayers, NormOp = Op.Norm, Output = OutputSource.None, AttendsBatchOnly = true,
            NormsEmbeddings = true, Window = WindowRule.Standard(3, globalFirst: true),
        },
        new("neo-bert")
        {
            Compose = ComposeLayers, Output = OutputSource.None, AttendsBatchOnly = true,
            OutputNorm = "enc.output_norm",
        },
        new("eurobert") { Compose = ComposeLayers, Output = OutputSource.None, AttendsBatchOnly = true },
        new("llama-embed") { Compose = ComposeLayers, AttendsBatchOnly = true, KeepsUnusedCache = true },
        new("gemma-embedding")
        {
            Compose = ComposeGemma, ScalesEmbeddings = _ => true, ScalesQueries = true,
            Window = WindowRule.Standard(6),
        },
    };

    private static void ComposeBert(GraphBuilder builder)
    {
        var x = builder.EmbedTokens();
        if (builder.Global("token_types.weight", -1) is { } types) x = Add(x, View1(types, builder.Model.Embedding));
        if (builder.Global("position_embd.weight", -1) is { } table) x = Add(GetRows(table, builder.Positions()), x);
        x = builder.Norm(
            x, builder.Global("token_embd_norm.weight", 0), builder.Global("token_embd_norm.bias", 0), 0);
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, x);
            var y = builder.KeepOutputs(layer, builder.BatchAttention(layer, q, k, v));
            var residual = builder.Norm(layer, "attn_output_norm", Add(y, builder.KeepOutputs(layer, x)));
            if (builder.Weight(layer, "attn_norm_2") is not null)
                residual = builder.Norm(layer, "attn_norm_2", residual);
            y = Decoder.FeedForward(builder, layer, residual);
            x = builder.Norm(layer, "layer_output_norm", Add(y, residual));
        }

        builder.Expand(x).IsOutput = true;
    }

    /// <summary>The layers of a decoder, the first with or without a norm, and the final norm.</summary>
    private static void ComposeLayers(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            if (builder.Architecture.KeepsUnusedCache) builder.ReserveCache(layer);
            var normed = builder.Weight(layer, "attn_norm") is null ? x : builder.Norm(layer, "attn_norm", x);
            var y = builder.KeepOutputs(layer, Decoder.Attention(builder, layer, normed));
            var residual = Add(y, builder.KeepOutputs(layer, x));
            x = Add(Decoder.FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        }

        x = builder.Norm(x, builder.OutputWeight(builder.Architecture.OutputNorm + ".weight"), null, -1);
        builder.Expand(x).IsOutput = true;
    }

    private static void ComposeGemma(GraphBuilder builder)
    {
        var x = builder.Embed();
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            var (q, k, v) = Decoder.Heads(builder, layer, builder.Norm(layer, "attn_norm", x));
            var y = builder.KeepOutputs(layer, builder.BatchAttention(layer, q, k, v));
            var residual = Add(builder.Norm(layer, "post_attention_norm", y), builder.KeepOutputs(layer, x));
            y = builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual));
            x = Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
        }

        x = builder.Norm(x, builder.OutputWeight("output_norm.weight"), null, -1);
        builder.Expand(x).IsOutput = true;
    }
}
