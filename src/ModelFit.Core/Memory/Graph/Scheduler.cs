using System.Collections.Generic;
using ModelFit.Memory.Graph.Backends;

namespace ModelFit.Memory.Graph;

/// <summary>
/// Decides which backend computes which node, cuts the graph where the backend changes and adds the copies between
/// them (ggml/src/ggml-backend.cpp, ggml_backend_sched_split_graph). GPUs come first, the processor last.
/// </summary>
internal sealed class Scheduler
{
    /// <summary>Copies of the inputs for pipeline parallelism (GGML_SCHED_MAX_COPIES).</summary>
    public const int PipelineCopies = 4;

    private const int OffloadMinBatch = 32;
    private const int MaxSources = 10;

    private readonly BackendRules[] _backends;
    private readonly int _cpu;
    private readonly bool _offloadOperations;

    public Scheduler(BackendRules[] backends, bool offloadOperations)
    {
        _backends = backends;
        _cpu = backends.Length - 1;
        _offloadOperations = offloadOperations;
    }

    /// <summary>
    /// Cuts an assigned graph and adds the copies; the graph is used up.
    /// </summary>
    public ScheduledGraph Split(ComputeGraph graph, int copies) =>
        new Splitter(_backends, graph.Nodes, graph.Leafs, copies).Run();

    /// <summary>
    /// Gives every node a backend; what is already in <see cref="Tensor.Backend"/> is a forced placement.
    /// </summary>
    public void Assign(ComputeGraph graph)
    {
        foreach (var leaf in graph.Leafs) PlaceByData(leaf);
        foreach (var node in graph.Nodes) PlaceByData(node);
        Spread(graph.Nodes, forward: true, gpuOnly: true);
        Spread(graph.Nodes, forward: false, gpuOnly: true);
        Spread(graph.Nodes, forward: true, gpuOnly: false);
        Spread(graph.Nodes, forward: false, gpuOnly: false);
        foreach (var node in graph.Nodes)
            if (!node.Op.IsView()) PlaceBySources(node);
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
        Op.MulMatId or Op.Rope => op.Ne.D2,
        _ => op.Ne.D1 * op.Ne.D2 * op.Ne.D3,
    };

