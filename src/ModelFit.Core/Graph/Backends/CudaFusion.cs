using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// The lifetimes that CUDA extends so that it can fuse the sum of experts and the router
/// (ggml/src/ggml-cuda/ggml-cuda.cu, ggml_backend_cuda_graph_optimize).
/// </summary>
internal static class CudaFusion
{
    private const int MaxSummedExperts = 15;

    public static void KeepAlive(NodeList nodes, int start, int end)
    {
        // Each match skips its own nodes: what is kept for one fusion is not looked at for the next.
        for (var i = start; i < end; i++)
        {
            if (nodes[i].Op == Op.Mul) i += KeepExpertSum(nodes, i, end);
            else if (nodes[i].Op is Op.Unary or Op.SoftMax) i += KeepRouter(nodes, i, end);
        }
    }

    /// <summary>The weighted sum of experts: MUL, a view an expert, and additions. Returns the nodes to skip.</summary>
    private static int KeepExpertSum(NodeList nodes, int i, int end)
    {
        var product = nodes[i];
        if (product.Type != TensorType.F32 || !product.IsContiguous) return 0;
        var (first, second) = (product.Sources[0], product.Sources[1]);
        var isOrdered = IsExpertsAndWeights(product, first, second);
        if (!isOrdered && !IsExpertsAndWeights(product, second, first)) return 0;
        var count = product.Ne.D1;
        if (count is < 2 or > MaxSummedExperts || i + (2 * count) > end) return 0;
        var length = 2 * (int)count;
        var last = SumOfViews(nodes, i, length);
        if (last is null || !Fusion.IsClosed(nodes, i, length, i + length - 1, -1)) return 0;
        // The kernel reads experts and weights when the last addition runs, after the plain order would let them go.
        Fusion.KeepAlive(last, isOrdered ? first : second);
        Fusion.KeepAlive(last, isOrdered ? second : first);
        return length - 1;
    }

    private static bool IsExpertsAndWeights(Tensor product, Tensor experts, Tensor weights) =>
        experts.Type == TensorType.F32 && experts.IsContiguous && experts.Ne.Equals(product.Ne)
        && weights.Type == TensorType.F32 && weights.IsContiguous
        && weights.Ne.Equals(new Dims(1, product.Ne.D1, product.Ne.D2, product.Ne.D3));

    private static Tensor? SumOfViews(NodeList nodes, int i, int length)
    {
        var product = nodes[i];
        var slice = new Dims(product.Ne.D0, product.Ne.D2 * product.Ne.D3);
        var views = new List<Tensor>();
        Tensor? sum = null;
        var additions = 0;
        for (var k = i + 1; k < i + length; k++)
        {
            var node = nodes[k];
            if (node.Op == Op.View)
            {
                if (views.Count >= length / 2 || !ReferenceEquals(node.Root, product) || !node.Ne.Equals(slice)
                    || node.Offset != views.Count * product.Nb.D1) return null;
                views.Add(node);
                continue;
            }

            if (node.Op != Op.Add || views.Count < 2 || additions + 1 >= views.Count) return null;
            if (!ReferenceEquals(node.Sources[0], additions == 0 ? views[0] : sum)
                || !ReferenceEquals(node.Sources[1], views[additions + 1])) return null;
            sum = node;
            additions++;
        }

        return views.Count == length / 2 && additions == views.Count - 1 ? sum : null;
    }

    /// <summary>
    /// The router's choice of experts, alive until the node after it, even where that one is no longer CUDA's. Returns
    /// the nodes to skip.
    /// </summary>
    private static int KeepRouter(NodeList nodes, int i, int end)
    {
        var length = RouterLength(nodes, i, end);
        if (length == 0 || i + length >= nodes.Count) return 0;
        var until = nodes[i + length];
        for (var k = i; k < i + length; k++)
        {
            Fusion.KeepAlive(until, nodes[k]);
            foreach (var source in nodes[k].Sources) Fusion.KeepAlive(until, source);
        }

        return length - 1;
    }

    private static int RouterLength(NodeList nodes, int i, int end)
    {
        var (first, at) = (nodes[i], i);
        Tensor? Next(Op op) => at + 1 < end && nodes[at + 1].Op == op ? nodes[at + 1] : null;
        bool Follows(Tensor? node, Tensor first)
        {
            if (node is null || !ReferenceEquals(node.Sources[0], first)) return false;
            at++;
            return true;
        }

        var scores = first;
        if (first.Op == Op.Unary && first.Function != UnaryFunction.Sigmoid)
        {
            var root = Next(Op.Sqrt);
            if (first.Function != UnaryFunction.Softplus || !Follows(root, first)) return 0;
            scores = root!;
        }

        var columns = Next(Op.Reshape);
        if (!Follows(columns, scores)) return 0;
        var biased = Next(Op.Add);
        var sorted = Follows(biased, scores) ? biased! : scores;
        var order = Next(Op.ArgSort);
        if (!Follows(order, sorted)) return 0;
        var ids = Next(Op.View);
        if (!Follows(ids, order!)) return 0;
        var idsAt = at;
        var weights = Next(Op.GetRows);
        if (!Follows(weights, columns!) || !ReferenceEquals(weights!.Sources[1], ids)) return 0;
        at += NormalizationLength(nodes, at, end);
        Follows(Next(Op.Scale), nodes[at]);
        var experts = ids!.Nb.D1 / ids.Nb.D0;
        var isFusible = ((experts & (experts - 1)) == 0 && experts <= 512) || experts is 288 or 576;
        return isFusible && Fusion.IsClosed(nodes, i, at - i + 1, idsAt, at)
            && first.Sources[0].IsContiguous && nodes[at].IsContiguous ? at - i + 1 : 0;
    }

    /// <summary>RESHAPE, SUM_ROWS, CLAMP, DIV, RESHAPE after the weights: 5 if they are there, else 0.</summary>
    private static int NormalizationLength(NodeList nodes, int at, int end)
    {
        if (at + 5 >= end) return 0;
        var (flat, sum, clamped, ratio, shaped) =
            (nodes[at + 1], nodes[at + 2], nodes[at + 3], nodes[at + 4], nodes[at + 5]);
        return flat.Op == Op.Reshape && ReferenceEquals(flat.Sources[0], nodes[at])
            && sum.Op == Op.SumRows && ReferenceEquals(sum.Sources[0], flat)
            && clamped.Op == Op.Clamp && ReferenceEquals(clamped.Sources[0], sum)
            && ratio.Op == Op.Div && ReferenceEquals(ratio.Sources[0], flat)
            && ReferenceEquals(ratio.Sources[1], clamped)
            && shaped.Op == Op.Reshape && ReferenceEquals(shaped.Sources[0], ratio) ? 5 : 0;
    }
}
