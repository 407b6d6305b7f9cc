namespace ModelFit;

/// <summary>A catalog that is in force, or a file that should be one and why it is not.</summary>
public sealed class CatalogInfo
{
    /// <summary>Its name: what it calls itself, or its file's.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary>
    /// Where it comes from: <c>Module</c> (shipped), <c>Persisted</c> (kept for this user), <c>Environment</c>
    /// (<c>MODELFIT_CATALOG</c>) or <c>Session</c> (imported here). Of two that say the same thing the later counts.
    /// </summary>
    public string Origin { get; internal init; } = string.Empty;

    /// <summary>Its day, <c>yyyy-MM-dd</c> or less; of the shipped catalog the newest day of a file list.</summary>
    public string? Date { get; internal init; }

    /// <summary>Cards.</summary>
    public int? CardCount { get; internal init; }

    /// <summary>Models.</summary>
    public int? ModelCount { get; internal init; }

    /// <summary>Repositories of published files.</summary>
    public int? RepositoryCount { get; internal init; }

    /// <summary>Published files.</summary>
    public int? FileCount { get; internal init; }

    /// <summary>Other names of cards and models.</summary>
    public int? AliasCount { get; internal init; }

    /// <summary>Entries of the list of approved models.</summary>
    public int? ApprovedCount { get; internal init; }

    /// <summary>Prices of cards, memory and power.</summary>
    public int? PriceCount { get; internal init; }

    /// <summary>The currency of the prices; null without prices.</summary>
    public string? Currency { get; internal init; }

    /// <summary>Its file; null for the shipped one.</summary>
    public string? CatalogPath { get; internal init; }

    /// <summary>Why the file is left out: the id of the error; null if it is in force.</summary>
    public string? ErrorId { get; internal init; }

    /// <summary>What is wrong with the file, with its line; null if it is in force.</summary>
    public string? ErrorMessage { get; internal init; }
}
