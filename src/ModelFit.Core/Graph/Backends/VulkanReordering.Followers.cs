namespace ModelFit.Graph.Backends;

/// <content>
/// What is pulled forward with a node because both are fused: its rope and cache write, or the operation on its result.
/// </content>
internal sealed partial class VulkanReordering
{
    private const int FusionReach = 15;

    /// <summary>After a norm's product its rope, and after a rope or norm the write into the cache.</summary>
    private void PullRope(int j)
    {
        var at = j;
        if (OpAt(j) == Op.Mul && OpAt(j - 1) == Op.RmsNorm)
        {
            for (var k = j + 1; k < Math.Min(j + FusionReach, _count); k++)
            {
                if (!IsRopeOf(At(k), At(j))) continue;
                Pull(at = k);
                break;
            }
        }

        if (OpAt(at) is Op.Rope or Op.RmsNorm) PullCacheWrite(at);
    }

    private static bool IsRopeOf(Tensor rope, Tensor x) => rope.Op == Op.Rope && ReferenceEquals(rope.Sources[0], x)
        && rope.Sources[1].Op == Op.None && (rope.Sources.Length < 3 || rope.Sources[2].Op == Op.None);

    private void PullCacheWrite(int at)
    {
        int view = -1, write = -1;
        for (var k = at + 1; k < Math.Min(at + FusionReach, _count) && write < 0; k++)
        {
            if (_isUsed[k]) continue;
            if (view < 0 && OpAt(k) == Op.View && ReferenceEquals(At(k).Sources[0], At(at))) view = k;
            else if (view >= 0 && OpAt(k) == Op.SetRows && ReferenceEquals(At(k).Sources[0], At(view))) write = k;
        }

        if (write < 0 || !IsPrivate(At(at), At(view))) return;
        var needed = _dependencies[write];
        for (var c = write - 1; c > at; c--, needed >>= 1)
            if ((needed & 1) != 0 && !_isUsed[c] && c != view && !IsEmpty(c)) return;
        Pull(view);
        Pull(write);
    }

    // The results between must not be used elsewhere.
    private static bool IsPrivate(Tensor x, Tensor view) => !x.IsOutput && !view.IsOutput && x.UseCount == 1
        && view.UseCount == 1 && x.Root is null
        && (ReferenceEquals(view.Root, x) || view.Root is { IsWeight: true });

    /// <summary>What is fused with the node although others lie between.</summary>
    private void PullFollower(int j)
    {
        if (OpAt(j) is not (Op.Add or Op.AddId or Op.Unary)) return;
        for (var k = j + 1; k < Math.Min(j + FusionReach, _count); k++)
        {
            if (!Follows(At(k), At(j), OpAt(j - 1))) continue;
            Pull(k);
            return;
        }
    }

    private bool Follows(Tensor next, Tensor node, Op previous) => (previous, node.Op, next.Op) switch
    {
        (Op.MulMatId, Op.AddId, Op.Mul) or (Op.MulMat, Op.Add, Op.Add) =>
            ReferenceEquals(next.Sources[0], node) && IsReady(next.Sources[1]),
        (Op.SsmConv, Op.Add, Op.Unary) => ReferenceEquals(next.Sources[0], node),
        (_, Op.Unary, Op.Mul) => IsProductOf(next, node),
        _ => false,
    };

    private bool IsProductOf(Tensor product, Tensor unary)
    {
        var isFirst = ReferenceEquals(product.Sources[0], unary);
        if (!isFirst && !ReferenceEquals(product.Sources[1], unary)) return false;
        var other = product.Sources[isFirst ? 1 : 0];
        var isFusible = unary.Function is UnaryFunction.Gelu or UnaryFunction.Silu or UnaryFunction.Sigmoid
            or UnaryFunction.Softplus;
        return isFusible && IsReady(other)
            && unary.Type == product.Type && other.Type == unary.Type
            && other.IsContiguousAbove(1) && unary.Sources[0].IsContiguousAbove(1)
            && (isFirst ? CanRepeat(other.Ne, unary.Ne) : CanRepeat(unary.Ne, product.Sources[0].Ne));
    }

    private static bool CanRepeat(Dims small, Dims large) => large.D0 % small.D0 == 0 && large.D1 % small.D1 == 0
        && large.D2 % small.D2 == 0 && large.D3 % small.D3 == 0;

    private bool IsReady(Tensor tensor) => tensor.Op == Op.None
        || (_dependencies.PlaceOf(tensor) is >= 0 and var place && _isEmitted[place]);

    private void Pull(int index)
    {
        _group.Add(index);
        _isUsed[index] = true;
    }
}
