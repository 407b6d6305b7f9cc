using static ModelFit.Common.NumberText;
using static ModelFit.Fleet.Reports.Finding;

namespace ModelFit.Fleet.Reports;

/// <summary>How a rule or a model stands over the fleet.</summary>
/// <param name="Name">The rule, or the model with its settings.</param>
/// <param name="Compliant">Machines on which it holds.</param>
/// <param name="Violated">Machines on which it does not.</param>
/// <param name="Unknown">Machines of which it is not known.</param>
internal sealed record FleetStanding(string Name, int Compliant, int Violated, int Unknown)
{
    /// <summary>All machines that are asked.</summary>
    public int All => Compliant + Violated + Unknown;
}

/// <summary>Machines that answer everything alike.</summary>
/// <param name="Names">Their names.</param>
/// <param name="Gpu">Their cards.</param>
/// <param name="Answers">A record a column, null where the question is not asked.</param>
internal sealed record MachineGroup(
    IReadOnlyList<string> Names, string Gpu, IReadOnlyList<AuditRecord?> Answers);

/// <summary>What one upgrade would change.</summary>
/// <param name="AddedBytes">GPU memory that each machine gets.</param>
/// <param name="Questions">Questions that would then be held by GPU memory and are not now.</param>
/// <param name="Machines">Machines that they are asked of.</param>
internal sealed record UpgradeEffect(long AddedBytes, int Questions, int Machines);

/// <summary>What a report says of a fleet, whatever form it is written in.</summary>
internal sealed record FleetFacts
{
    private const long GiB = 1L << 30;
    private static readonly long[] Upgrades = { 4 * GiB, 8 * GiB, 16 * GiB, 24 * GiB, 48 * GiB, 80 * GiB };

    /// <summary>Machines.</summary>
    public required int Machines { get; init; }

    /// <summary>What comes first: how many machines there are, and how what is demanded of them stands.</summary>
    public string Summary
    {
        get
        {
            var failed = Failed.Count == 0 ? string.Empty : $", of which {Number(Failed.Count)} did not answer";
            var unknown = Total.Unknown == 0 ? string.Empty : $", {Number(Total.Unknown)} are unknown";
            return $"{Count(Machines, "machine")}{failed}. Of {Count(Total.All, "demand")}, " +
                $"{Number(Total.Compliant)} are met, {Number(Total.Violated)} are not{unknown}.";
        }
    }

    /// <summary>Machines that did not answer, with the reason.</summary>
    public required IReadOnlyList<(string Name, string Reason)> Failed { get; init; }

    /// <summary>How all demands stand together.</summary>
    public required FleetStanding Total { get; init; }

    /// <summary>How each rule, or each model, stands.</summary>
    public required IReadOnlyList<FleetStanding> Standings { get; init; }

    /// <summary>What more GPU memory in each machine would change.</summary>
    public required IReadOnlyList<UpgradeEffect> Upgrade { get; init; }

    /// <summary>The columns of the matrix.</summary>
    public required IReadOnlyList<string> Columns { get; init; }

    /// <summary>The rows of the matrix: machines that answer alike are one.</summary>
    public required IReadOnlyList<MachineGroup> Rows { get; init; }

    /// <summary>The violations with their remedies, those that more machines share first.</summary>
    public required IReadOnlyList<(string Remedy, IReadOnlyList<string> Machines)> Remedies { get; init; }

    /// <summary>The machines that changed since the baseline.</summary>
    public required IReadOnlyList<(string Name, string Changes)> Changes { get; init; }

