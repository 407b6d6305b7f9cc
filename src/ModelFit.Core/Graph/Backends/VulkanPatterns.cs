namespace ModelFit.Graph.Backends;

/// <summary>
/// Runs of operations that Vulkan fuses and so keeps together (ggml-vulkan.cpp, ggml_vk_graph_optimize).
/// </summary>
internal static class VulkanPatterns
{
    /// <summary>Routers, whose inputs must live until they are done.</summary>
    public static readonly Op[][] Routers =
    {
        new[]
        {
            Op.SoftMax, Op.Reshape, Op.ArgSort, Op.View, Op.GetRows, Op.Reshape, Op.SumRows, Op.Clamp, Op.Div,
            Op.Reshape,
        },
        new[]
        {
            Op.Unary, Op.Reshape, Op.Add, Op.ArgSort, Op.View, Op.GetRows, Op.Reshape, Op.SumRows, Op.Clamp, Op.Div,
            Op.Reshape,
        },
        new[]
        {
            Op.Unary, Op.Sqrt, Op.Reshape, Op.Add, Op.ArgSort, Op.View, Op.GetRows, Op.Reshape, Op.SumRows, Op.Clamp,
            Op.Div, Op.Reshape,
        },
        new[] { Op.SoftMax, Op.Reshape, Op.ArgSort, Op.View, Op.GetRows },
        new[] { Op.ArgSort, Op.View, Op.GetRows, Op.Reshape, Op.SoftMax, Op.Reshape },
    };

    /// <summary>The choice of blocks to attend to; nothing is moved into it either.</summary>
    public static readonly Op[] BlockChoice =
    {
        Op.GetRows, Op.Permute, Op.Cont, Op.Copy, Op.Reshape, Op.Add, Op.TopK,
    };

    /// <summary>Other runs that stay as they are.</summary>
    public static readonly Op[][] Kept =
    {
        new[] { Op.Mul, Op.Sin, Op.Sqr, Op.Mul, Op.Add },
        BlockChoice,
        new[] { Op.RmsNorm, Op.Mul, Op.Add, Op.Mul },
        new[] { Op.RmsNorm, Op.Mul, Op.Add },
        new[] { Op.RmsNorm, Op.Mul, Op.Rope, Op.View, Op.SetRows },
        new[] { Op.RmsNorm, Op.View, Op.SetRows },
        new[] { Op.Rope, Op.View, Op.SetRows },
    };

    /// <summary>All of them, the routers first.</summary>
    public static readonly Op[][] All = Routers.Concat(Kept).ToArray();

    private static readonly bool[] Starts = BuildStarts();

    /// <summary>Whether any of the runs starts with the operation.</summary>
    public static bool CanStart(Op op) => Starts[(int)op];

    private static bool[] BuildStarts()
    {
        var starts = new bool[(int)Op.Custom + 1];
        foreach (var pattern in All) starts[(int)pattern[0]] = true;
        return starts;
    }
}
