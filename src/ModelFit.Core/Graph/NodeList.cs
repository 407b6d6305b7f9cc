namespace ModelFit.Graph;

/// <summary>
/// Tensors in order, in pieces: the largest graphs have so many nodes that one array of them would be a large object,
/// of which a few make the collector walk the whole heap.
/// </summary>
internal sealed class NodeList
{
    private const int PieceBits = 7;
    private const int PieceMask = (1 << PieceBits) - 1;

    private readonly List<Tensor[]> _pieces = new();

    public int Count { get; private set; }

    public Tensor this[int index]
    {
        get => _pieces[index >> PieceBits][index & PieceMask];
        set => _pieces[index >> PieceBits][index & PieceMask] = value;
    }

    public void Add(Tensor tensor)
    {
        if ((Count & PieceMask) == 0) _pieces.Add(new Tensor[1 << PieceBits]);
        _pieces[Count >> PieceBits][Count & PieceMask] = tensor;
        Count++;
    }

    public Enumerator GetEnumerator() => new(this);

    /// <summary>For <c>foreach</c>.</summary>
    internal struct Enumerator(NodeList list)
    {
        private readonly NodeList _list = list;
        private int _index = -1;

        public readonly Tensor Current => _list[_index];

        public bool MoveNext() => ++_index < _list.Count;
    }
}
