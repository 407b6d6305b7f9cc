using System.Diagnostics;
using ModelFit.Common;

namespace ModelFit.Memory;

/// <summary>A row of marks without the repetitions that add nothing.</summary>
internal sealed class RepetitionWalk
{
    /// <summary>
    /// Layers that what the next one finds follows from. Two are alive at once; on Vulkan it takes four equal ones
    /// until the places of what is alive repeat.
    /// </summary>
    private const int Memory = 4;

    private readonly bool _keepsAll;
    private readonly List<ulong> _marks;
    private readonly List<ulong> _states;
    private readonly List<ulong> _steps;
    private readonly Dictionary<ulong, int> _seen = new();

    /// <summary>Begins with no marks.</summary>
    /// <param name="layers">The most there will be.</param>
    /// <param name="keepsAll">Whether repetitions add something.</param>
    public RepetitionWalk(int layers, bool keepsAll = false) =>
        (_keepsAll, _marks, _states, _steps) = (keepsAll, new(layers), new(layers), new(layers));

    /// <summary>The marks that are left.</summary>
    public IReadOnlyList<ulong> Marks => _marks;

    /// <summary>
    /// Adds a mark. A way from a state back to the same state along steps that were made before adds nothing.
    /// </summary>
    public void Append(ulong mark)
    {
        if (_keepsAll)
        {
            _marks.Add(mark);
            return;
        }

        // A state is all that the next layer can find: where two states are equal, the same marks lead to the same
        // figures from there on, whatever came before.
        var before = _marks.Count == 0 ? 0 : _states[_marks.Count - 1];
        _marks.Add(mark);
        var end = _marks.Count - 1;
        var state = 0UL;
        for (var at = end < Memory ? 0 : end - Memory + 1; at <= end; at++) state = Hash64.Mix(state, _marks[at]);
        _states.Add(state);
        var step = Hash64.Mix(before, mark);
        _steps.Add(step);
        if (!_seen.ContainsKey(step)) _seen[step] = end;
        var start = end < Memory ? -1 : _states.LastIndexOf(state, end - 1);
        // The way round is left out only where every step of it was made before: a new step may be the largest one.
        if (start < Memory - 1) return;
        for (var at = start + 1; at <= end; at++)
            if (_seen[_steps[at]] > start) return;
        _marks.RemoveRange(start + 1, end - start);
        _states.RemoveRange(start + 1, end - start);
        _steps.RemoveRange(start + 1, end - start);
        Debug.Assert(_states[_states.Count - 1] == state, "the walk goes on from the state it has reached");
    }
}
