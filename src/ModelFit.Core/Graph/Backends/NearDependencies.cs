namespace ModelFit.Graph.Backends;

/// <summary>
/// Which of the nodes shortly before it each node of a split must stay behind, because it reads their result or shares
/// their memory (the lambda is_src_of of ggml_vk_graph_optimize, asked once a pair).
/// </summary>
internal sealed class NearDependencies
{
    /// <summary>How many nodes back are looked at.</summary>
    public const int Reach = 20;

    private readonly NodeList _nodes;
    private readonly int _start;
    private readonly uint[] _masks;

    public NearDependencies(NodeList nodes, int start, int end)
    {
        _nodes = nodes;
        _start = start;
        _masks = new uint[end - start];
        for (var i = 0; i < _masks.Length; i++) At(i).Place = i;
        // Nodes before that look into memory of another: all of them, and those that compute something.
        uint views = 0, writers = 0;
        for (var i = 0; i < _masks.Length; i++)
        {
            var isEmpty = IsEmpty(At(i).Op);
            var isView = At(i).Root is not null;
            _masks[i] = isEmpty ? OfView(i, views) : OfResult(i, isView ? uint.MaxValue : writers);
            views = (views << 1) | (isView ? 1u : 0);
            writers = (writers << 1) | (isView && !isEmpty ? 1u : 0);
        }
    }

    /// <summary>The nodes before that one that it depends on: bit 0 is the one before, bit 1 that before it.</summary>
    public uint this[int index] => _masks[index];

    /// <summary>Whether an operation computes nothing.</summary>
    public static bool IsEmpty(Op op) => op.IsView() || op == Op.None;

    /// <summary>The index of a tensor in the split, or -1 if it is none of its nodes.</summary>
    public int PlaceOf(Tensor tensor) =>
        (uint)tensor.Place < (uint)_masks.Length && ReferenceEquals(At(tensor.Place), tensor) ? tensor.Place : -1;

    private Tensor At(int index) => _nodes[_start + index];

    private uint OfView(int index, uint candidates)
    {
        var node = At(index);
        uint mask = 0;
        foreach (var source in node.Sources) mask |= Bit(index, source);
        if (node.Root is null) return mask;
        mask |= Bit(index, node.Root);
        for (var back = 1; back < Reach && back <= index; back++, candidates >>= 1)
            if ((candidates & 1) != 0 && ReferenceEquals(At(index - back).Root, node.Root)) mask |= 1u << (back - 1);
        return mask;
    }

    private uint OfResult(int index, uint candidates)
    {
        var node = At(index);
        uint mask = 0;
        foreach (var source in node.Sources) mask |= Bit(index, source) | (source.Root is { } r ? Bit(index, r) : 0);
        for (var back = 1; back < Reach && back <= index && candidates != 0; back++, candidates >>= 1)
            if ((candidates & 1) != 0 && SharesMemory(node, At(index - back))) mask |= 1u << (back - 1);
        return mask;
    }

    private uint Bit(int index, Tensor source)
    {
        var back = index - PlaceOf(source);
        return back is > 0 and < Reach && back <= index ? 1u << (back - 1) : 0;
    }

    private static bool SharesMemory(Tensor later, Tensor earlier)
    {
        var (laterBase, earlierBase) = (Base(later), Base(earlier));
        if (ReferenceEquals(laterBase, earlierBase)) return true;
        if (IsEmpty(earlier.Op)) return false;
        foreach (var input in later.Sources)
            if (ReferenceEquals(Base(input), earlierBase)) return true;
        foreach (var input in earlier.Sources)
            if (ReferenceEquals(laterBase, Base(input))) return true;
        return false;
    }

    private static Tensor Base(Tensor tensor) => tensor.Root ?? tensor;
}
