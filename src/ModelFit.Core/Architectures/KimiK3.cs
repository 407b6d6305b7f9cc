using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Kimi K3 (src/models/kimi-k3.cpp): the input of attention and feed-forward is a mixture of the residual stream and
/// its checkpoints, experts are chosen over a latent.
/// </summary>
internal static class KimiK3
{
    public static Architecture[] All { get; } =
    {
        new("kimi-k3")
        {
            Classes = "KimiK3ForConditionalGeneration",
            RefusesTensorSplit = true,
            NativeExperts = new(LeastBits: 4),
            PublishedCount = PublishedCount.WithPrediction,
            Configure = KimiLinear.Configure,
            Shape = new()
            {
                RemembersLayers = true,
                HasRope = (_, _) => false, Experts = ExpertRules.FromMetadata, Gate = TanhGate,
                RowsCut = OutputRowsCut.BeforeFinalNorm, KeepsHidden = false, Nodes = new(160, 64),
            },
            LayOut = LayOut, Compose = ComposeMixed, Likeness = new(1, "ssm_f_a.weight ssm_g.weight"),
        },
    };

    /// <summary>
    /// Kimi K3: the input of attention and feed-forward is a mixture of the residual stream and of its checkpoints, one
    /// every few layers, after which the stream begins anew.
    /// </summary>
    private static void ComposeMixed(GraphBuilder builder)
    {
        var model = builder.Model;
        var interval = model.Size("attn_res.block_size", 0);
        var attention = Decoder.Hybrid(KimiLinear.LatentAttention, KimiLinear.DeltaAttention);
        var x = builder.Embed();
        Tensor? stack = null;
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var normed = interval > 0 ? Mix(x, stack, builder.Required(layer, "attn_res_score")) : x;
            var isCheckpoint = interval > 0 && layer % interval == 0;
            if (isCheckpoint)
            {
                var point = Reshape(x, model.Embedding, 1, builder.Tokens);
                stack = stack is null ? point : Concat(stack, point, 1);
            }

            var y = attention(builder, layer, builder.Norm(layer, "attn_norm", normed));
            x = isCheckpoint ? y : Add(x, y);
            y = interval > 0 ? Mix(x, stack, builder.Required(layer, "ffn_res_score")) : x;
            x = Add(x, LatentExperts(builder, layer, builder.Norm(layer, "ffn_norm", y), "ffn_routed"));
        }

        if (interval > 0 && builder.OutputWeight("output_res_score.weight") is { } score) x = Mix(x, stack, score);
        builder.Head(x);
    }

    /// <summary>The sum of the stream and its checkpoints, weighed by the soft-max of their scores.</summary>
    private static Tensor Mix(Tensor x, Tensor? stack, Tensor score)
    {
        if (stack is null) return x;
        var (count, tokens) = (stack.Ne.D1, x.Ne.D1);
        var scores = Reshape(SumRows(Mul(Map(Op.RmsNorm, stack), score)), count, tokens);
        var own = SumRows(Mul(Map(Op.RmsNorm, x), score));
        var weights = SoftMax(Concat(scores, own));
        var past = Cont(View2(weights, count, tokens, weights.Nb.D1));
        var present = Cont(View2(weights, 1, tokens, weights.Nb.D1, count * weights.Nb.D0));
        var sum = new Tensor(Op.WeightedStreams, TensorType.F32, new Dims(x.Ne.D0, tokens), stack, past);
        return Add(sum, Mul(x, present));
    }

    /// <summary>
    /// Experts over a narrower projection of the input, whose weights' names begin so; a dense layer or a shared expert
    /// over all of it.
    /// </summary>
    public static Tensor LatentExperts(GraphBuilder builder, int layer, Tensor x, string name)
    {
        if (builder.Weight(layer, "ffn_gate_inp") is not { } router) return builder.FeedForward(layer, x);
        var latent = builder.Weight(layer, name + "_down") is { } down ? MulMat(down, x) : x;
        var rules = builder.Shape.Experts(builder.Model.Metadata);
        var y = builder.Experts(layer, latent, rules, MulMat(router, x));
        if (builder.Weight(layer, name + "_norm") is not null) y = builder.Norm(layer, name + "_norm", y);
        if (builder.Weight(layer, name + "_up") is { } up) y = MulMat(up, y);
        return builder.Weight(layer, "ffn_up_shexp") is null ? y : Add(y, builder.FeedForward(layer, x, "_shexp"));
    }

    /// <summary>A bounded gate: both halves through a hyperbolic tangent, the gate by its sigmoid too.</summary>
    private static Tensor TanhGate(ModelMetadata metadata, Tensor gate, Tensor up)
    {
        static Tensor Bound(Tensor x) => Scale(Apply(UnaryFunction.Tanh, Scale(x)));
        var y = Mul(Bound(gate), Sigmoid(gate));
        return Mul(y, metadata.Number("activation.situ_linear_beta") is > 0 ? Bound(up) : up);
    }

    /// <summary>Kimi K3: scores of the residual stream's checkpoints, gated attention, experts over a latent.</summary>
    private static void LayOut(TensorList list)
    {
        var model = list.Model;
        var mixes = model.Metadata.Integer("attn_res.block_size", 0) > 0;
        list.Frame();
        if (mixes) list.Add("output_res_score.weight", model.Embedding);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Norm(layer, "attn_norm", model.Embedding);
            list.Norm(layer, "ffn_norm", model.Embedding);
            if (mixes)
            {
                list.Norm(layer, "attn_res_score", model.Embedding);
                list.Norm(layer, "ffn_res_score", model.Embedding);
            }

            if (model.KvHeads(layer) > 0) GatedLatent(list, layer);
            else WidelyGatedDelta(list, layer);
            if (layer < model.LeadingDense) list.FeedForward(layer);
            else LatentExperts(list, layer);
        }
    }

    private static void WidelyGatedDelta(TensorList list, int layer)
    {
        var (heads, length) = KimiLinear.Delta(list, layer);
        list.Block(layer, "ssm_a", heads);
        list.Linear(layer, "ssm_g", list.Model.Embedding, length * heads);
    }

    private static void GatedLatent(TensorList list, int layer)
    {
        var model = list.Model;
        Deepseek2.Attention(list, layer);
        var value = model.Metadata.Integer("attention.value_length_mla", model.ValueLength);
        list.Gate(layer, model.Heads(layer) * value);
    }

    private static void LatentExperts(TensorList list, int layer)
    {
        var (width, count) = (list.Model.Embedding, list.Model.Experts);
        var latent = list.Key("expert_latent_length");
        list.Linear(layer, "ffn_gate_inp", width, count);
        list.Block(layer, ArchitectureShape.RouterBiasName, count);
        list.ExpertMatrices(layer, latent > 0 ? latent : width);
        if (latent > 0)
        {
            list.Linear(layer, "ffn_routed_down", width, latent);
            list.Linear(layer, "ffn_routed_up", latent, width);
            list.Norm(layer, "ffn_routed_norm", latent);
        }

        list.SharedExpert(layer);
    }
}
