using ModelFit.Models;

namespace ModelFit.Graph.Backends;

/// <summary>
/// What the scheduler and the allocator ask of a backend: how it aligns and sizes memory, what it can compute, and how
/// it rearranges its part of the graph (ggml_backend, ggml_backend_device, ggml_backend_buffer_type).
/// </summary>
internal abstract class BackendRules(BufferType buffer, int alignment, long maxChunk = long.MaxValue)
{
    /// <summary>The memory it allocates.</summary>
    public BufferType Buffer { get; } = buffer;

    /// <summary>Bytes that every address is a multiple of.</summary>
    public int Alignment { get; } = alignment;

    /// <summary>Largest single buffer in bytes.</summary>
    public long MaxChunk { get; } = maxChunk;

    /// <summary>Bytes that each buffer really has beyond what it was asked for.</summary>
    public virtual long BufferOverhead => 0;

    /// <summary>Whether the backend rearranges its part of the graph at all.</summary>
    public virtual bool HasOptimizer => false;

    /// <summary>Whether it can run several copies of a graph one behind the other (async compute and events).</summary>
    public virtual bool HasAsyncEvents => false;

    /// <summary>Whether a weight can lie in its memory: the operation it is made for is supported.</summary>
    public virtual bool Holds(TensorInfo weight) => true;

    /// <summary>Whether it can read the memory in place (supports_buft).</summary>
    public virtual bool Reads(BufferType buffer) => ReferenceEquals(buffer, Buffer);

    /// <summary>Whether it takes over operations of this kind whose weights lie on the host (offload_op).</summary>
    public virtual bool CanOffload(Op op) => true;

    /// <summary>Whether it can compute the operation (supports_op).</summary>
    public virtual bool Supports(Tensor op) => true;

    /// <summary>Bytes that it takes for a tensor, before alignment (get_alloc_size).</summary>
    public virtual long AllocationSize(Tensor tensor) => tensor.Bytes;

    /// <summary>Bytes that it takes for a weight.</summary>
    public virtual long WeightSize(TensorInfo weight) => weight.Bytes;

    /// <summary>
    /// Rearranges the nodes of one split in place and says through <see cref="Tensor.KeepAlive"/> what must live
    /// longer (graph_optimize).
    /// </summary>
    public virtual void Optimize(NodeList nodes, int start, int end)
    {
    }

    public long Align(long size) => Align(size, Alignment);

    /// <summary>The next multiple of a power of two.</summary>
    public static long Align(long size, int alignment) => checked(size + alignment - 1) & ~(alignment - 1L);
}
