namespace ModelFit.Models;

/// <summary>
/// What stands behind a <see cref="ModelSpec"/>: it gives the metadata and tensors of the model at a quantization.
/// Implementations: a catalog entry (laid out from its hyperparameters), a file (as it is, or its shapes requantized).
/// Thread-safe; results are memoized.
/// </summary>
internal interface IModelLayout
{
    /// <summary>The file's own quantization, or null where there is no file.</summary>
    string? NativeQuantization { get; }

    /// <summary>
    /// The model at a quantization of <see cref="Catalog.QuantizationCatalog"/>; null means its own, or the default.
    /// Assumptions (a generic layout, a guessed mix) are added to <paramref name="assumptions"/> and lower the
    /// definition's accuracy.
    /// </summary>
    ModelDefinition Define(string? quantization, ICollection<string> assumptions);
}
