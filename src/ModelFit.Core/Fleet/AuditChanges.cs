namespace ModelFit.Fleet;

/// <summary>Makes changes.</summary>
internal static class AuditChanges
{
    /// <summary>A machine that was not there before.</summary>
    public static AuditChange New(AuditRecord after) => new()
    {
        ComputerName = after.ComputerName,
        Change = "MachineNew",
        After = after.Gpu ?? after.ErrorId ?? "no GPU",
        Description = $"{Named(after)} is new: {after.Gpu ?? after.ErrorMessage ?? "no GPU"}.",
    };

    /// <summary>A machine that is no more.</summary>
    public static AuditChange Gone(AuditRecord before) => new()
    {
        ComputerName = before.ComputerName,
        Change = "MachineGone",
        Before = before.Gpu ?? before.ErrorId ?? "no GPU",
        Severity = "warning",
        Description = $"{Named(before)} is missing: it had {before.Gpu ?? "no GPU that is known"}.",
    };

    /// <summary>A machine that answered before and does not now.</summary>
    public static AuditChange Failed(AuditRecord after) => new()
    {
        ComputerName = after.ComputerName,
        Change = "MachineFailed",
        After = after.ErrorId,
        Severity = "warning",
        Description = $"{Named(after)} no longer answers: {after.ErrorMessage}",
    };

    /// <summary>A machine that did not answer before and does now.</summary>
    public static AuditChange Recovered(AuditRecord before, AuditRecord after) => new()
    {
        ComputerName = after.ComputerName,
        Change = "MachineRecovered",
        Before = before.ErrorId,
        After = after.Gpu ?? "no GPU",
        Description = $"{Named(after)} answers again: {after.Gpu ?? "no GPU"}.",
    };

    /// <summary>A difference of a machine.</summary>
    /// <param name="kind">What changed.</param>
    /// <param name="after">The machine now.</param>
    /// <param name="was">What it was.</param>
    /// <param name="isNow">What it is.</param>
    /// <param name="isWorse">Whether that is less than before.</param>
    /// <param name="subject">What changed in words.</param>
    public static AuditChange Of(
        string kind, AuditRecord after, string? was, string? isNow, bool isWorse, string subject) => new()
        {
            ComputerName = after.ComputerName,
            Change = kind,
            Before = was,
            After = isNow,
            Severity = isWorse ? "warning" : "info",
            Description = $"On {Named(after)}, {subject} changed from {was ?? "none"} to {isNow ?? "none"}.",
        };

    /// <summary>A difference of an answer.</summary>
    public static AuditChange OfQuestion(
        string kind, AuditRecord after, string? was, string? isNow, bool isWorse, string? cause) => new()
        {
            ComputerName = after.ComputerName,
            Change = kind,
            Model = after.Model,
            Quantization = after.Quantization,
            ContextLength = after.ContextLength,
            ParallelSequences = after.ParallelSequences,
            Runtime = after.Runtime,
            Rule = after.Rule,
            Before = was,
            After = isNow,
            Cause = cause,
            Severity = !isWorse ? "info" : after.Severity is "error" ? "error" : "warning",
            Description = $"{Subject(after)} on {Named(after)} changed from {was ?? "none"} to {isNow ?? "none"}" +
                (cause is null ? "." : $" ({Causes[cause]})."),
        };

    /// <summary>A question that was not asked before; nothing for a machine that no rule is about.</summary>
    public static IEnumerable<AuditChange> QuestionNew(AuditRecord after)
    {
        if (IsQuestion(after)) yield return OfQuestion(
            "QuestionNew", after, null, after.Verdict ?? after.Compliance, false, "Policy");
    }

    /// <summary>A question that is not asked any more.</summary>
    public static IEnumerable<AuditChange> QuestionGone(AuditRecord before)
    {
        if (IsQuestion(before)) yield return OfQuestion(
            "QuestionGone", before, before.Verdict ?? before.Compliance, null, false, "Policy");
    }

    /// <summary>Whether a change is one of the record's machine, or of its question.</summary>
    public static bool IsAbout(AuditChange change, AuditRecord record) =>
        (change.Model, change.Rule) is (null, null)
        || (change.Model == record.Model && change.Rule == record.Rule && change.Quantization == record.Quantization
            && change.ContextLength == record.ContextLength && change.Runtime == record.Runtime
            && change.ParallelSequences == record.ParallelSequences && change.Change != "QuestionGone");

    /// <summary>A change in few words, for example <c>Driver 535.1 -> 550.2</c>.</summary>
    public static string Short(AuditChange change) => (change.Before, change.After) switch
    {
        (null, null) => change.Change,
        (null, var after) => $"{change.Change} {after}",
        (var before, null) => $"{change.Change} {before} -> none",
        var (before, after) => $"{change.Change} {before} -> {after}",
    };

    private static readonly Dictionary<string, string> Causes = new()
    {
        ["Hardware"] = "the hardware changed",
        ["FreeMemory"] = "the free memory changed",
        ["Driver"] = "the driver changed",
        ["Catalog"] = "the machine is the same, but the catalog is another one",
        ["Policy"] = "the question or the policy changed",
    };

    /// <summary>Whether a record answers a question, and is not of a machine alone.</summary>
    public static bool IsQuestion(AuditRecord record) => record.Model is not null || record.Rule is not null;

    private static string Subject(AuditRecord record) => record.Model is null
        ? $"Rule '{record.Rule}'"
        : $"{record.Model} {record.Quantization}".TrimEnd();

    private static string Named(AuditRecord record) => record.ComputerName ?? "A machine without a name";
}
