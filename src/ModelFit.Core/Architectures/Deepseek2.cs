using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Multi-head latent attention and what follows DeepSeek V2 (src/models/deepseek2.cpp, mistral4.cpp).
/// </summary>
internal static class Deepseek2
{
    private const int Size = sizeof(float);

    public static Architecture[] All { get; } =
    {
        new("deepseek2")
        {
            Classes =
                "DeepseekV2ForCausalLM DeepseekV3ForCausalLM DeepseekOCRForCausalLM "
                + "UnlimitedOCRForCausalLM KimiVLForConditionalGeneration KimiK25ForConditionalGeneration "
                + "YoutuForCausalLM YoutuVLForConditionalGeneration Glm4MoeLiteForCausalLM",
            Types = "kimik2 kimik25 deepseekv2 deepseekv3",
            RefusesTensorSplit = true,
            IgnoresWindow = true,
            Shape = new() { Experts = ExpertRules.FromMetadata, ReadsTemperature = true },
            AttentionTensors = Attention, Compose = Decoder.WithAttention(Attention),
            Likeness = new(7, "attn_kv_a_mqa.weight"),
        },
        new("mistral4")
        {
            RefusesTensorSplit = true,
            Shape = new() { Experts = ExpertRules.FromMetadata, ReadsTemperature = true, HasPreciseExperts = true },
            AttentionTensors = Attention, Compose = Decoder.WithAttention(Attention),
        },
    };

