using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>The feed-forward of one matrix each (src/llama-graph.cpp, build_ffn).</summary>
internal static class DenseFeedForward
{
    /// <summary>
    /// Dense feed-forward (build_ffn): gate and up, the activation, down. Without a gate tensor the up projection has
    /// both halves, or there is no gate at all, as its width says.
    /// </summary>
    public static Tensor FeedForward(this GraphBuilder builder, int layer, Tensor x, string suffix = "")
    {
        var up = builder.Linear(layer, "ffn_up" + suffix, x);
        if (builder.Weight(layer, "ffn_gate" + suffix) is not null)
        {
            var gate = builder.Linear(layer, "ffn_gate" + suffix, x);
            return builder.Linear(layer, "ffn_down" + suffix, builder.Gate(layer, "swiglu_clamp_shexp", gate, up));
        }

        var down = builder.Required(layer, "ffn_down" + suffix);
        var hidden = up.Ne.D0 == 2 * down.Ne.D0 ? Glu(up) : builder.Activate(up);
        return builder.Linear(layer, "ffn_down" + suffix, hidden);
    }

    public static Tensor Gate(this GraphBuilder builder, int layer, string limit, Tensor gate, Tensor up) =>
        builder.Shape.ReadsGateLimits && builder.Model.HasLimit(limit, layer)
            ? Mul(Map(Op.Clamp, Silu(gate)), Map(Op.Clamp, up))
            : builder.Shape.Gate(builder.Model.Metadata, gate, up);

    /// <summary>The activation of a feed-forward without a gate.</summary>
    public static Tensor Activate(this GraphBuilder builder, Tensor x)
    {
        var y = Apply(builder.Shape.Activation, x);
        return builder.Shape.SquaresActivation ? Map(Op.Sqr, y) : y;
    }
}
