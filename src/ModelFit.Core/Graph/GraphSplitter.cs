using System.Diagnostics;
using ModelFit.Graph.Backends;

namespace ModelFit.Graph;

/// <summary>
/// Cuts an assigned graph into splits that run on one backend, copies between them what the next cannot read, and
/// writes the final order (ggml/src/ggml-backend.cpp, ggml_backend_sched_split_graph, from its fifth pass on).
/// </summary>
internal sealed class GraphSplitter(BackendRules[] backends, ComputeGraph graph, int copies)
{
    private const int MaxSources = 10;

    private readonly BackendRules[] _backends = backends;
    private readonly NodeList _nodes = graph.Nodes;
    private readonly NodeList _leafs = graph.Leafs;
    private readonly int _copies = copies;
    private readonly List<Split> _splits = new();
    private readonly List<Tensor> _copiedInputs = new();

    public ComputeGraph Run()
    {
        // Pass 5 cuts and notes the copies; each backend may then rearrange its part (ggml_backend_graph_optimize);
        // only then is the order final that memory is laid out by.
        Cut();
        foreach (var split in _splits)
            if (_backends[split.Backend].HasOptimizer)
                _backends[split.Backend].Optimize(_nodes, split.Start, split.End);
        var result = new ComputeGraph { Splits = new int[_backends.Length] };
        foreach (var split in _splits) result.Splits[split.Backend]++;
        foreach (var split in _splits) Emit(split, result.Nodes);
        if (_copies > 1) EmitCopies(result.Leafs);
        foreach (var leaf in _leafs) result.Leafs.Add(leaf);
        return result;
    }

    private void Cut()
    {
        var first = 0;
        while (first < _nodes.Count && _nodes[first].Op.IsView()) first++;
        if (first == _nodes.Count) return;
        var split = new Split(_nodes[first].Backend, 0);
        for (var i = first; i < _nodes.Count; i++)
        {
            var node = _nodes[i];
            if (node.Op.IsView()) continue;
            if (node.Backend != split.Backend || NeedsNewSplit(split, node))
            {
                split.End = i;
                _splits.Add(split);
                split = new Split(node.Backend, i);
            }

            CopySources(split, node);
        }

        split.End = _nodes.Count;
        _splits.Add(split);
    }

    // A copied weight is let go before the next one is needed, so it ends the split.
    private bool NeedsNewSplit(Split split, Tensor node)
    {
        if (split.Inputs.Count == 0) return false;
        foreach (var source in node.Sources)
        {
            if (source.IsWeight && source.Backend != split.Backend
                && !Scheduler.CanRead(_backends, source, split.Backend))
                return true;
        }

        return false;
    }

    private void CopySources(Split split, Tensor node)
    {
        for (var k = 0; k < node.Sources.Length; k++)
        {
            var source = node.Sources[k];
            // With pipeline parallelism every input is there several times, on its own backend too.
            if (source.IsInput && _copies > 1 && source.Copies?[source.Backend] is null)
            {
                AddCopies(source, source.Backend, source);
                _copiedInputs.Add(source);
            }

            if (source.Backend == split.Backend || Scheduler.CanRead(_backends, source, split.Backend)) continue;
            if (source.Copies?[split.Backend] is null)
            {
                AddCopies(source, split.Backend, null);
                split.Inputs.Add(source);
            }

            // The node reads the copy from here on; further splits of that backend share it.
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
                : new Tensor(Op.None, source.Type, source.Ne, source.Nb, Array.Empty<Tensor>()) { Backend = backend };
            if (_copies > 1) copy.IsInput = copy.IsOutput = true;
            copies[i] = copy;
        }

        source.Copies[backend] = copies;
    }

    private void Emit(Split split, NodeList nodes)
    {
        foreach (var input in split.Inputs)
        {
            // A view of the input keeps it alive until it was copied (ggml's input_dep).
            nodes.Add(Dependency(input.Backend, input));
            nodes.Add(input.Copies![split.Backend]![0]);
        }

        for (var i = split.Start; i < split.End; i++)
        {
            var node = _nodes[i];
            Debug.Assert(node.Op.IsView() || node.Backend == split.Backend, "a split has one backend");
            nodes.Add(node);

            // What the backend wants alive until here becomes the sources of nodes that compute nothing.
            if (node.KeepAlive is not { } kept) continue;
            for (var from = 0; from < kept.Count; from += MaxSources)
            {
                var sources = kept.GetRange(from, Math.Min(MaxSources, kept.Count - from)).ToArray();
                nodes.Add(Dependency(split.Backend, sources));
            }
        }
    }

    private static Tensor Dependency(int backend, params Tensor[] sources)
    {
        var shape = sources[0];
        return new(Op.None, shape.Type, shape.Ne, shape.Nb, sources, shape) { Backend = backend };
    }

    private void EmitCopies(NodeList leafs)
    {
        foreach (var input in _copiedInputs)
            foreach (var copy in input.Copies![input.Backend]!) leafs.Add(copy);
        foreach (var split in _splits)
        {
            foreach (var input in split.Inputs)
                foreach (var copy in input.Copies![split.Backend]!) leafs.Add(copy);
        }
    }

    private sealed class Split(int backend, int start)
    {
        public int Backend { get; } = backend;

        public int Start { get; } = start;

        public int End { get; set; }

        public List<Tensor> Inputs { get; } = new();
    }
}
