namespace ModelFit.Graph.Backends;

/// <summary>What the hooks of the backends share: lifetimes, and whether nodes may become one kernel.</summary>
internal static class Fusion
{
    /// <summary>
    /// Keeps a tensor alive until a node has run (ggml_backend_graph_optimize's allocation dependencies).
    /// </summary>
    public static void KeepAlive(Tensor until, Tensor tensor)
    {
        var kept = until.KeepAlive ??= new List<Tensor>();
        if (!kept.Contains(tensor)) kept.Add(tensor);
    }

    /// <summary>
    /// Whether nothing but the nodes themselves uses their results, two nodes by index aside
    /// (ggml-impl.h, ggml_can_fuse_subgraph).
    /// </summary>
    public static bool IsClosed(NodeList nodes, int start, int count, int output1, int output2)
    {
        for (var i = start; i < start + count; i++)
        {
            if (i == output1 || i == output2) continue;
            var node = nodes[i];
            if (node.IsOutput || UsesBetween(nodes, node, i + 1, start + count) != node.UseCount) return false;
            if (node.Root is { IsWeight: false } root && !IsBetween(nodes, root, start, start + count)) return false;
        }

        return true;
    }

    private static int UsesBetween(NodeList nodes, Tensor tensor, int start, int end)
    {
        var uses = 0;
        for (var i = start; i < end; i++)
            foreach (var source in nodes[i].Sources)
                if (ReferenceEquals(source, tensor)) uses++;
        return uses;
    }

    private static bool IsBetween(NodeList nodes, Tensor tensor, int start, int end)
    {
        for (var i = start; i < end; i++)
            if (ReferenceEquals(nodes[i], tensor)) return true;
        return false;
    }
}
