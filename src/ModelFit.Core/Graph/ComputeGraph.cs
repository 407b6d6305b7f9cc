namespace ModelFit.Graph;

/// <summary>Nodes in the order in which they run, and the leafs that they read (ggml_cgraph).</summary>
internal sealed class ComputeGraph
{
    public NodeList Nodes { get; } = new();

    public NodeList Leafs { get; } = new();

    /// <summary>Splits that run on each backend; empty before the graph was cut.</summary>
    public int[] Splits { get; set; } = Array.Empty<int>();

    /// <summary>
    /// Adds a tensor after everything it depends on, sources from left to right
    /// (ggml.c, ggml_visit_parents_graph). Returns it.
    /// </summary>
    public Tensor Expand(Tensor tensor)
    {
        if (tensor.IsExpanded) return tensor;
        tensor.IsExpanded = true;
        foreach (var source in tensor.Sources)
        {
            if (!source.IsExpanded) Expand(source);
            source.UseCount++;
        }

        (tensor.Op == Op.None ? Leafs : Nodes).Add(tensor);
        return tensor;
    }
}
