using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// RWKV 6 (src/models/rwkv6.cpp, rwkv6-base.cpp): recurrent time mixing and a channel mixing that sees the token
/// before, or Qwen 2's feed-forward after the time mixing (rwkv6qwen2.cpp).
/// </summary>
internal static class Rwkv6
{
    public const int Size = sizeof(float);

    /// <summary>Two norms a layer with biases, and what is no attention and no common feed-forward.</summary>
    public static ArchitectureShape Shape { get; } = new()
    {
        NormOp = Op.Norm, RemembersLayers = true, BlockNorms = new[] { "attn_norm", "attn_norm_2" }, NormBias = true,
        FeedForward = FeedForwardKind.None,
    };

    public static Architecture[] All { get; } =
    {
        new("rwkv6")
        {
            Classes = "Rwkv6ForCausalLM",
            Served = ServedTraits.Unrotated,
            Shape = Shape,
            FrameTensors = Gpt2.NormedEmbeddings, AttentionTensors = Block6, Compose = Compose6,
            Likeness = new(20, "time_mix_w1.weight"),
        },
        new("rwkv6qwen2")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "RWKV6Qwen2ForCausalLM",
            Shape = new() { RemembersLayers = true },
            AttentionTensors = TimeMix, Compose = builder => ComposeQwen(builder, TimeMix6),
            Likeness = new(19, "time_mix_w1.weight ffn_gate.weight"),
        },
    };

    private static void Compose6(GraphBuilder builder) => Compose(builder, TimeMix6, ChannelMix6);

    public static void ComposeQwen(GraphBuilder builder, Func<GraphBuilder, int, Tensor, Tensor, Tensor> timeMix)
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

    public static void Compose(
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

    public static Tensor SquaredFeedForward(GraphBuilder builder, int layer, Tensor x)
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
            x = Repeat(Reshape(x, length, 1, kvHeads, tokens), length, Each(heads, kvHeads), kvHeads, tokens);
        return Reshape(x, length, heads, tokens);
    }

    /// <summary>The recurrence: its result is the output and, behind it, the new state, which is stored.</summary>
    public static Tensor Recur(GraphBuilder builder, Op op, Tensor stored, params Tensor[] sources)
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

    public static Tensor NormHeads(GraphBuilder builder, int layer, Tensor y, long length, long heads)
    {
        if (builder.Weight(layer, "time_mix_ln") is not { } weight
            || builder.Bias(layer, "time_mix_ln") is not { } bias)
            return Reshape(y, length * heads, builder.Tokens);
        y = Map(Op.Norm, Reshape(y, length, heads, builder.Tokens));
        return Add(Mul(Reshape(y, length * heads, builder.Tokens), weight), bias);
    }

    public static Tensor Project(GraphBuilder builder, int layer, Tensor y) => Reshape(
        MulMat(builder.Required(layer, "time_mix_output"), y),
        builder.Model.Embedding, builder.Settings.TokensPerSequence, builder.Settings.Sequences);

    private static void Block6(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        Common(list, layer);
        Mixes(list, layer);
        list.Block(layer, "time_mix_first.weight", list.Key("wkv.head_size"), list.Share(width, "wkv.head_size"));
        list.Block(layer, "channel_mix_lerp_r.weight", width);
        list.Linear(layer, "channel_mix_receptance", width, width);
    }

    /// <summary>What mixes each token with the one before, decays the state and gates the result.</summary>
    private static void Mixes(TensorList list, int layer)
    {
        var (width, mix, decay) = (
            list.Model.Embedding, list.Key("time_mix_extra_dim"), list.Key("time_decay_extra_dim"));
        list.Block(layer, "time_mix_w1.weight", width, mix * 5);
        list.Block(layer, "time_mix_w2.weight", mix, width, 5);
        list.Block(layer, "time_mix_lerp_x.weight", width);
        list.Block(layer, "time_mix_lerp_fused.weight", width, 1, 1, 5);
        list.Block(layer, "time_mix_decay.weight", width);
        list.Linear(layer, "time_mix_decay_w1", width, decay);
        list.Linear(layer, "time_mix_decay_w2", decay, width);
        list.Linear(layer, "time_mix_gate", width, width);
    }

    public static void Common(TensorList list, int layer)
    {
        var (width, inner) = (list.Model.Embedding, list.Model.FeedForward(layer));
        foreach (var name in new[] { "key", "value", "receptance", "output" })
            list.Linear(layer, "time_mix_" + name, width, width);
        list.Norm(layer, "time_mix_ln", width, bias: true);
        list.Block(layer, "channel_mix_lerp_k.weight", width);
        list.Linear(layer, "channel_mix_key", width, inner);
        list.Linear(layer, "channel_mix_value", inner, width);
    }

    private static void TimeMix(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var narrow = list.Key(Keys.KvHeads) is > 0 and var heads ? heads * list.Key("wkv.head_size") : width;
        Mixes(list, layer);
        list.Linear(layer, "time_mix_key", width, narrow, bias: true);
        list.Linear(layer, "time_mix_value", width, narrow, bias: true);
        list.Linear(layer, "time_mix_receptance", width, width, bias: true);
        list.Linear(layer, "time_mix_output", width, width);
    }
}
