using System.Collections.Generic;

namespace ModelFit.Memory.Graph;

/// <summary>A graph after scheduling: what runs in which order on which backend, copies included.</summary>
internal sealed class ScheduledGraph
{
    public List<Placed> Nodes { get; } = new(1536);

    public List<Placed> Leafs { get; } = new(768);

    /// <summary>Number of stretches that run on one backend.</summary>
    public int SplitCount { get; set; }

    /// <summary>A tensor and the index of its backend.</summary>
    internal readonly struct Placed
    {
        public readonly Tensor Tensor;
        public readonly int Backend;

        public Placed(Tensor tensor, int backend)
        {
            Tensor = tensor;
            Backend = backend;
        }
    }
}
