using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>Mixtures of experts (src/llama-graph.cpp, build_moe_ffn).</summary>
internal static class MixtureOfExperts
{
    /// <summary>Experts and, where the layer has one, the shared expert with its own gate.</summary>
    public static Tensor ExpertsAndShared(this GraphBuilder builder, int layer, Tensor x, ExpertRules rules)
    {
        var y = builder.Experts(layer, x, rules);
        if (builder.Weight(layer, "ffn_up_shexp") is null) return y;
        var shared = builder.FeedForward(layer, x, "_shexp");
        if (builder.Weight(layer, "ffn_gate_inp_shexp") is { } gate) shared = Mul(shared, Sigmoid(MulMat(gate, x)));
        return Add(y, shared);
    }

    /// <summary>
    /// The weighted sum of the chosen experts. The router reads the same input unless its logits are given; it chooses
    /// unless <paramref name="chosen"/> has the ids, [used, tokens].
    /// </summary>
    public static Tensor Experts(
        this GraphBuilder builder, int layer, Tensor x, ExpertRules rules, Tensor? logits = null, Tensor? chosen = null)
    {
        var (embedding, tokens) = (x.Ne.D0, x.Ne.D1);
        var (ids, weights) = builder.Route(layer, logits ?? builder.Linear(layer, "ffn_gate_inp", x), rules, chosen);
        builder.Expand(weights);
        x = Reshape(x, embedding, 1, tokens);
        if (rules.WeightsBefore) x = Mul(Repeat(x, embedding, ids.Ne.D0, tokens), weights);
        var hidden = builder.ExpertHidden(layer, x, ids, rules.Suffix);
        var y = builder.ExpertLinear(layer, "ffn_down" + rules.Suffix, hidden, ids);
        if (!rules.WeightsBefore) y = Mul(y, weights);
        return builder.SumExperts(builder.Expand(y), embedding, tokens);
    }

    private static Tensor ExpertHidden(this GraphBuilder builder, int layer, Tensor x, Tensor ids, string suffix)
    {
        if (builder.Weight(layer, "ffn_gate_up_exps") is not null)
            return SplitGlu(builder.ExpertLinear(layer, "ffn_gate_up_exps", x, ids));
        var up = builder.ExpertLinear(layer, "ffn_up" + suffix, x, ids);
        return builder.Weight(layer, "ffn_gate" + suffix) is null
            ? builder.Activate(up)
            : builder.Gate(layer, "swiglu_clamp_exp", builder.ExpertLinear(layer, "ffn_gate" + suffix, x, ids), up);
    }

    private static Tensor SplitGlu(Tensor both)
    {
        var half = both.Ne.D0 / 2;
        Tensor Part(long offset) =>
            View3(both, half, both.Ne.D1, both.Ne.D2, both.Nb.D1, both.Nb.D2, offset * sizeof(float));
        return Glu(Part(0), Part(half));
    }

    private static Tensor ExpertLinear(this GraphBuilder builder, int layer, string name, Tensor x, Tensor ids)
    {
        var isPrecise = builder.Shape.HasPreciseExperts && name == "ffn_down_exps";
        var y = MulMatId(builder.Required(layer, name), x, ids, isPrecise);
        if (builder.Model.Weights.HasScales && builder.Weight(layer, name + ".scale") is { } scale)
        {
            var scales = Repeat(Reshape(scale, 1, builder.Model.Experts), 1, builder.Model.Experts, x.Ne.D2);
            y = Mul(y, GetRows(scales, ids));
        }

        return builder.Bias(layer, name) is { } bias ? AddId(y, bias, ids) : y;
    }

    /// <summary>The ids of the chosen experts and their weights [1, used, tokens].</summary>
    private static (Tensor Ids, Tensor Weights) Route(
        this GraphBuilder builder, int layer, Tensor logits, ExpertRules rules, Tensor? chosen)
    {
        var (used, tokens) = (Math.Min(builder.Model.UsedExperts, builder.Model.Experts / rules.Sharing), logits.Ne.D1);
        var scores = rules.Gating switch
        {
            ExpertGating.SoftMax => SoftMax(logits),
            ExpertGating.Sigmoid => Sigmoid(logits),
            ExpertGating.SqrtSoftplus => Map(Op.Sqrt, Apply(UnaryFunction.Softplus, logits)),
            _ => logits,
        };
        var bias = builder.Bias(layer, "exp_probs_b") ?? builder.Weight(layer, "exp_probs_b");
        var selection = bias is null ? scores : Add(scores, bias);
        if (rules.WeightsBefore) selection = logits;
        if (rules.ChoosesBySigmoid) selection = Sigmoid(logits);
        if (rules.Groups > 1) selection = builder.SelectGroups(selection, rules, tokens);
        var ids = chosen ?? ArgTop(selection, used);
        if (rules.Sharing > 1) ids = Cast(Scale(Cast(ids, TensorType.F32)), TensorType.I32);
        var weights = GetRows(Reshape(scores, 1, logits.Ne.D0, tokens), ids);
        if (rules.Gating == ExpertGating.SoftMaxAfterChoice)
            weights = Reshape(SoftMax(Reshape(weights, used, tokens)), 1, used, tokens);
        if (rules.NormalizesWeights)
        {
            var flat = Reshape(weights, used, tokens);
            weights = Reshape(Div(flat, Map(Op.Clamp, SumRows(flat))), 1, used, tokens);
        }

        return (ids, rules.ScalesWeights ? Scale(weights) : weights);
    }

    /// <summary>Blanks the experts outside the best groups; a group is as good as its two best experts.</summary>
    private static Tensor SelectGroups(this GraphBuilder builder, Tensor selection, ExpertRules rules, long tokens)
    {
        var groups = Reshape(selection, builder.Model.Experts / rules.Groups, rules.Groups, tokens);
        var best = GetRows(
            Reshape(groups, 1, groups.Ne.D0, groups.Ne.D1, groups.Ne.D2), ArgTop(groups, 2));
        var sums = SumRows(Reshape(best, best.Ne.D1, best.Ne.D2, best.Ne.D3));
        var ranking = Reshape(sums, sums.Ne.D1, sums.Ne.D2);
        var chosen = ArgTop(ranking, rules.UsedGroups);
        var rows = GetRows(groups, chosen);
        return Reshape(SetRows(Map(Op.Fill, groups), rows, chosen), builder.Model.Experts, tokens);
    }

    private static Tensor SumExperts(this GraphBuilder builder, Tensor experts, long embedding, long tokens)
    {
        var used = experts.Ne.D1;
        var views = new Tensor[used];
        for (var i = 0; i < used; i++)
            views[i] = builder.Expand(View2(experts, embedding, tokens, experts.Nb.D2, i * experts.Nb.D1));
        var sum = views[0];
        for (var i = 1; i < used; i++) sum = builder.Expand(Add(sum, views[i]));
        return used == 1 ? Cont(sum) : sum;
    }
}
