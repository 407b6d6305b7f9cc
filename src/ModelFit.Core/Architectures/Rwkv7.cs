using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// RWKV 7 (src/models/rwkv7.cpp, rwkv7-base.cpp), or Qwen 2's feed-forward after its time mixing (arwkv7.cpp).
/// </summary>
internal static class Rwkv7
{
    public static Architecture[] All { get; } =
    {
        new("rwkv7")
        {
            Classes = "Rwkv7ForCausalLM RWKV7ForCausalLM",
            Served = ServedTraits.Unrotated,
            Shape = Rwkv6.Shape,
            FrameTensors = Gpt2.NormedEmbeddings, AttentionTensors = Block7, Compose = Compose7,
            Likeness = new(18, "time_mix_a1.weight"),
        },
        new("arwkv7")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "RwkvHybridForCausalLM",
            Shape = new() { RemembersLayers = true },
            AttentionTensors = TimeMix, Compose = builder => Rwkv6.ComposeQwen(builder, TimeMix7()),
            Likeness = new(17, "time_mix_a1.weight ffn_gate.weight"),
        },
    };

    private static void Compose7(GraphBuilder builder) => Rwkv6.Compose(builder, TimeMix7(), ChannelMix7);

    private static Func<GraphBuilder, int, Tensor, Tensor, Tensor> TimeMix7()
    {
        Tensor? firstValue = null;
        return (builder, layer, x, previous) => TimeMix7(builder, layer, x, previous, ref firstValue);
    }

    private static Tensor ChannelMix7(GraphBuilder builder, int layer, Tensor x, Tensor previous)
    {
        var difference = Sub(previous, x);
        var key = Add(Mul(difference, builder.Required(layer, "channel_mix_lerp_k")), x);
        return Rwkv6.SquaredFeedForward(builder, layer, key);
    }

    private static Tensor TimeMix7(
        GraphBuilder builder, int layer, Tensor x, Tensor previous, ref Tensor? firstValue)
    {
        var model = builder.Model;
        var (width, tokens) = (model.Embedding, builder.Tokens);
        var length = model.Size("wkv.head_size");
        var heads = width / length;
        var isGated = builder.Weight(layer, "time_mix_g1") is not null
            && builder.Weight(layer, "time_mix_g2") is not null;
        var difference = Sub(previous, x);
        difference = Repeat(
            difference, width, builder.Settings.TokensPerSequence, builder.Settings.Sequences, isGated ? 6 : 5);
        var all = Add(Mul(difference, builder.Required(layer, "time_mix_lerp_fused")), x);
        Tensor Part(long i) => View2(all, width, tokens, all.Nb.D1, i * width * tokens * Rwkv6.Size);
        var r = MulMat(builder.Required(layer, "time_mix_receptance"), Part(0));
        var w = Apply(UnaryFunction.Tanh, MulMat(builder.Required(layer, "time_mix_w1"), Part(1)));
        w = Add(MulMat(builder.Required(layer, "time_mix_w2"), w), builder.Required(layer, "time_mix_w0"));
        w = Apply(UnaryFunction.Exp, Scale(Sigmoid(w)));
        var k = MulMat(builder.Required(layer, "time_mix_key"), Part(2));
        var valueInput = Part(3);
        var v = MulMat(builder.Required(layer, "time_mix_value"), valueInput);
        if (firstValue is null) firstValue = v;
        else v = Add(v, Mul(Sub(firstValue, v), Sigmoid(LowRank(builder, layer, "v", valueInput))));
        var gate = isGated
            ? MulMat(
                builder.Required(layer, "time_mix_g2"),
                Sigmoid(MulMat(builder.Required(layer, "time_mix_g1"), Part(5))))
            : null;
        var a = Sigmoid(LowRank(builder, layer, "a", Part(4)));
        var kk = Map(Op.L2Norm, Reshape(Mul(k, builder.Required(layer, "time_mix_k_k")), length, heads, tokens));
        var ka = Mul(k, builder.Required(layer, "time_mix_k_a"));
        k = Add(k, Sub(Mul(a, ka), ka));
        r = Reshape(r, length, heads, tokens);
        w = Reshape(w, length, heads, tokens);
        k = Reshape(k, length, heads, tokens);
        v = Reshape(v, length, heads, tokens);
        a = Reshape(a, length, heads, tokens);
        var (stored, state) = builder.RecurrentState("s", layer, width * length);
        var y = Rwkv6.Recur(builder, Op.Rwkv7, stored, r, w, k, v, Apply(UnaryFunction.Neg, kk), Mul(kk, a), state);
        y = Rwkv6.NormHeads(builder, layer, y, length, heads);
        var bonus = SumRows(Mul(Mul(k, r), Reshape(builder.Required(layer, "time_mix_r_k"), length, heads)));
        y = Add(y, Reshape(Mul(v, bonus), width, tokens));
        return Rwkv6.Project(builder, layer, gate is null ? y : Mul(y, gate));
    }

    /// <summary>A bias and a product of two thin matrices.</summary>
    private static Tensor LowRank(GraphBuilder builder, int layer, string name, Tensor x) => Add(
        MulMat(
            builder.Required(layer, $"time_mix_{name}2"), MulMat(builder.Required(layer, $"time_mix_{name}1"), x)),
        builder.Required(layer, $"time_mix_{name}0"));

    private static void Block7(TensorList list, int layer)
    {
        Rwkv6.Common(list, layer);
        Mixes(list, layer);
    }

    private static void TimeMix(TensorList list, int layer)
    {
        Mixes(list, layer);
        foreach (var name in new[] { "key", "value", "receptance", "output" })
            list.Linear(layer, "time_mix_" + name, list.Model.Embedding, list.Model.Embedding);
    }

    /// <summary>What mixes each token with the one before, and the thin matrices; a gate if its rank is told.</summary>
    private static void Mixes(TensorList list, int layer)
    {
        var (width, rate, gate) = (
            list.Model.Embedding, list.Key("attention.iclr_lora_rank"), list.Key("attention.gate_lora_rank"));
        LowRank(list, layer, "w", list.Key("attention.decay_lora_rank"));
        LowRank(list, layer, "a", rate);
        LowRank(list, layer, "v", layer == 0 ? rate : list.Key("attention.value_residual_mix_lora_rank"));
        if (gate > 0)
        {
            list.Linear(layer, "time_mix_g1", width, gate);
            list.Linear(layer, "time_mix_g2", gate, width);
        }

        list.Block(layer, "time_mix_lerp_fused.weight", width, 1, 1, gate > 0 ? 6 : 5);
        foreach (var name in new[] { "k_k", "k_a", "r_k" }) list.Block(layer, $"time_mix_{name}.weight", width);
    }

    private static void LowRank(TensorList list, int layer, string name, long rank)
    {
        list.Block(layer, $"time_mix_{name}0.weight", list.Model.Embedding);
        list.Linear(layer, $"time_mix_{name}1", list.Model.Embedding, rank);
        list.Linear(layer, $"time_mix_{name}2", rank, list.Model.Embedding);
    }
}
