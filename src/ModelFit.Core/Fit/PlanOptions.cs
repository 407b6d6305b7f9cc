namespace ModelFit.Fit;

/// <summary>What a planner may give up, in the order in which it does.</summary>
[Flags]
public enum PlanTrades
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Length of the context.</summary>
    ContextReduction = 1,

    /// <summary>Precision of the KV cache: Q8_0, then Q4_0.</summary>
    KvCacheQuantization = 2,

    /// <summary>Precision of the weights.</summary>
    LowerQuantization = 4,
}

/// <summary>What a planner makes the most of.</summary>
public enum PlanObjective
{
    /// <summary>Decode speed.</summary>
    Speed,

    /// <summary>Context, as long as the verdict stays as good.</summary>
    Context,

    /// <summary>Precision of the weights, as long as the verdict stays as good.</summary>
    Quality,
}

/// <summary>How a plan is made.</summary>
public sealed record PlanOptions
{
    /// <summary>What may be given up to get the model into GPU memory, or faster.</summary>
    public PlanTrades Allow { get; init; }

    /// <summary>What is made the most of.</summary>
    public PlanObjective Objective { get; init; }

    /// <summary>Tokens a sequence holds at least after a reduction: llama.cpp's own (common/fit.h).</summary>
    public int MinimumContextLength { get; init; } = 4096;

    /// <summary>Whether the reason says what binds, and what a little more would change.</summary>
    public bool Explain { get; init; }

    /// <summary>How many ports after its usual one the runtime listens on: several run on one machine.</summary>
    public int PortOffset { get; init; }

    /// <summary>The shell that the launch line is quoted for; null is that of the machine.</summary>
    public CommandShell? Shell { get; init; }
}
