using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Hybrids of Kimi's delta attention, whose decay is one number a channel, and latent attention without rope
/// (src/models/kimi-linear.cpp).
/// </summary>
internal static class KimiLinear
{
    public static Architecture[] All { get; } =
    {
        new("kimi-linear")
        {
            Classes = "KimiLinearModel KimiLinearForCausalLM",
            RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = Configure,
            Shape = new()
            {
                HasRope = (_, _) => false, ReservesOneSequence = true,
                Experts = ExpertRules.Normalized,
                Nodes = NodeBudget.Wide,
            },
            AttentionTensors = DecoderTensors.Hybrid(Deepseek2.Attention, DeltaTensors),
            Compose = Decoder.WithAttention(Decoder.Hybrid(LatentAttention, DeltaAttention)),
            Likeness = new(3, "ssm_f_a.weight"),
        },
    };

    public static Tensor LatentAttention(GraphBuilder builder, int layer, Tensor x)
    {
        builder.Expand(x);
        var q = Deepseek2.Queries(builder, layer, x);
        return Deepseek2.Attention(builder, layer, x, q, null, y => builder.GatedValues(layer, y, x));
    }

    public static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x)
    {
        builder.Expand(x);
        var model = builder.Model;
        var (heads, length) = (model.Heads[0], model.Size("kda.head_dim"));
        var gate = MulMat(builder.Required(layer, "ssm_f_b"), MulMat(builder.Required(layer, "ssm_f_a"), x));
        gate = Add(gate, builder.Bias(layer, "ssm_dt")!);
        var decay = Reshape(builder.Required(layer, "ssm_a"), 1, heads);
        var isBounded = builder.Weight(layer, "ssm_g") is not null
            && model.Metadata.Number("kda.gate_lower_bound") is > double.NegativeInfinity;
        if (!isBounded) gate = Apply(UnaryFunction.Softplus, gate);
        gate = Mul(Reshape(gate, length, heads, builder.Tokens), decay);
        if (isBounded) gate = Scale(Sigmoid(Scale(gate)));
        var sequential = Reshape(x, x.Ne.D0, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var flat = Reshape(sequential, x.Ne.D0, builder.Tokens);
        var outer = builder.Weight(layer, "ssm_g") is { } whole
            ? MulMat(whole, flat)
            : MulMat(builder.Required(layer, "ssm_g_b"), MulMat(builder.Required(layer, "ssm_g_a"), flat));
        return DeltaAttention(builder, layer, x, gate, outer);
    }

    /// <summary>
    /// Delta attention with the logarithm of its decay given, [head length, heads, tokens], and with what gates its
    /// result.
    /// </summary>
    public static Tensor DeltaAttention(GraphBuilder builder, int layer, Tensor x, Tensor gate, Tensor outer)
    {
        var (model, tokens, sequences) =
            (builder.Model, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (heads, length) = (model.Heads[0], model.Size("kda.head_dim"));
        Tensor Split(Tensor all, long width) => Reshape(all, width, heads, tokens, sequences);
        var convolution = new JointConvolution(builder, layer, length * heads, "attn_q", "attn_k", "attn_v");
        var q = Split(convolution.Apply(0, x), length);
        var k = Split(convolution.Apply(1, x), length);
        var v = Split(convolution.Apply(2, x), length);
        var beta = Sigmoid(Split(MulMat(builder.Required(layer, "ssm_beta"), x), 1));
        var (stored, read) = builder.RecurrentState("s", layer, length * length * heads);
        var state = Reshape(read, length, length, heads, sequences);
        q = Scale(Map(Op.RmsNorm, q));
        k = Scale(Map(Op.RmsNorm, k));
        var (result, next) = DeltaNet.Scan(q, k, v, Split(gate, length), beta, state);
        var y = Cont(result);
        builder.Expand(Copy(next, View1(stored, stored.Ne.D0 * sequences)));
        outer = Reshape(outer, length, heads, builder.Tokens);
        y = builder.Norm(layer, "ssm_norm", Reshape(y, length, heads, builder.Tokens));
        y = Mul(y, Sigmoid(outer));
        return MulMat(builder.Required(layer, "attn_output"), Cont(y, length * heads, builder.Tokens));
    }

    private static void DeltaTensors(TensorList list, int layer)
    {
        var (heads, length) = Delta(list, layer);
        list.Block(layer, "ssm_a", 1, heads);
        list.Linear(layer, "ssm_g_a", list.Model.Embedding, length);
        list.Linear(layer, "ssm_g_b", length, length * heads);
    }

    /// <summary>What both have of delta attention; returns its heads and their length.</summary>
    public static (long Heads, long Length) Delta(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        var (heads, head) = (list.Key(Keys.Heads), list.Key("kda.head_dim"));
        ConvolvedQueries(list, layer, heads, head);
        list.Linear(layer, "ssm_f_a", width, head);
        list.Linear(layer, "ssm_f_b", head, head * heads);
        list.Linear(layer, "ssm_beta", width, heads);
        list.Block(layer, "ssm_dt.bias", head * heads);
        list.Norm(layer, "ssm_norm", head);
        list.Linear(layer, "attn_output", head * heads, width);
        return (heads, head);
    }

    /// <summary>Queries, keys and values, each with a convolution.</summary>
    public static void ConvolvedQueries(TensorList list, int layer, long heads, long head)
    {
        foreach (var name in new[] { "q", "k", "v" })
        {
            list.Block(layer, $"ssm_conv1d_{name}.weight", list.Key("ssm.conv_kernel"), 1, head * heads);
            list.Linear(layer, "attn_" + name, list.Model.Embedding, head * heads);
        }
    }

    /// <summary>Kimi's delta attention, and latent attention in the layers that are listed, counted from 1.</summary>
    public static void Configure(ConfigDraft draft)
    {
        var section = draft.Config.Section("linear_attn_config");
        var attended = section?.Integers("full_attn_layers") ?? Array.Empty<long>();
        draft.SetEach(Keys.KvHeads, layer => attended.Contains(layer + 1) ? 1 : 0);
        draft.Set("ssm.conv_kernel", section?.Integer("short_conv_kernel_size"));
        draft.Set("kda.head_dim", section?.Integer("head_dim"));
        draft.Set("kda.gate_lower_bound", section?.Number("gate_lower_bound"));
    }
}
