using ModelFit.Graph.Backends;
using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// A tensor of the graph without its data: an operation over sources, with a type, a shape and strides (ggml_tensor).
/// The scheduler and the allocator keep their scratch fields here; a tensor belongs to one graph of one measurement.
/// </summary>
internal sealed class Tensor
{
    private const double MostElements = 1L << 48;

    private long _bytes = -1;

    /// <summary>Creates a contiguous tensor that owns its memory.</summary>
    public Tensor(Op op, TensorType type, Dims ne, params Tensor[] sources)
        : this(op, type, ne, Contiguous(type, Believed(ne)), sources)
    {
    }

    /// <summary>Creates a tensor; one that looks into another's memory names it as <paramref name="root"/>.</summary>
    public Tensor(Op op, TensorType type, Dims ne, Dims nb, Tensor[] sources, Tensor? root = null, long offset = 0)
    {
        if (root?.Root is not null)
        {
            offset += root.Offset;
            root = root.Root;
        }

        Op = op;
        Type = type;
        Ne = Believed(ne);
        Nb = nb;
        Sources = sources;
        Root = root;
        Offset = offset;
    }

    public Op Op { get; }

    public UnaryFunction Function { get; init; }

    /// <summary>Whether a product reads its second source in single precision (ggml_prec_set_src).</summary>
    public bool IsPrecise { get; init; }

    public TensorType Type { get; }

    /// <summary>Elements a dimension.</summary>
    public Dims Ne { get; }

    /// <summary>Bytes from one element of a dimension to the next.</summary>
    public Dims Nb { get; }

    public Tensor[] Sources { get; }

    /// <summary>The tensor whose memory this one looks into, never itself a view; null if it owns its memory.</summary>
    public Tensor? Root { get; }

    /// <summary>Bytes from the start of the root's memory.</summary>
    public long Offset { get; }

    /// <summary>The buffer that holds weights and caches; null for what the graph allocates.</summary>
    public BufferType? Buffer { get; init; }

    public bool IsWeight { get; init; }

    /// <summary>The same weight in another buffer, or null.</summary>
    public Tensor? Duplicate { get; init; }

    /// <summary>Set from outside before the graph runs (GGML_TENSOR_FLAG_INPUT).</summary>
    public bool IsInput { get; set; }

    /// <summary>Read after the graph ran, so never freed or reused (GGML_TENSOR_FLAG_OUTPUT).</summary>
    public bool IsOutput { get; set; }

    /// <summary>For debugging and for the inputs: the name that llama.cpp gives it.</summary>
    public string? Name { get; init; }

    /// <summary>Whether the graph has it already.</summary>
    public bool IsExpanded { get; set; }

    /// <summary>How many nodes of the graph use it as a source (ggml_cgraph use_counts).</summary>
    public int UseCount { get; set; }

    /// <summary>Scheduler: index of the backend that computes it; -1 while undecided.</summary>
    public int Backend { get; set; } = -1;

    /// <summary>Scheduler: its copies, by backend and number of the copy.</summary>
    public Tensor[]?[]? Copies { get; set; }

    /// <summary>Scheduler: what a backend wants alive until this node has run.</summary>
    public List<Tensor>? KeepAlive { get; set; }

    /// <summary>Backend hook: its index in the split that was looked at last.</summary>
    public int Place { get; set; }

    /// <summary>Allocator: sources of nodes still to come that are this tensor.</summary>
    public int Uses { get; set; }

    /// <summary>Allocator: views of this tensor still in use.</summary>
    public int Views { get; set; }

    public bool IsAllocated { get; set; }

    /// <summary>Allocator: backend, chunk and offset where it lies.</summary>
    public int OwnerBackend { get; set; }

    public int OwnerChunk { get; set; }

    public long OwnerOffset { get; set; }

    /// <summary>The buffer of the memory it uses, its root's if it is a view.</summary>
    public BufferType? StorageBuffer => Root is null ? Buffer : Root.Buffer;

    public long Elements => Ne.Product;

    /// <summary>Bytes from the first to the last element (ggml_nbytes).</summary>
    public long Bytes => _bytes >= 0 ? _bytes : _bytes = Extent();

    /// <summary>Whether elements follow each other without gaps (ggml_is_contiguous).</summary>
    public bool IsContiguous => IsContiguousAbove(0);

    /// <summary>
    /// Whether one row's elements follow each other (ggml_is_contiguous_rows for one element a block).
    /// </summary>
    public bool HasContiguousRows => Nb.D0 == Type.BlockBytes();

    /// <summary>Strides of a tensor without gaps (ggml_new_tensor).</summary>
    public static Dims Contiguous(TensorType type, Dims ne)
    {
        if (type.BlockElements() == 0) throw new GraphException($"its tensors have the unknown type {type}");
        var row = type.RowBytes(ne.D0);
        return new Dims(type.BlockBytes(), row, row * ne.D1, row * ne.D1 * ne.D2);
    }

    /// <summary>
    /// Whether the dimensions above <paramref name="dimension"/> follow without gaps (ggml_is_contiguous_n).
    /// </summary>
    public bool IsContiguousAbove(int dimension)
    {
        long next = Type.BlockBytes();
        var block = Type.BlockElements();
        if (Ne.D0 != block && Nb.D0 != next) return false;
        next *= Ne.D0 / block;
        for (var i = 1; i < 4; i++)
        {
            if (Ne[i] == 1) continue;
            if (i > dimension)
            {
                if (Nb[i] != next) return false;
                next *= Ne[i];
            }
            else
            {
                next = Ne[i] * Nb[i];
            }
        }

        return true;
    }

    /// <summary>Whether it begins where another does, in the same memory.</summary>
    public bool Overlays(Tensor other) => Root is not null
        && (ReferenceEquals(Root, other) || (ReferenceEquals(Root, other.Root) && Offset == other.Offset));

    public override string ToString() => $"{Op} {Type} {Ne} {Name}";

    // So that no size that is computed of it outgrows a long.
    private static Dims Believed(Dims ne) => ne.D0 >= 0 && ne.D1 >= 0 && ne.D2 >= 0 && ne.D3 >= 0
        && (double)ne.D0 * ne.D1 * ne.D2 * ne.D3 <= MostElements
        ? ne
        : throw new GraphException($"a tensor would have the shape {ne}");

    private long Extent()
    {
        if (Ne.D0 <= 0 || Ne.D1 <= 0 || Ne.D2 <= 0 || Ne.D3 <= 0) return 0;
        var block = Type.BlockElements();
        var row = block == 1 ? Type.BlockBytes() + (Ne.D0 - 1) * Nb.D0 : Ne.D0 * Nb.D0 / block;
        return row + (Ne.D1 - 1) * Nb.D1 + (Ne.D2 - 1) * Nb.D2 + (Ne.D3 - 1) * Nb.D3;
    }
}
