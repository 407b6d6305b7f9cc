using System.Globalization;
using System.Text.RegularExpressions;

namespace ModelFit.Fleet;

/// <summary>What is different of a machine that was seen twice.</summary>
internal static class MachineDifferences
{
    private static readonly Regex Part = new(
        @"^(?:(\d{1,4})x )?(.*?)(?: \(\d+ (?:GiB|MiB|B)\))?$", RegexOptions.Singleline);

    /// <summary>The differences, cards first.</summary>
    public static IEnumerable<AuditChange> Of(AuditRecord before, AuditRecord after, AuditThresholds thresholds)
    {
        var found = Cards(before, after).ToList();
        var cardsChanged = found.Count > 0;
        if (Differs(before.SystemMemoryBytes, after.SystemMemoryBytes, thresholds.SystemMemoryShare))
            found.Add(AuditChanges.Of(
                "SystemMemory", after, Size(before.SystemMemoryBytes), Size(after.SystemMemoryBytes),
                after.SystemMemoryBytes < before.SystemMemoryBytes, "system memory"));
        if (before.DriverVersion is not null && after.DriverVersion is not null
            && before.DriverVersion != after.DriverVersion)
            found.Add(AuditChanges.Of(
                "Driver", after, before.DriverVersion, after.DriverVersion, false, "the driver"));
        if (!cardsChanged && FreeDiffers(before, after, thresholds))
            found.Add(AuditChanges.Of(
                "FreeMemory", after, Size(before.GpuMemoryFreeBytes), Size(after.GpuMemoryFreeBytes),
                after.GpuMemoryFreeBytes < before.GpuMemoryFreeBytes, "free GPU memory"));
        if (found.Count == 0 && before.HardwareId is { } was && after.HardwareId is { } isNow && was != isNow
            && before.SystemMemoryBytes == after.SystemMemoryBytes)
            found.Add(AuditChanges.Of(
                "Hardware", after, was, isNow, false, "another part of the hardware, by its id,"));
        return found;
    }

    private static IEnumerable<AuditChange> Cards(AuditRecord before, AuditRecord after)
    {
        var (was, isNow) = (Names(before), Names(after));
        var lost = Without(was, isNow);
        var added = Without(isNow, was);
        if (lost.Count > 0 && added.Count > 0)
            yield return AuditChanges.Of("GpuReplaced", after, Text(lost), Text(added), false, "cards");
        else if (lost.Count > 0)
            yield return AuditChanges.Of("GpuLost", after, before.Gpu, after.Gpu, true, "the cards");
        else if (added.Count > 0)
            yield return AuditChanges.Of("GpuAdded", after, before.Gpu, after.Gpu, false, "the cards");
        else if (before.TotalGpuMemoryBytes is not null && after.TotalGpuMemoryBytes is not null
            && Differs(before.TotalGpuMemoryBytes, after.TotalGpuMemoryBytes, 0.01))
            yield return AuditChanges.Of(
                "GpuMemory", after, Size(before.TotalGpuMemoryBytes), Size(after.TotalGpuMemoryBytes),
                after.TotalGpuMemoryBytes < before.TotalGpuMemoryBytes, "GPU memory");
    }

    /// <summary>The names of the cards, each as often as there are such cards.</summary>
    private static List<string> Names(AuditRecord record) => record.Gpu is null
        ? new List<string>()
        : record.Gpu.Split(new[] { " + " }, StringSplitOptions.None).SelectMany(OfPart).ToList();

    /// <summary>The cards of a part such as <c>2x NVIDIA A100 80GB</c>; a memory size is no part of the name.</summary>
    private static IEnumerable<string> OfPart(string part)
    {
        var match = Part.Match(part);
        var count = match.Groups[1].Success
            ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 1;
        return Enumerable.Repeat(match.Groups[2].Value, count);
    }

    private static List<string> Without(IEnumerable<string> all, IEnumerable<string> without)
    {
        var left = all.ToList();
        foreach (var name in without) left.Remove(name);
        return left;
    }

    private static string Text(IEnumerable<string> names) => string.Join(" + ", names);

    private static bool FreeDiffers(AuditRecord before, AuditRecord after, AuditThresholds thresholds) =>
        before.GpuMemoryFreeBytes is { } was && after.GpuMemoryFreeBytes is { } isNow
        && Math.Abs(was - isNow) > thresholds.FreeMemoryBytes;

    private static bool Differs(long? before, long? after, double share) =>
        before is { } was && after is { } isNow && Math.Abs(was - isNow) > share * Math.Max(was, isNow);

    private static string? Size(long? bytes) => bytes is { } known ? SizeText.Gib(known) : null;
}