    /// <summary>
    /// Latent attention over the normed input: with the cache compressed where the model says how long its heads are
    /// (<c>attention.key_length_mla</c>), else expanded to full heads as in older files.
    /// </summary>
    public static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var q = Reshape(
            Queries(builder, layer, x), KeyLength(builder, layer), builder.Model.Heads[layer], builder.Tokens);
        return Attention(builder, layer, x, q, null);
    }

    /// <summary>The same with the queries given, [key length x heads, tokens] or with heads apart.</summary>
    public static Tensor Attention(
        GraphBuilder builder, int layer, Tensor x, Tensor q, Tensor? chosen, Func<Tensor, Tensor>? gate = null)
    {
        var model = builder.Model;
        var rank = builder.Required(layer, "attn_kv_a_norm").Ne.D0;
        var rope = model.Size("rope.dimension_count", model.KeyLength);
        var (keyLength, tokens) = (KeyLength(builder, layer), builder.Tokens);
        var both = MulMat(builder.Required(layer, "attn_kv_a_mqa"), x);
        var row = (rank + rope) * Size;
        var latent = View2(both, rank, tokens, row);
        var turned = View3(both, rope, 1, tokens, row, row, rank * Size);
        if (builder.Weight(layer, "attn_k_norm") is not null) turned = builder.Norm(layer, "attn_k_norm", turned);
        turned = Turn(builder, layer, turned, true);
        latent = builder.Norm(layer, "attn_kv_a_norm", latent);
        return IsCompressed(builder, layer)
            ? Compressed(builder, layer, q, latent, turned, keyLength, chosen, gate)
            : Expanded(builder, layer, q, latent, turned, keyLength);
    }

    private static bool IsCompressed(GraphBuilder builder, int layer) =>
        builder.Model.Metadata.Has("attention.key_length_mla") && builder.Weight(layer, "attn_k_b") is not null;

    /// <summary>Length of a key head when expanded.</summary>
    private static long KeyLength(GraphBuilder builder, int layer) => IsCompressed(builder, layer)
        ? builder.Model.Size(
            builder.Model.IsWindowLayer[layer] ? "attention.key_length_mla_swa" : "attention.key_length_mla")
        : builder.Model.KeyLength;

    public static Tensor Queries(GraphBuilder builder, int layer, Tensor x) =>
        builder.Weight(layer, "attn_q") is { } direct
            ? MulMat(direct, x)
            : MulMat(builder.Required(layer, "attn_q_b"), LowRankQueries(builder, layer, x));

    public static Tensor LowRankQueries(GraphBuilder builder, int layer, Tensor x) =>
        builder.Norm(layer, "attn_q_a_norm", MulMat(builder.Required(layer, "attn_q_a"), x));

    private static Tensor Turn(GraphBuilder builder, int layer, Tensor x, bool hasFactors) =>
        builder.Shape.HasRope(builder.Model, layer)
            ? Rope(x, builder.Positions(), hasFactors ? builder.RopeFactors(layer) : null)
            : x;

    private static Tensor Compressed(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long keyLength, Tensor? chosen,
        Func<Tensor, Tensor>? gate)
    {
        var (heads, tokens) = (builder.Model.Heads[layer], builder.Tokens);
        var (head, all) = (keyLength * Size, keyLength * Size * heads);
        var rope = turned.Ne.D0;
        var plain = keyLength - rope;
        var first = View3(q, plain, heads, tokens, head, all);
        var second = Turn(builder, layer, View3(q, rope, heads, tokens, head, all, plain * Size), false);
        var absorbed = SwapMiddle(MulMat(builder.Required(layer, "attn_k_b"), SwapMiddle(first)));
        var v = Reshape(latent, latent.Ne.D0, 1, tokens);
        var queries = builder.ScaleByPosition(Concat(absorbed, second));
        return builder.CompressedAttention(layer, queries, Concat(v, turned), v, chosen, gate);
    }

    private static Tensor Expanded(
        GraphBuilder builder, int layer, Tensor q, Tensor latent, Tensor turned, long keyLength)
    {
        var (heads, tokens) = (builder.Model.Heads[layer], builder.Tokens);
        var (rope, value) = (turned.Ne.D0, builder.Model.ValueLength);
        var plain = keyLength - rope;
        var both = MulMat(builder.Required(layer, "attn_kv_b"), latent);
        var row = (plain + value) * Size;
        var k = View3(both, plain, heads, tokens, row, row * heads);
        var v = Cont(View3(both, value, heads, tokens, row, row * heads, plain * Size));
        q = Rope(q, builder.Positions(), builder.RopeFactors(layer));
        return builder.Attention(layer, builder.ScaleByPosition(q), Concat(k, Repeat(turned, rope, heads, tokens)), v);
    }

    /// <summary>Attention through the latents.</summary>
    public static void Attention(TensorList list, int layer) => Attention(list, layer, string.Empty);

    /// <summary>The same with the lengths whose keys end so, where the header has them.</summary>
    public static void Attention(TensorList list, int layer, string suffix)
    {
        var model = list.Model;
        long Of(string name, long fallback) =>
            model.Metadata.Integer(name + suffix) ?? model.Metadata.Integer(name, fallback);
        var (width, heads, rope) = (model.Embedding, model.Heads(layer), model.RotaryDimensions);
        var key = Of("attention.key_length_mla", model.KeyLength);
        var value = Of("attention.value_length_mla", model.ValueLength);
        var latent = Of("attention.kv_lora_rank", 0);
        Query(list, layer, heads * key);
        list.Linear(layer, "attn_kv_a_mqa", width, latent + rope);
        list.Norm(layer, "attn_kv_a_norm", latent);
        if (model.Metadata.Has("attention.key_length_mla"))
        {
            list.Block(layer, "attn_k_b.weight", key - rope, latent, heads);
            list.Block(layer, "attn_v_b.weight", latent, value, heads);
        }
        else
        {
            list.Linear(layer, "attn_kv_b", latent, heads * (key - rope + value));
        }
        list.Linear(layer, "attn_output", heads * value, width);
    }

    private static void Query(TensorList list, int layer, long outputs)
    {
        var rank = list.Model.Metadata.Integer("attention.q_lora_rank", 0);
        if (rank == 0)
        {
            list.Linear(layer, "attn_q", list.Model.Embedding, outputs);
            return;
        }
        list.Linear(layer, "attn_q_a", list.Model.Embedding, rank);
        list.Norm(layer, "attn_q_a_norm", rank);
        list.Linear(layer, "attn_q_b", rank, outputs);
    }
}
