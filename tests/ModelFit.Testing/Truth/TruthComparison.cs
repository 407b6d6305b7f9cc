using System.Collections.Concurrent;
using System.Threading.Tasks;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>Compares the memory model with rows of truth, figure by figure.</summary>
internal sealed class TruthComparison
{
    private static readonly string[] Figures = { "weights", "kv", "compute" };

    private readonly ConcurrentBag<Case> _cases = new();
    private readonly ConcurrentBag<string> _misses = new();
    private readonly ConcurrentBag<string> _wrongFlashAttention = new();

    /// <summary>One line for each row that is not exact in all figures, or said not to start.</summary>
    public IReadOnlyList<string> Misses => Sorted(_misses);

    /// <summary>One line for each row where flash attention was not resolved as llama.cpp does.</summary>
    public IReadOnlyList<string> WrongFlashAttention => Sorted(_wrongFlashAttention);

    /// <summary>Measures all rows on all cores.</summary>
    public static TruthComparison Run(
        IEnumerable<TruthRow> rows, Func<string, ModelDefinition> models, bool isReal)
    {
        var comparison = new TruthComparison();
        Parallel.ForEach(rows, row => comparison.Compare(row, models(row.Model), isReal));
        return comparison;
    }

    /// <summary>
    /// The table: architecture x backend x figure, with cases, how many are exact and the worst error.
    /// </summary>
    public IReadOnlyList<TruthFigure> Table() => _cases
        .GroupBy(item => (item.Architecture, item.Backend, item.Figure))
        .Select(group => new TruthFigure(
            group.Key.Architecture, group.Key.Backend, group.Key.Figure, group.Count(),
            group.Count(item => item.Error == 0), group.Max(item => item.Error)))
        .OrderBy(line => line.Key, StringComparer.Ordinal)
        .ToList();

    /// <summary>By backend and figure, how many cases are within 1 % or 1 MiB on every device.</summary>
    public IReadOnlyList<(string Backend, string Figure, int Cases, int Near)> Near() => _cases
        .GroupBy(item => (item.Backend, item.Figure))
        .Select(group => (
            group.Key.Backend, group.Key.Figure, group.Count(), group.Count(item => item.IsNear)))
        .OrderBy(line => line.Backend, StringComparer.Ordinal).ThenBy(line => line.Figure, StringComparer.Ordinal)
        .ToList();

    private void Compare(TruthRow row, ModelDefinition model, bool isReal)
    {
        var map = MemoryModel.Measure(model, row.Options, row.Layout, isReal);
        var errors = new long[Figures.Length];
        var isFar = new bool[Figures.Length];
        for (var i = 0; i < row.Devices.Length; i++)
        {
            var device = map.Devices[i];
            var got = new[] { device.WeightBytes, device.KvCacheBytes, device.ComputeBytes };
            for (var k = 0; k < errors.Length; k++)
            {
                if (row.Devices[i][k] < 0) continue;
                var error = Math.Abs(got[k] - row.Devices[i][k]);
                errors[k] = Math.Max(errors[k], error);
                isFar[k] |= error > Math.Max(1 << 20, row.Devices[i][k] / 100);
            }
        }

        for (var k = 0; k < errors.Length; k++)
            _cases.Add(new(model.Architecture, row.Backend, Figures[k], errors[k], !isFar[k]));
        if (map.FlashAttention != row.FlashAttention) _wrongFlashAttention.Add(row.ToString());
        if (map.Devices.Count != row.Devices.Length || errors.Any(error => error > 0) || map.Refusal is not null)
            _misses.Add($"{row}: {string.Join(' ', errors)} {map.Accuracy} {map.Assumption} {map.Refusal}");
    }

    private static List<string> Sorted(IEnumerable<string> lines) =>
        lines.OrderBy(line => line, StringComparer.Ordinal).ToList();

    private sealed record Case(string Architecture, string Backend, string Figure, long Error, bool IsNear);
}
