using System.Diagnostics;

namespace ModelFit.Graph.Backends;

/// <summary>
/// Vulkan's new order of the nodes of a split: what does not depend on what is pending is pulled forward, at most 20
/// nodes, so that more can run at once, while runs to be fused stay together
/// (ggml/src/ggml-vulkan/ggml-vulkan.cpp, ggml_vk_graph_optimize).
/// </summary>
internal sealed partial class VulkanReordering
{
    private const int LookAhead = NearDependencies.Reach;

    private readonly NodeList _nodes;
    private readonly int _start;
    private readonly int _count;
    private readonly Op[] _ops;
    private readonly NearDependencies _dependencies;
    private readonly NodeList _order = new();

    // By node: is in a group already; is in the order already; stays where it is unless part of its run was pulled.
    private readonly bool[] _isUsed;
    private readonly bool[] _isEmitted;
    private readonly bool[] _mayStay;
    private readonly List<int> _group = new(LookAhead + 8);

    public VulkanReordering(NodeList nodes, int start, int end)
    {
        _nodes = nodes;
        _start = start;
        _count = end - start;
        _dependencies = new NearDependencies(nodes, start, end);
        _ops = new Op[_count];
        for (var i = 0; i < _count; i++) _ops[i] = At(i).Op;
        _isUsed = new bool[_count];
        _isEmitted = new bool[_count];
        _mayStay = new bool[_count];
        for (var i = 0; i < _count; i++) _mayStay[i] = RunAt(i) is not null || IsInBlockChoice(i);
    }

    public void Run()
    {
        // ggml_vk_graph_optimize: from the first node that is left, either a run that will be fused, as it stands, or
        // that node and whatever of the next ones does not depend on it, so that they run side by side.
        var first = 0;
        while (first < _count)
        {
            var length = KeptLength(first);
            if (length > 0)
            {
                for (var k = first; k < first + length; k++) Emit(k);
            }
            else
            {
                Gather(first);
                foreach (var k in _group) Emit(k);
            }

            while (first < _count && _isUsed[first]) first++;
        }

        Debug.Assert(_order.Count == _count, "every node is emitted once");
        for (var i = 0; i < _count; i++) _nodes[_start + i] = _order[i];
    }

    private Tensor At(int index) => _nodes[_start + index];

    private Op OpAt(int index) => _ops[index];

    private bool IsEmpty(int index) => NearDependencies.IsEmpty(_ops[index]);

    private void Emit(int index)
    {
        _isUsed[index] = _isEmitted[index] = true;
        _order.Add(At(index));
    }

    /// <summary>
    /// Length of the run to be fused that starts here, 0 if there is none; a router's inputs are kept.
    /// </summary>
    private int KeptLength(int first)
    {
        if (RunAt(first) is not { } run) return 0;
        if (Array.IndexOf(VulkanPatterns.Routers, run) >= 0) KeepInputs(first, run.Length);
        return run.Length;
    }

    /// <summary>The run to be fused that starts here, or null.</summary>
    private Op[]? RunAt(int first)
    {
        if (!VulkanPatterns.CanStart(OpAt(first))) return null;
        foreach (var run in VulkanPatterns.All)
            if (Matches(run, first)) return run;
        return null;
    }

    private bool Matches(Op[] pattern, int first)
    {
        if (first + pattern.Length > _count) return false;
        for (var k = 0; k < pattern.Length; k++)
            if (OpAt(first + k) != pattern[k] || _isUsed[first + k]) return false;
        return true;
    }

    private bool StaysInPlace(int index) => _mayStay[index] && (RunAt(index) is not null || IsInBlockChoice(index));

    private bool IsInBlockChoice(int index)
    {
        if (Array.IndexOf(VulkanPatterns.BlockChoice, OpAt(index)) < 0) return false;
        for (var first = index; first >= 0 && first > index - VulkanPatterns.BlockChoice.Length; first--)
            if (Matches(VulkanPatterns.BlockChoice, first)) return true;
        return false;
    }

    private void KeepInputs(int first, int length)
    {
        var last = first + length - 1;
        if (last + 1 < _count && OpAt(last + 1) == Op.Scale) last++;
        var seen = new List<Tensor>();
        for (var k = first; k < first + length; k++)
        {
            foreach (var source in At(k).Sources)
            {
                if (seen.Contains(source)) continue;
                seen.Add(source);
                Fusion.KeepAlive(At(last), source);
            }

            seen.Add(At(k));
        }
    }

    /// <summary>Collects the first pending node and what may run beside it.</summary>
    private void Gather(int first)
    {
        _group.Clear();
        _group.Add(first);
        var end = Math.Min(first + LookAhead, _count);
        for (var j = first + 1; j < end; j++)
        {
            // Views move only behind all that computes; the start of a fused run is not torn from it.
            if (_isUsed[j] || IsEmpty(j) || StaysInPlace(j) || !IsIndependent(first, j)) continue;
            _group.Add(j);
            PullRope(j);
            PullFollower(j);
        }

        // After an addition another may follow that is fused with it: no view comes between.
        if (OpAt(_group[_group.Count - 1]) != Op.Add) GatherViews(first, end);
    }

    private bool IsIndependent(int first, int j)
    {
        var previous = _group[_group.Count - 1];
        // What it needs has run, or is the node before it in the group with which it becomes one kernel.
        var needed = _dependencies[j];
        for (var c = j - 1; c >= first && needed != 0; c--, needed >>= 1)
            if ((needed & 1) != 0 && !_isUsed[c] && (c != previous || !FusesWith(c, j))) return false;
        return true;
    }

    private bool FusesWith(int c, int j)
    {
        var (before, op) = (OpAt(c), OpAt(j));
        if (op == Op.Mul && before is Op.RmsNorm or Op.Unary && IsClear(c + 1, j)) return true;
        return j == c + 1 && (before, op) is (Op.MulMat, Op.Add) or (Op.MulMatId, Op.AddId) or (Op.MulMatId, Op.Mul)
            or (Op.Add, Op.Add) or (Op.SsmConv, Op.Add) or (Op.SsmConv, Op.Unary);
    }

    private bool IsClear(int from, int to)
    {
        for (var i = from; i < to; i++)
            if (!_isUsed[i] && !IsEmpty(i)) return false;
        return true;
    }

    private void GatherViews(int first, int end)
    {
        for (var j = first + 1; j < end; j++)
        {
            if (_isUsed[j] || !IsEmpty(j)) continue;
            var isFree = true;
            var needed = _dependencies[j];
            for (var c = j - 1; c >= first && needed != 0 && isFree; c--, needed >>= 1)
                isFree = (needed & 1) == 0 || _isUsed[c] || _group.Contains(c);
            if (isFree) _group.Add(j);
        }
    }
}
