namespace ModelFit;

/// <summary>
/// A model that drafts tokens for another (llama.cpp's <c>-md</c>): it is loaded whole, with a context as long as the
/// other's. How it drafts is <see cref="RuntimeOptions.Drafting"/>.
/// </summary>
/// <param name="Model">The model.</param>
/// <param name="Quantization">Its quantization; null is the file's own.</param>
public sealed record DraftModel(ModelSpec Model, string? Quantization)
{
    /// <inheritdoc/>
    public override string ToString() => Model.ModelPath
        ?? (Quantization is null ? Model.Name
            : Model.Repository is { } repository ? $"{repository}:{Quantization}"
            : $"{Model.Name} {Quantization}");
}
