using System;
using System.Collections.Generic;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// RWKV: recurrent time mixing and a channel mixing that sees the token before
/// (src/models/rwkv6.cpp, rwkv6-base.cpp, rwkv7.cpp, rwkv7-base.cpp), or Qwen 2's feed-forward after the time mixing
/// (rwkv6qwen2.cpp, arwkv7.cpp).
/// </summary>
internal static class RwkvFamily
{
    private const int Size = sizeof(float);

    public static IEnumerable<Architecture> All { get; } = new Architecture[]
    {
        new("rwkv6") { Compose = Compose6, NormOp = Op.Norm },
        new("rwkv7") { Compose = Compose7, NormOp = Op.Norm },
        new("rwkv6qwen2") { Compose = builder => ComposeQwen(builder, TimeMix6) },
        new("arwkv7") { Compose = builder => ComposeQwen(builder, TimeMix7()) },
    };

    private static void Compose6(GraphBuilder builder) => Compose(builder, TimeMix6, ChannelMix6);

    private static void Compose7(GraphBuilder builder) => Compose(builder, TimeMix7(), ChannelMix7);

    private static Func<GraphBuilder, int, Tensor, Tensor, Tensor> TimeMix7()
    {
        Tensor? firstValue = null;
        return (builder, layer, x, previous) => TimeMix7(builder, layer, x, previous, ref firstValue);
    }

