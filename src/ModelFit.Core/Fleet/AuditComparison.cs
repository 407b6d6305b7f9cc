namespace ModelFit.Fleet;

/// <summary>
/// What changed from one audit to another. Machines are paired by the name that they were asked for, several of one
/// name in their order; questions by model, quantization, context, sequences, runtime and rule.
/// </summary>
internal sealed class AuditComparison
{
    private readonly Dictionary<string, List<AuditRecord>> _before;
    private readonly HashSet<string> _seen = new(StringComparer.OrdinalIgnoreCase);
    private readonly AuditThresholds _thresholds;

    /// <summary>Prepares to compare with an audit.</summary>
    public AuditComparison(IEnumerable<AuditRecord> before, AuditThresholds thresholds)
    {
        _thresholds = thresholds;
        _before = ByMachine(before);
    }

    /// <summary>Every change from one audit to another, machine by machine; those that are gone come last.</summary>
    public static IEnumerable<AuditChange> Compare(
        IEnumerable<AuditRecord> before, IEnumerable<AuditRecord> after, AuditThresholds thresholds)
    {
        var comparison = new AuditComparison(before, thresholds);
        return ByMachine(after).Values.SelectMany(comparison.Of).Concat(comparison.Gone().Select(AuditChanges.Gone));
    }

    /// <summary>What changed of one machine, all of whose records are given.</summary>
    public IEnumerable<AuditChange> Of(IReadOnlyList<AuditRecord> after)
    {
        var name = NameOf(after[0]);
        _seen.Add(name);
        if (IsMissing(after[0])) return _before.TryGetValue(name, out var last) && !IsMissing(last[0])
            ? new[] { AuditChanges.Gone(last[0]) } : Array.Empty<AuditChange>();
        if (!_before.TryGetValue(name, out var before) || IsMissing(before[0]))
            return new[] { AuditChanges.New(after[0]) };
        return Machine(before, after).Concat(Questions(before, after));
    }

    /// <summary>The first record of each machine that was there before and has not been seen since.</summary>
    public IEnumerable<AuditRecord> Gone() => _before
        .Where(machine => !_seen.Contains(machine.Key) && !IsMissing(machine.Value[0]))
        .Select(machine => machine.Value[0]);

    private static bool IsMissing(AuditRecord record) => record.ErrorId == ErrorIds.MachineMissing;

    private static string NameOf(AuditRecord record) => record.ComputerName ?? string.Empty;

    private static Dictionary<string, List<AuditRecord>> ByMachine(IEnumerable<AuditRecord> records)
    {
        var machines = new Dictionary<string, List<AuditRecord>>(StringComparer.OrdinalIgnoreCase);
        foreach (var record in records)
        {
            if (!machines.TryGetValue(NameOf(record), out var all)) machines[NameOf(record)] = all = new();
            all.Add(record);
        }

        return machines;
    }

    private IEnumerable<AuditChange> Machine(IReadOnlyList<AuditRecord> before, IReadOnlyList<AuditRecord> after)
    {
        var (was, isNow) = (SeenOf(before), SeenOf(after));
        return (was, isNow) switch
        {
            (null, null) => Array.Empty<AuditChange>(),
            (_, null) => new[] { AuditChanges.Failed(after[0]) },
            (null, _) => new[] { AuditChanges.Recovered(before[0], isNow) },
            _ => MachineDifferences.Of(was, isNow, _thresholds),
        };
    }

    /// <summary>A record that tells of the machine; null if it failed.</summary>
    private static AuditRecord? SeenOf(IEnumerable<AuditRecord> records) =>
        records.FirstOrDefault(record => record.HardwareId is not null || record.ErrorId is null);

    private IEnumerable<AuditChange> Questions(IReadOnlyList<AuditRecord> before, IReadOnlyList<AuditRecord> after)
    {
        var left = before.GroupBy(KeyOf).ToDictionary(group => group.Key, group => new Queue<AuditRecord>(group));
        foreach (var record in after)
        {
            var isOld = left.TryGetValue(KeyOf(record), out var same) && same.Count > 0;
            var changes = isOld
                ? QuestionDifferences.Of(same!.Dequeue(), record, _thresholds)
                : AuditChanges.QuestionNew(record);
            foreach (var change in changes) yield return change;
        }

        foreach (var record in left.Values.SelectMany(queue => queue))
            foreach (var change in AuditChanges.QuestionGone(record)) yield return change;
    }

    private static (string?, string?, int?, int?, string?, string?) KeyOf(AuditRecord record) => (
        record.Model, record.Quantization, record.ContextLength, record.ParallelSequences, record.Runtime, record.Rule);
}
