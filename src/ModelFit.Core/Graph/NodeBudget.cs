namespace ModelFit.Graph;

/// <summary>
/// The nodes that llama.cpp makes room for (src/llama-context.cpp, llama_context::graph_max_nodes): so many for each
/// token of a batch, or so many for each tensor of the file, whichever is more.
/// </summary>
internal readonly record struct NodeBudget(long Token, long Tensor)
{
    /// <summary>What most architectures have.</summary>
    public static NodeBudget Usual { get; } = new(0, 8);

    /// <summary>For recurrent and sparse attention, whose graphs are long.</summary>
    public static NodeBudget Wide { get; } = new(40, 32);
}
