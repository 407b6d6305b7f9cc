namespace ModelFit.Graph;

/// <summary>Which weights of a model <c>--override-tensor</c> sends elsewhere than their layer.</summary>
internal sealed class TensorOverrides
{
    private readonly EquatableArray<string> _patterns;
    private readonly sbyte?[] _targets;

    private TensorOverrides(ModelShape model, EquatableArray<string> patterns)
    {
        _patterns = patterns;
        var rules = OverrideRule.Of(patterns);
        _targets = model.Weights.All.Select(weight => OverrideRule.Target(rules, weight.Info.Name)).ToArray();
    }

    /// <summary>The targets of a model's weights; the latest patterns of each model are remembered.</summary>
    public static TensorOverrides Of(ModelShape model, EquatableArray<string> patterns)
    {
        var latest = model.Definition.Prepared.Get(_ => new LatestOverrides());
        var overrides = latest.Overrides;
        if (overrides?._patterns.Equals(patterns) != true)
            latest.Overrides = overrides = new TensorOverrides(model, patterns);
        return overrides;
    }

    /// <summary>Index of the GPU that the weight is sent to, -1 for the host; null if no pattern matches it.</summary>
    public int? Target(Weight weight) => _targets[weight.Index];

    private sealed class LatestOverrides
    {
        public volatile TensorOverrides? Overrides;
    }
}