    private static void ComposeQwen(GraphBuilder builder, Func<GraphBuilder, int, Tensor, Tensor, Tensor> timeMix)
    {
        var x = builder.Embed();
        var (width, tokens, sequences) =
            (builder.Model.Embedding, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            x = Reshape(x, width, tokens, sequences);
            var (stored, read) = builder.RecurrentState("r", layer, width);
            var normed = builder.Norm(layer, "attn_norm", x);
            var y = timeMix(builder, layer, normed, Previous(Reshape(read, width, 1, sequences), normed));
            builder.Expand(Copy(View1(Last(normed), width * sequences), View1(stored, width * sequences)));
            var residual = builder.KeepOutputs(layer, Reshape(Add(y, x), width, builder.Tokens));
            x = Add(builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual)), residual);
        }

        builder.Head(x);
    }

    /// <summary>What each token's predecessor had: <paramref name="first"/> before the first.</summary>
    private static Tensor Previous(Tensor first, Tensor y) =>
        Concat(first, View3(y, y.Ne.D0, y.Ne.D1 - 1, y.Ne.D2, y.Nb.D1, y.Nb.D2), 1);

    private static Tensor Last(Tensor y) =>
        View3(y, y.Ne.D0, 1, y.Ne.D2, y.Nb.D1, y.Nb.D2, (y.Ne.D1 - 1) * y.Ne.D0 * Size);

    private static void Compose(
        GraphBuilder builder,
        Func<GraphBuilder, int, Tensor, Tensor, Tensor> timeMix,
        Func<GraphBuilder, int, Tensor, Tensor, Tensor> channelMix)
    {
        var x = builder.Embed();
        x = builder.Norm(
            x, builder.Global("token_embd_norm.weight", 0), builder.Global("token_embd_norm.bias", 0), 0);
        var rescale = builder.Model.Size("rescale_every_n_layers", 0);
        for (var layer = 0; layer < builder.Model.Layers; layer++)
        {
            x = Layer(builder, layer, x, timeMix, channelMix);
            if (rescale > 0 && (layer + 1) % rescale == 0) x = Scale(x);
        }

        builder.Head(x);
    }

    private static Tensor Layer(
        GraphBuilder builder, int layer, Tensor x,
        Func<GraphBuilder, int, Tensor, Tensor, Tensor> timeMix,
        Func<GraphBuilder, int, Tensor, Tensor, Tensor> channelMix)
    {
        var (tokens, sequences) = (builder.Settings.TokensPerSequence, (long)builder.Settings.Sequences);
        var width = builder.Model.Embedding;
        var shifts = builder.Model.Size("token_shift_count", 2);
        x = Reshape(x, width, tokens, sequences);
        var (stored, read) = builder.RecurrentState("r", layer, shifts * width);
        var shift = Reshape(read, width, shifts, sequences);
        Tensor Shifted(long i) => View3(shift, width, 1, sequences, shift.Nb.D1, shift.Nb.D2, i * width * Size);

        var normed = builder.Norm(layer, "attn_norm", x);
        var mixed = timeMix(builder, layer, normed, Previous(Shifted(0), normed));
        var residual = Add(mixed, x);
        var second = builder.Norm(layer, "attn_norm_2", residual);
        var previous = Previous(Shifted(1), second);
        var newShift = Concat(Last(normed), Last(second), 1);
        builder.Expand(Copy(
            View1(newShift, width * sequences * shifts), View1(stored, width * shifts * sequences)));
        Tensor Flat(Tensor y) => builder.KeepOutputs(layer, Reshape(y, width, builder.Tokens));
        var input = Flat(residual);
        return Add(channelMix(builder, layer, Flat(second), Flat(previous)), input);
    }

    private static Tensor ChannelMix6(GraphBuilder builder, int layer, Tensor x, Tensor previous)
    {
        var difference = Sub(previous, x);
        var key = Add(Mul(difference, builder.Required(layer, "channel_mix_lerp_k")), x);
        var gate = Add(Mul(difference, builder.Required(layer, "channel_mix_lerp_r")), x);
        gate = Sigmoid(MulMat(builder.Required(layer, "channel_mix_receptance"), gate));
        return Mul(gate, SquaredFeedForward(builder, layer, key));
    }

    private static Tensor ChannelMix7(GraphBuilder builder, int layer, Tensor x, Tensor previous)
    {
        var difference = Sub(previous, x);
        var key = Add(Mul(difference, builder.Required(layer, "channel_mix_lerp_k")), x);
        return SquaredFeedForward(builder, layer, key);
    }

    private static Tensor SquaredFeedForward(GraphBuilder builder, int layer, Tensor x)
    {
        var hidden = Apply(UnaryFunction.Relu, MulMat(builder.Required(layer, "channel_mix_key"), x));
        return MulMat(builder.Required(layer, "channel_mix_value"), Map(Op.Sqr, hidden));
    }

    private static Tensor TimeMix6(GraphBuilder builder, int layer, Tensor x, Tensor previous)
    {
        var model = builder.Model;
        var (width, tokens) = (model.Embedding, builder.Tokens);
        var length = model.Size("wkv.head_size");
        var heads = width / length;
        var difference = Reshape(Sub(previous, x), width, tokens);
        x = Reshape(x, width, tokens);
        var all = Add(Mul(difference, builder.Required(layer, "time_mix_lerp_x")), x);
        var first = builder.Required(layer, "time_mix_w1");
        all = Reshape(Apply(UnaryFunction.Tanh, MulMat(first, all)), first.Ne.D1 / 5, 1, 5, tokens);
        var second = builder.Required(layer, "time_mix_w2");
        all = MulMat(Reshape(second, second.Ne.D0, second.Ne.D1, 1, 5), Cont(Permute(all, 0, 1, 3, 2)));
        all = Add(
            Mul(Add(all, builder.Required(layer, "time_mix_lerp_fused")), Reshape(difference, width, 1, tokens)),
            Reshape(x, width, 1, tokens));
        Tensor Part(long i) => View2(all, width, tokens, all.Nb.D1, i * width * tokens * Size);
        var r = builder.Linear(layer, "time_mix_receptance", Part(3));
        var k = builder.Linear(layer, "time_mix_key", Part(1));
        var v = builder.Linear(layer, "time_mix_value", Part(2));
        var bonus = builder.Weight(layer, "time_mix_first");
        var gate = MulMat(builder.Required(layer, "time_mix_gate"), Part(4));
        gate = bonus is null ? Sigmoid(gate) : Silu(gate);
        k = ByHead(k, length, heads, model.KvHeads[layer]);
        v = ByHead(v, length, heads, model.KvHeads[layer]);
        r = Reshape(r, length, heads, tokens);
        var decay = Apply(UnaryFunction.Tanh, MulMat(builder.Required(layer, "time_mix_decay_w1"), Part(0)));
        decay = Add(MulMat(builder.Required(layer, "time_mix_decay_w2"), decay),
            builder.Required(layer, "time_mix_decay"));
        decay = Apply(UnaryFunction.Exp, Apply(UnaryFunction.Neg, Apply(UnaryFunction.Exp, decay)));
        decay = Reshape(decay, length, heads, tokens);
        if (bonus is null) k = Sub(k, Mul(k, decay));
        var (stored, state) = builder.RecurrentState("s", layer, width * length);
        var y = bonus is null
            ? Recur(builder, Op.GatedLinearAttention, stored, k, v, r, decay, state)
            : Recur(builder, Op.Rwkv6, stored, k, v, r, bonus, decay, state);
        y = Mul(NormHeads(builder, layer, y, length, heads), gate);
        return Project(builder, layer, y);
    }

    /// <summary>Keys or values by head, those of a group the same.</summary>
    private static Tensor ByHead(Tensor x, long length, long heads, long kvHeads)
    {
        var tokens = x.Ne.D1;
        if (kvHeads > 0 && kvHeads < heads)
            x = Repeat(Reshape(x, length, 1, kvHeads, tokens), length, heads / kvHeads, kvHeads, tokens);
        return Reshape(x, length, heads, tokens);
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
        Tensor Part(long i) => View2(all, width, tokens, all.Nb.D1, i * width * tokens * Size);
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
        var y = Recur(builder, Op.Rwkv7, stored, r, w, k, v, Apply(UnaryFunction.Neg, kk), Mul(kk, a), state);
        y = NormHeads(builder, layer, y, length, heads);
        var bonus = SumRows(Mul(Mul(k, r), Reshape(builder.Required(layer, "time_mix_r_k"), length, heads)));
        y = Add(y, Reshape(Mul(v, bonus), width, tokens));
        return Project(builder, layer, gate is null ? y : Mul(y, gate));
    }

    /// <summary>A bias and a product of two thin matrices.</summary>
    private static Tensor LowRank(GraphBuilder builder, int layer, string name, Tensor x) => Add(
        MulMat(
            builder.Required(layer, $"time_mix_{name}2"), MulMat(builder.Required(layer, $"time_mix_{name}1"), x)),
        builder.Required(layer, $"time_mix_{name}0"));

    /// <summary>The recurrence: its result is the output and, behind it, the new state, which is stored.</summary>
    private static Tensor Recur(GraphBuilder builder, Op op, Tensor stored, params Tensor[] sources)
    {
        var (width, tokens) = (builder.Model.Embedding, builder.Tokens);
        var length = builder.Model.Size("wkv.head_size");
        var sequences = builder.Settings.Sequences;
        var result = new Tensor(op, TensorType.F32, new Dims(width, tokens + (length * sequences)), sources);
        var y = View1(result, width * tokens);
        var state = View1(result, width * length * sequences, width * tokens * Size);
        builder.Expand(Copy(state, View1(stored, width * length * sequences)));
        return y;
    }

    private static Tensor NormHeads(GraphBuilder builder, int layer, Tensor y, long length, long heads)
    {
        if (builder.Weight(layer, "time_mix_ln") is not { } weight
            || builder.Bias(layer, "time_mix_ln") is not { } bias)
            return Reshape(y, length * heads, builder.Tokens);
        y = Map(Op.Norm, Reshape(y, length, heads, builder.Tokens));
        return Add(Mul(Reshape(y, length * heads, builder.Tokens), weight), bias);
    }

    private static Tensor Project(GraphBuilder builder, int layer, Tensor y) => Reshape(
        MulMat(builder.Required(layer, "time_mix_output"), y),
        builder.Model.Embedding, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
}
