namespace ModelFit.Hardware.Inventory;

/// <summary>The types of rented machines: those that are known, and the rule by which Google names others.</summary>
internal static class CloudTypes
{
    /// <summary>GiB a virtual processor in Google's families (its page of machine families).</summary>
    private static readonly (string Family, double Gib)[] Ratios =
    {
        ("n1-standard-", 3.75), ("n1-highmem-", 6.5), ("n1-highcpu-", 0.9), ("e2-standard-", 4), ("e2-highmem-", 8),
        ("e2-highcpu-", 1), ("n2-standard-", 4), ("n2-highmem-", 8), ("n2-highcpu-", 1), ("n2d-standard-", 4),
        ("n2d-highmem-", 8), ("n2d-highcpu-", 1), ("c2-standard-", 4), ("c2d-standard-", 4), ("c3-standard-", 4),
    };

    /// <summary>What a type has; null if it is not known. An address may stand before it.</summary>
    public static KnownSystem? Find(string? type)
    {
        var name = type?.Split('/').Last() ?? string.Empty;
        if (KnownSystems.Find(name) is { } known) return known;
        var (family, gib) = Ratios.FirstOrDefault(ratio => name.StartsWith(ratio.Family, StringComparison.Ordinal));
        return family is not null && Fields.PositiveInteger(name.Substring(family.Length)) is { } threads
            ? new KnownSystem(name, string.Empty, 0, threads, KnownSystem.Gib(threads * gib), "Google's naming rule")
            : null;
    }
}
