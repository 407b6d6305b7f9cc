using ModelFit.Common;
using ModelFit.Fleet;

namespace ModelFit.Binding;

/// <summary>
/// One run of an audit: the records of each machine, what changed since the baseline, the file that is written whole,
/// and how all of it stands.
/// </summary>
internal sealed class AuditSession : IDisposable
{
    private readonly Auditor _auditor;
    private readonly AuditComparison? _baseline;
    private readonly WholeFile? _output;

    public AuditSession(Auditor auditor, AuditComparison? baseline, WholeFile? output) =>
        (_auditor, _baseline, _output) = (auditor, baseline, output);

    /// <summary>Machines until now.</summary>
    public int Machines { get; private set; }

    /// <summary>Those that failed.</summary>
    public int Failed { get; private set; }

    /// <summary>Whether every record is compliant and there is one.</summary>
    public bool IsCompliant { get; private set; } = true;

    /// <summary>The records of a machine.</summary>
    public IReadOnlyList<AuditRecord> Audit(AuditedMachine machine)
    {
        Machines++;
        if (machine.Failure is not null) Failed++;
        var records = _auditor.Audit(machine);
        if (_baseline is not null) Describe(_baseline, records);
        return Kept(records);
    }

    /// <summary>A record of each machine of the baseline that was not seen.</summary>
    public IReadOnlyList<AuditRecord> Missing()
    {
        if (_baseline is null) return Array.Empty<AuditRecord>();
        var missing = _baseline.Gone().Select(_auditor.Missing).ToArray();
        foreach (var record in missing) record.Changes = AuditChanges.Gone(record).Change;
        return Kept(missing);
    }

    /// <summary>Puts the file in its place.</summary>
    public void Commit() => _output?.Commit();

    public void Dispose() => _output?.Dispose();

    private static void Describe(AuditComparison baseline, IReadOnlyList<AuditRecord> records)
    {
        var changes = baseline.Of(records).ToArray();
        foreach (var record in records)
        {
            var own = changes.Where(change => AuditChanges.IsAbout(change, record))
                .Select(AuditChanges.Short).ToArray();
            record.Changes = own.Length == 0 ? null : string.Join("; ", own);
        }
    }

    private IReadOnlyList<AuditRecord> Kept(IReadOnlyList<AuditRecord> records)
    {
        foreach (var record in records)
        {
            IsCompliant &= record.Compliance is "Compliant" or null;
            if (_output is not null) AuditJson.Write(_output.Writer, record);
        }

        return records;
    }
}