    /// <summary>The facts of records.</summary>
    public static FleetFacts Of(IReadOnlyList<AuditRecord> records)
    {
        var asked = records.Where(record => record.Compliance is not null).ToArray();
        var columns = asked.Where(AuditChanges.IsQuestion).Select(SubjectOf).Distinct().ToArray();
        var machines = records.GroupBy(NameOf, StringComparer.OrdinalIgnoreCase).ToArray();
        return new FleetFacts
        {
            Machines = machines.Length,
            Failed = machines.Where(machine => machine.Any(record => record.ErrorId is not null))
                .Select(machine => (machine.Key, machine.First(record => record.ErrorId is not null).ErrorMessage
                    ?? string.Empty)).ToArray(),
            Total = Standing("All demands", asked),
            Standings = asked.Where(AuditChanges.IsQuestion).GroupBy(record => record.Rule ?? SubjectOf(record))
                .Select(group => Standing(group.Key, group)).ToArray(),
            Upgrade = EffectsOf(asked).ToArray(),
            Columns = columns,
            Rows = RowsOf(machines, columns),
            Remedies = asked.Where(record => record.Remedy is not null && record.Compliance == "Violated")
                .GroupBy(record => record.Remedy!)
                .Select(group => (group.Key, (IReadOnlyList<string>)group.Select(NameOf).Distinct().ToArray()))
                .OrderByDescending(group => group.Item2.Count).ToArray(),
            Changes = machines.Select(machine => (machine.Key, string.Join("; ", machine
                    .SelectMany(record => (record.Changes ?? string.Empty)
                        .Split(new[] { "; " }, StringSplitOptions.None))
                    .Where(change => change.Length > 0).Distinct())))
                .Where(machine => machine.Item2.Length > 0).ToArray(),
        };
    }

    private static FleetStanding Standing(string name, IEnumerable<AuditRecord> records)
    {
        var states = records.GroupBy(record => record.Compliance)
            .ToDictionary(group => group.Key!, group => group.Count());
        int Of(string state) => states.TryGetValue(state, out var count) ? count : 0;
        return new FleetStanding(name, Of("Compliant"), Of("Violated"), Of("Unknown"));
    }

    private static IEnumerable<UpgradeEffect> EffectsOf(IReadOnlyList<AuditRecord> asked)
    {
        var before = 0;
        foreach (var added in Upgrades)
        {
            var helped = asked.Where(record => record.Verdict is "NoFit" or "Offload" && record.GpuCount > 0
                && record.HeadroomBytes < 0 && record.HeadroomBytes + added >= 0).ToArray();
            if (helped.Length <= before) continue;
            before = helped.Length;
            yield return new UpgradeEffect(added, helped.Length, helped.Select(NameOf).Distinct().Count());
        }
    }

    private static IReadOnlyList<MachineGroup> RowsOf(
        IEnumerable<IGrouping<string, AuditRecord>> machines, IReadOnlyList<string> columns)
    {
        var groups = new Dictionary<string, (List<string> Names, string Gpu, AuditRecord?[] Answers)>();
        foreach (var machine in machines)
        {
            var answers = new AuditRecord?[columns.Count];
            var byColumn = machine.Where(record => record.Compliance is not null && AuditChanges.IsQuestion(record))
                .ToLookup(SubjectOf);
            for (var i = 0; i < answers.Length; i++) answers[i] = WorstOf(byColumn[columns[i]]);
            var gpu = machine.First().Gpu ?? (machine.Any(record => record.ErrorId is not null) ? "unknown" : "no GPU");
            var key = gpu + "\n" + string.Join("\n", answers.Select(answer =>
                answer is null ? "-" : $"{answer.Verdict} {answer.Compliance}"));
            if (!groups.TryGetValue(key, out var group)) groups[key] = group = (new List<string>(), gpu, answers);
            group.Names.Add(machine.Key);
        }

        return groups.Values.Select(group => new MachineGroup(group.Names, group.Gpu, group.Answers))
            .OrderByDescending(group => group.Names.Count).ToArray();
    }

    private static AuditRecord? WorstOf(IEnumerable<AuditRecord> records) => records
        .OrderBy(record => record.Compliance switch { "Violated" => 0, "Unknown" => 1, _ => 2 }).FirstOrDefault();
}
