namespace ModelFit.Graph;

/// <summary>
/// The room that llama.cpp makes for a graph before it knows it; one that outgrows it ends the program
/// (src/llama-context.cpp, llama_context::graph_max_nodes; ggml/src/ggml-backend.cpp, ggml_backend_sched_new).
/// </summary>
internal static class GraphRoom
{
    private const long LeastNodes = 1024;

    /// <summary>Why llama.cpp would end at the start, as a sentence; null if the graph has room.</summary>
    /// <param name="model">The model.</param>
    /// <param name="made">Nodes of the graph.</param>
    /// <param name="leafs">What they read that no node makes.</param>
    /// <param name="tokens">Tokens of its batch.</param>
    /// <param name="tensors">Tensors of the model, those in two places twice.</param>
    public static string? Refusal(ModelShape model, int made, int leafs, long tokens, long tensors)
    {
        var budget = model.Shape.Nodes;
        var nodes = Math.Max(LeastNodes, Math.Max(tokens * budget.Token, tensors * budget.Tensor));
        var (places, needed) = (HashPlaces(nodes), made + leafs);
        return needed <= places && made <= nodes
            ? null
            : FormattableString.Invariant(
                $"llama.cpp stops when it starts: its graph has room for {places} nodes, but needs {needed}. ") +
                "An F16 cache makes the graph smaller; for several sequences, so does one cache for all (-KvUnified).";
    }

    /// <summary>The next prime after a power of two that is no smaller (ggml.c, ggml_hash_size).</summary>
    private static long HashPlaces(long least)
    {
        long[] steps = { 7, 5, 3, 17, 27, 3, 1, 29, 3, 21, 7 };
        var power = LeastNodes;
        foreach (var step in steps)
        {
            if (power + step >= least) return power + step;
            power *= 2;
        }

        return least | 1;
    }
}
