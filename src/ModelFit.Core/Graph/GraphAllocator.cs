using System.Diagnostics;
using ModelFit.Graph.Backends;

namespace ModelFit.Graph;

/// <summary>
/// Lays the tensors of a scheduled graph into memory, reusing what is no longer needed
/// (ggml/src/ggml-alloc.c, ggml_gallocr_reserve_n), and says how much each backend needs.
/// </summary>
internal sealed class GraphAllocator(BackendRules[] backends)
{
    private readonly BackendRules[] _backends = backends;
    private readonly ChunkAllocator[] _memory = Array.ConvertAll(
        backends, backend => new ChunkAllocator(backend.Alignment, backend.MaxChunk));

    /// <summary>Bytes of each chunk of each backend.</summary>
    public static long[][] Measure(ComputeGraph graph, BackendRules[] backends)
    {
        var allocator = new GraphAllocator(backends);
        allocator.Run(graph);
        return Array.ConvertAll(allocator._memory, memory => memory.ChunkSizes());
    }

    private void Run(ComputeGraph graph)
    {
        // ggml_gallocr_alloc_graph_impl: leafs first, as they may be read by any node. Then uses are counted; inputs
        // are placed on the way, so that nothing that runs before their reader is laid over them.
        foreach (var leaf in graph.Leafs) Place(leaf, leaf.Backend);
        foreach (var node in graph.Nodes)
        {
            if (node.Root is not null && node.Op != Op.None) node.Root.Views++;
            if (node.IsInput) Place(node, node.Backend);
            foreach (var source in node.Sources)
            {
                source.Uses++;
                if (source.IsInput) Place(source, node.Backend);
            }
        }

        // In the order in which they run: a source that nobody placed lies where its first reader computes.
        foreach (var node in graph.Nodes)
        {
            foreach (var source in node.Sources) Place(source, node.Backend);
            Place(node, node.Backend);
            foreach (var source in node.Sources) Leave(source);
        }
    }

    private void Place(Tensor tensor, int backend)
    {
        if (tensor.IsAllocated || tensor.Buffer is not null || tensor.Root is not null) return;
        tensor.IsAllocated = true;
        if (tensor.Op.CanRunInPlace() && TakePlace(tensor)) return;
        var (chunk, offset) = _memory[backend].Allocate(_backends[backend].AllocationSize(tensor));
        tensor.OwnerBackend = backend;
        tensor.OwnerChunk = chunk;
        tensor.OwnerOffset = offset;
    }

    private bool TakePlace(Tensor tensor)
    {
        // The first source that dies with this node and is laid out like it; ggml looks no further for a better one.
        foreach (var source in tensor.Sources)
        {
            if (!source.IsAllocated || source.IsOutput || source.Uses != 1 || source.Views != 0) continue;
            if (source.Type != tensor.Type || !source.Ne.Equals(tensor.Ne) || !source.Nb.Equals(tensor.Nb)) continue;
            var rules = _backends[source.OwnerBackend];
            tensor.OwnerBackend = source.OwnerBackend;
            tensor.OwnerChunk = source.OwnerChunk;
            tensor.OwnerOffset = source.OwnerOffset;
            source.IsAllocated = false;
            // The old owner may have had room behind its data (CUDA's copies of K and V), which is free again.
            var before = rules.Align(rules.AllocationSize(source));
            var after = rules.Align(rules.AllocationSize(tensor));
            if (before > after)
            {
                _memory[source.OwnerBackend].Free(source.OwnerChunk, source.OwnerOffset + after, before - after);
            }

            return true;
        }

        return false;
    }

    private void Leave(Tensor source)
    {
        source.Uses--;
        Debug.Assert(source.Uses >= 0, "a source is left as often as it is used");
        if (source.Uses != 0 || source.Views != 0) return;
        if (source.Root is not { } root)
        {
            if (source.IsAllocated) Release(source);
            return;
        }

        // A view holds what it looks into: the last one lets it go.
        root.Views--;
        Debug.Assert(root.Views >= 0, "a view is left once");
        if (root.Views == 0 && root.Uses == 0 && root.IsAllocated) Release(root);
    }

    private void Release(Tensor tensor)
    {
        if (tensor.IsOutput) return;
        Debug.Assert(tensor.IsAllocated, "a tensor is freed once");
        var size = _backends[tensor.OwnerBackend].AllocationSize(tensor);
        _memory[tensor.OwnerBackend].Free(tensor.OwnerChunk, tensor.OwnerOffset, size);
        tensor.IsAllocated = false;
    }
}
