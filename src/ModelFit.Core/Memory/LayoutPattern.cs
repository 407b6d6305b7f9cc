using System.Collections.Generic;
using ModelFit.Common;
using ModelFit.Graph;

namespace ModelFit.Memory;

/// <summary>
/// What of a layout its compute buffers depend on. ggml's allocator walks the graph in order and lets go of what is
/// read no more (ggml/src/ggml-alloc.c), so that behind a few equal layers another one changes nothing: layouts that
/// differ in nothing but how often what repeats is repeated take the same buffers.
/// </summary>
internal sealed class LayoutPattern
{
    /// <summary>
    /// Layers that what the next one finds follows from. Two are alive at once; on Vulkan it takes four equal ones
    /// until the places of what is alive repeat.
    /// </summary>
    private const int Memory = 4;

    private readonly List<ulong> _marks = new();
    private readonly List<ulong> _states = new();
    private readonly List<ulong> _steps = new();
    private readonly Dictionary<ulong, int> _seen = new();

    private LayoutPattern()
    {
    }

    /// <summary>
    /// Whether the pattern decides. It does not where layers hold on to what earlier ones made, nor where caches or the
    /// operations on weights of the host stay behind, so that each layer goes to the host and back.
    /// </summary>
    public static bool Decides(ModelShape model, RuntimeOptions options) =>
        !model.Shape.RemembersLayers && !(model.Shape.ScansState && options.ParallelSequences > 1)
        && options is { OffloadKv: true, OffloadOperations: true };

    /// <summary>
    /// A number that two layouts of a model share if their compute buffers are the same: if they repeat alike, or,
    /// where
    /// <paramref name="isWhole"/>, if they are alike layer by layer.
    /// </summary>
    public static ulong Of(ModelShape model, DevicePlan devices, RuntimeOptions options, bool isWhole)
    {
        var marks = LayerMarks.Of(model);
        var table = LayerTable.Of(model, devices, options);
        var walk = new LayoutPattern();
        var pattern = marks.Outside(devices);
        for (var layer = 0; layer < model.AllLayers; layer++)
        {
            var mark = table?.MarkOf(layer, devices, marks.At) ?? marks.At(layer, devices);
            if (isWhole) pattern = Hash64.Mix(pattern, mark);
            else walk.Append(mark);
        }

        foreach (var mark in walk._marks) pattern = Hash64.Mix(pattern, mark);
        return pattern;
    }

    // A way from a state back to the same state along steps that were made before adds nothing.
    private void Append(ulong mark)
    {
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
        if (start < Memory - 1) return;
        for (var at = start + 1; at <= end; at++)
            if (_seen[_steps[at]] > start) return;
        _marks.RemoveRange(start + 1, end - start);
        _states.RemoveRange(start + 1, end - start);
        _steps.RemoveRange(start + 1, end - start);
    }
}