    private void Spread(List<Tensor> nodes, bool forward, bool gpuOnly)
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
    }

    private bool CanRead(Tensor tensor, int backend) => CanRead(_backends, tensor, backend);

    private static int Decided(Tensor tensor) =>
        tensor.Backend >= 0 ? tensor.Backend : tensor.Root?.Backend ?? -1;

    private static bool CanRead(BackendRules[] backends, Tensor tensor, int backend)
    {
        var buffer = tensor.StorageBuffer;
        if (buffer is not null) return backends[backend].Reads(buffer);
        var owner = Decided(tensor);
        return owner >= 0 && backends[backend].Reads(backends[owner].Buffer);
    }

    /// <summary>Cuts the assigned graph into splits and writes the final order.</summary>
    private sealed class Splitter
    {
        private readonly BackendRules[] _backends;
        private readonly List<Tensor> _nodes;
        private readonly List<Tensor> _leafs;
        private readonly int _copies;
        private readonly List<Stretch> _splits = new();
        private readonly List<Tensor> _copiedInputs = new();

        public Splitter(BackendRules[] backends, List<Tensor> nodes, List<Tensor> leafs, int copies)
        {
            _backends = backends;
            _nodes = nodes;
            _leafs = leafs;
            _copies = copies;
        }

        public ScheduledGraph Run()
        {
            Cut();
            foreach (var split in _splits)
                if (_backends[split.Backend].HasOptimizer)
                    _backends[split.Backend].Optimize(_nodes, split.Start, split.End);
            var result = new ScheduledGraph { SplitCount = _splits.Count };
            foreach (var split in _splits) Emit(split, result.Nodes);
            if (_copies > 1) EmitCopies(result.Leafs);
            foreach (var leaf in _leafs) result.Leafs.Add(new(leaf, leaf.Backend));
            return result;
        }

        private void Cut()
        {
            var first = 0;
            while (first < _nodes.Count && _nodes[first].Op.IsView()) first++;
            if (first == _nodes.Count) return;
            var split = new Stretch(_nodes[first].Backend, 0);
            for (var i = first; i < _nodes.Count; i++)
            {
                var node = _nodes[i];
                if (node.Op.IsView()) continue;
                if (node.Backend != split.Backend || NeedsNewSplit(split, node))
                {
                    split.End = i;
                    _splits.Add(split);
                    split = new Stretch(node.Backend, i);
                }

                CopySources(split, node);
            }

            split.End = _nodes.Count;
            _splits.Add(split);
        }

        // A copied weight is let go before the next one is needed, so it ends the split.
        private bool NeedsNewSplit(Stretch split, Tensor node)
        {
            if (split.Inputs.Count == 0) return false;
            foreach (var source in node.Sources)
            {
                if (source.IsWeight && source.Backend != split.Backend && !CanRead(_backends, source, split.Backend))
                    return true;
            }

            return false;
        }

        private void CopySources(Stretch split, Tensor node)
        {
            for (var k = 0; k < node.Sources.Length; k++)
            {
                var source = node.Sources[k];
                if (source.IsInput && _copies > 1 && source.Copies?[source.Backend] is null)
                {
                    AddCopies(source, source.Backend, source);
                    _copiedInputs.Add(source);
                }

                if (source.Backend == split.Backend || CanRead(_backends, source, split.Backend)) continue;
                if (source.Copies?[split.Backend] is null)
                {
                    AddCopies(source, split.Backend, null);
                    split.Inputs.Add(source);
                }

                node.Sources[k] = source.Copies![split.Backend]![0];
            }
        }

        private void AddCopies(Tensor source, int backend, Tensor? first)
        {
            source.Copies ??= new Tensor[_backends.Length][];
            var copies = new Tensor[_copies];
            for (var i = 0; i < _copies; i++)
            {
                var copy = i == 0 && first is not null
                    ? first
                    : new Tensor(Op.None, source.Type, source.Ne, source.Nb, System.Array.Empty<Tensor>());
                if (_copies > 1) copy.IsInput = copy.IsOutput = true;
                copies[i] = copy;
            }

            source.Copies[backend] = copies;
        }

        private void Emit(Stretch split, List<ScheduledGraph.Placed> nodes)
        {
            foreach (var input in split.Inputs)
            {
                nodes.Add(new(Dependency(input, new[] { input }), input.Backend));
                nodes.Add(new(input.Copies![split.Backend]![0], split.Backend));
            }

            for (var i = split.Start; i < split.End; i++)
            {
                var node = _nodes[i];
                nodes.Add(new(node, node.Backend));
                if (node.KeepAlive is not { } kept) continue;
                for (var from = 0; from < kept.Count; from += MaxSources)
                {
                    var sources = kept.GetRange(from, System.Math.Min(MaxSources, kept.Count - from)).ToArray();
                    nodes.Add(new(Dependency(sources[0], sources), split.Backend));
                }
            }
        }

        private static Tensor Dependency(Tensor shape, Tensor[] sources) =>
            new(Op.None, shape.Type, shape.Ne, shape.Nb, sources, shape);

        private void EmitCopies(List<ScheduledGraph.Placed> leafs)
        {
            foreach (var input in _copiedInputs)
                foreach (var copy in input.Copies![input.Backend]!) leafs.Add(new(copy, input.Backend));
            foreach (var split in _splits)
            {
                foreach (var input in split.Inputs)
                    foreach (var copy in input.Copies![split.Backend]!) leafs.Add(new(copy, split.Backend));
            }
        }

        private sealed class Stretch
        {
            public Stretch(int backend, int start)
            {
                Backend = backend;
                Start = start;
            }

            public int Backend { get; }

            public int Start { get; }

            public int End { get; set; }

            public List<Tensor> Inputs { get; } = new();
        }
    }
}
