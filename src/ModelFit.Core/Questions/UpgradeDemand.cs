namespace ModelFit;

/// <summary>What a fleet has to pass, and what may be bought or changed for it.</summary>
public sealed record UpgradeDemand
{
    /// <summary>The model and its settings; its machine is not asked.</summary>
    public required FitQuestion Question { get; init; }

    /// <summary>Part of the machines that must pass, from 0 to 1.</summary>
    public double Share { get; init; } = 1;

    /// <summary>The least verdict that passes: <c>Fits</c>, <c>Tight</c> or <c>Offload</c>.</summary>
    public string Accept { get; init; } = "Fits";

    /// <summary>Quantizations that may be taken instead, the best first; they cost nothing but quality.</summary>
    public IReadOnlyList<string> Quantizations { get; init; } = Array.Empty<string>();

    /// <summary>
    /// Prices beside those of the site's catalogs, which they count before: cards by name, <c>SystemMemory</c> a
    /// gibibyte, <c>Power</c> a kilowatt-hour.
    /// </summary>
    public IReadOnlyDictionary<string, double> Prices { get; init; } = new Dictionary<string, double>();
}
