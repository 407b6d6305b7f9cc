using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// OpenELM (src/models/openelm.cpp): the common decoder with joint queries, keys and values that are split by heads.
/// </summary>
internal static class OpenElm
{
    public static Architecture[] All { get; } =
    {
        new("openelm")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "OpenELMForCausalLM",
            TiesByDefault = true,
            Configure = Configure,
            Shape = new() { FusedQkv = true, HeadNorms = QkNormKind.Head, AlwaysTied = true, AddsToInput = true },
            Compose = Decoder.WithAttention(Attention),
        },
    };

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (model, tokens, length) = (builder.Model, builder.Tokens, builder.Model.KeyLength);
        var (heads, kvHeads) = (model.Heads[layer], model.KvHeads[layer]);
        var all = Reshape(builder.Linear(layer, "attn_qkv", x), length, heads + (2 * kvHeads), tokens);
        Tensor Part(long count, long from) =>
            View3(all, length, count, tokens, all.Nb.D1, all.Nb.D2, from * all.Nb.D1);
        Tensor Turned(string norm, Tensor part) => Rope(builder.Norm(layer, norm, part), builder.Positions());
        var q = Turned("attn_q_norm", Part(heads, 0));
        var k = Turned("attn_k_norm", Part(kvHeads, heads));
        return builder.Attention(layer, q, k, Part(kvHeads, heads + kvHeads));
    }

    private static void Configure(ConfigDraft draft)
    {
        var config = draft.Config;
        draft.Set(Keys.Embedding, config.Integer("model_dim"));
        draft.Set("block_count", config.Integer("num_transformer_layers"));
        draft.Set("context_length", config.Integer("max_context_length"));
        draft.SetEach(Keys.Heads, ConfigDraft.At(config.Integers("num_query_heads")));
        draft.SetEach(Keys.KvHeads, ConfigDraft.At(config.Integers("num_kv_heads")));
        var multipliers = config.Numbers("ffn_multipliers") ?? Array.Empty<double>();
        var divisor = Math.Max(1, config.Integer("ffn_dim_divisor") ?? 256);
        draft.SetEach(Keys.FeedForward, layer => layer < multipliers.Length
            ? Divisible(multipliers[layer] * draft[Keys.Embedding], divisor)
            : 0);
    }

    /// <summary>The nearest multiple, not more than a tenth below (conversion/openelm.py, _make_divisible).</summary>
    private static long Divisible(double value, long divisor)
    {
        var near = Math.Max(divisor, (long)(value + (divisor / 2.0)) / divisor * divisor);
        return near < 0.9 * value ? near + divisor : near;
    }
}
