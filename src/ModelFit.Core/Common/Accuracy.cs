namespace ModelFit;

/// <summary>How a figure is known, best first; the accuracy of a sum is the worst of its parts.</summary>
public enum Accuracy
{
    /// <summary>By the rules of the runtime itself, tested against it for this architecture.</summary>
    Exact,

    /// <summary>By the rules of the runtime, but not tested for this case, or from measured ranges.</summary>
    Modelled,

    /// <summary>By a rule of thumb: dimensions, bandwidths or rates were assumed.</summary>
    Approximate,
}
