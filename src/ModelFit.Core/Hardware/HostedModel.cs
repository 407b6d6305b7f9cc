namespace ModelFit;

/// <summary>A model that is stored on a machine.</summary>
public sealed class HostedModel
{
    /// <summary>The machine.</summary>
    public string? ComputerName { get; internal init; }

    /// <summary>Name in its store: a tag of Ollama's, or the name of the file.</summary>
    public string Name { get; internal init; } = string.Empty;

    /// <summary>The model of the catalog that the name stands for; null if none is known.</summary>
    public string? CatalogModel { get; internal init; }

    /// <summary>Quantization by the name; null if it says none.</summary>
    public string? Quantization { get; internal init; }

    /// <summary>Bytes of the file; null if unknown.</summary>
    public long? FileBytes { get; internal init; }

    /// <summary>Path of the file on the machine; null in Ollama's store.</summary>
    public string? FilePath { get; internal init; }

    /// <summary><c>Ollama</c> or <c>File</c>.</summary>
    public string? Store { get; internal init; }

    /// <summary>
    /// The licence as an SPDX expression, <c>LicenseRef-</c> for those that are not on SPDX's list; null if not known.
    /// </summary>
    public string? License { get; internal init; }

    /// <summary>
    /// What the licence asks beyond notices, in short, parts joined by <c>; </c>; null if nothing is known. It is
    /// recalled, not compared with the licence's own text, which counts.
    /// </summary>
    public string? LicenseConditions { get; internal init; }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
