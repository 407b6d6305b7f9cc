namespace ModelFit.Fleet;

/// <summary>What is different of the answer to a question that was asked twice.</summary>
internal static class QuestionDifferences
{
    private static readonly string[] Verdicts = { "NoFit", "Offload", "Tight", "Fits" };

    /// <summary>
    /// The differences: of the verdict, of compliance where the verdict stands, of the requirement where both stand.
    /// Where the machine failed on one side, that is the machine's change, and the question has none.
    /// </summary>
    public static IEnumerable<AuditChange> Of(AuditRecord before, AuditRecord after, AuditThresholds thresholds)
    {
        if (IsUnseen(before) || IsUnseen(after)) yield break;
        if (before.Verdict != after.Verdict)
            yield return Change("Verdict", before, after, before.Verdict, after.Verdict, thresholds);
        else if (before.Compliance != after.Compliance)
            yield return Change("Compliance", before, after, before.Compliance, after.Compliance, thresholds);
        else if (before.RequiredBytes is { } was && after.RequiredBytes is { } isNow
            && Math.Abs(was - isNow) > thresholds.RequirementShare * Math.Max(was, isNow)
            && CauseOf(before, after, thresholds) == "Catalog")
            yield return Change(
                "Requirement", before, after, SizeText.Gib(was), SizeText.Gib(isNow), thresholds);
    }

    private static bool IsUnseen(AuditRecord record) => record.ErrorId is not null && record.HardwareId is null;

    private static AuditChange Change(
        string kind,
        AuditRecord before,
        AuditRecord after,
        string? was,
        string? isNow,
        AuditThresholds thresholds) => AuditChanges.OfQuestion(
            kind, after, was, isNow, IsWorse(before, after), CauseOf(before, after, thresholds));

    private static bool IsWorse(AuditRecord before, AuditRecord after) =>
        before.Compliance == "Compliant" && after.Compliance != "Compliant"
        || Array.IndexOf(Verdicts, after.Verdict) < Array.IndexOf(Verdicts, before.Verdict);

    /// <summary>The first of these that is different; null if all are the same.</summary>
    private static string? CauseOf(AuditRecord before, AuditRecord after, AuditThresholds thresholds)
    {
        if (before.HardwareId != after.HardwareId) return "Hardware";
        if (before.CatalogVersion != after.CatalogVersion && !IsFreeMemory(before, after, thresholds)) return "Catalog";
        if (before.GpuMemoryFreeBytes != after.GpuMemoryFreeBytes) return "FreeMemory";
        if (before.DriverVersion != after.DriverVersion) return "Driver";
        return before.Severity != after.Severity || before.Compliance != after.Compliance ? "Policy" : null;
    }

    /// <summary>
    /// Whether the memory is what flipped the answer although the catalog is another too: the requirement stands.
    /// </summary>
    private static bool IsFreeMemory(AuditRecord before, AuditRecord after, AuditThresholds thresholds) =>
        before.GpuMemoryFreeBytes != after.GpuMemoryFreeBytes && before.RequiredBytes is { } was
        && after.RequiredBytes is { } isNow && Math.Abs(was - isNow) <= thresholds.RequirementShare * was;
}
