using System.Diagnostics;
using ModelFit.Graph.Backends;

namespace ModelFit.Graph;

/// <summary>
/// Decides which backend computes which node, cuts the graph where the backend changes and adds the copies between
/// them (ggml/src/ggml-backend.cpp, ggml_backend_sched_split_graph). GPUs come first, the processor last.
/// </summary>
internal sealed class Scheduler(BackendRules[] backends, bool offloadOperations)
{
    /// <summary>Copies of the inputs for pipeline parallelism (GGML_SCHED_MAX_COPIES).</summary>
    public const int PipelineCopies = 4;

    private const int OffloadMinBatch = 32;

    private readonly BackendRules[] _backends = backends;
    private readonly int _cpu = backends.Length - 1;
    private readonly bool _offloadOperations = offloadOperations;

    /// <summary>Cuts an assigned graph and adds the copies: what runs in which order. The graph is used up.</summary>
    public ComputeGraph Split(ComputeGraph graph, int copies) =>
        new GraphSplitter(_backends, graph, copies).Run();

    /// <summary>
    /// Gives every node a backend; what is already in <see cref="Tensor.Backend"/> is a forced placement.
    /// </summary>
    public void Assign(ComputeGraph graph)
    {
        // Pass 1: where the data lies, weights before all.
        foreach (var leaf in graph.Leafs) PlaceByData(leaf);
        foreach (var node in graph.Nodes) PlaceByData(node);

        // Pass 2: the GPUs spread over their neighbours, down and up, before the processor may, so that it gets only
        // what lies between its own.
        Spread(graph.Nodes, forward: true, gpuOnly: true);
        Spread(graph.Nodes, forward: false, gpuOnly: true);
        Spread(graph.Nodes, forward: true, gpuOnly: false);
        Spread(graph.Nodes, forward: false, gpuOnly: false);

        // Pass 3: what no neighbour can run goes to who can read most of its sources. (ggml also moves nodes to a
        // backend of higher priority with the same memory here; no two of ours share memory.)
        foreach (var node in graph.Nodes)
            if (!node.Op.IsView()) PlaceBySources(node);

        // Pass 4: views follow what they look into, sources their reader.
        foreach (var node in graph.Nodes) PlaceRest(node);
    }

    private void PlaceByData(Tensor tensor)
    {
        if (tensor.Backend < 0) tensor.Backend = BackendOfData(tensor);
    }

    private int BackendOfData(Tensor tensor)
    {
        var own = BackendOfBuffer(tensor.StorageBuffer, tensor);
        if (own >= 0) return own;
        if (tensor.IsInput) return _cpu;
        if (tensor.Op is Op.Rope or Op.FlashAttention) return -1;
        foreach (var source in tensor.Sources)
        {
            if (!source.IsWeight) continue;
            var backend = BackendOfBuffer(source.StorageBuffer, tensor);
            // A large batch over weights of the host is worth copying them to the first GPU that runs it.
            if (backend != _cpu || !_offloadOperations || BatchSize(tensor) < OffloadMinBatch) return backend;
            for (var gpu = 0; gpu < _cpu; gpu++)
                if (_backends[gpu].CanOffload(tensor.Op) && _backends[gpu].Supports(tensor)) return gpu;
            return backend;
        }

        return -1;
    }

    private int BackendOfBuffer(BufferType? buffer, Tensor op)
    {
        if (buffer is null) return -1;
        for (var i = 0; i < _backends.Length; i++)
            if (_backends[i].Reads(buffer) && _backends[i].Supports(op)) return i;
        return -1;
    }

    private static long BatchSize(Tensor op) => op.Op switch
    {
        Op.GetRows => 0,
        Op.MulMat => op.Ne.D1,
        Op.MulMatId or Op.Rope or Op.RopeBack => op.Ne.D2,
        _ => op.Ne.D1 * op.Ne.D2 * op.Ne.D3,
    };

    private void Spread(NodeList nodes, bool forward, bool gpuOnly)
    {
        var current = -1;
        for (var i = 0; i < nodes.Count; i++)
        {
            var node = nodes[forward ? i : nodes.Count - 1 - i];
            if (node.Op.IsView()) continue;
            if (node.Backend >= 0) current = gpuOnly && node.Backend == _cpu ? -1 : node.Backend;
            else if (current >= 0 && _backends[current].Supports(node)) node.Backend = current;
        }
    }

    private void PlaceBySources(Tensor node)
    {
        if (node.Backend >= 0) return;
        var best = -1;
        for (var i = 0; i < _backends.Length; i++)
        {
            if (!_backends[i].Supports(node)) continue;
            var readable = 0;
            foreach (var source in node.Sources)
                if (Decided(source) >= 0 && CanRead(source, i)) readable++;
            if (readable <= best) continue;
            best = readable;
            node.Backend = i;
        }
    }

    private void PlaceRest(Tensor node)
    {
        if (node.Backend < 0 && node.Root is not null) node.Backend = node.Root.Backend;
        foreach (var source in node.Sources)
            if (source.Backend < 0) source.Backend = source.Root?.Backend ?? node.Backend;
        for (var i = 0; i < _backends.Length && node.Backend < 0; i++)
            if (_backends[i].Supports(node)) node.Backend = i;
        Debug.Assert(node.Backend >= 0, "every node has a backend");
    }

    private bool CanRead(Tensor tensor, int backend) => CanRead(_backends, tensor, backend);

    private static int Decided(Tensor tensor) =>
        tensor.Backend >= 0 ? tensor.Backend : tensor.Root?.Backend ?? -1;

    /// <summary>Whether a backend can read a tensor where it lies, or where its own backend will put it.</summary>
    internal static bool CanRead(BackendRules[] backends, Tensor tensor, int backend)
    {
        var buffer = tensor.StorageBuffer;
        if (buffer is not null) return backends[backend].Reads(buffer);
        var owner = Decided(tensor);
        return owner >= 0 && backends[backend].Reads(backends[owner].Buffer);
    }
}
