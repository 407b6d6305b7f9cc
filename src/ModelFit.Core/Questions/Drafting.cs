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

/// <summary>
/// Drafting by the model's own layers for the next tokens (llama.cpp's <c>--spec-type draft-mtp</c>): they are loaded,
/// a second context runs them over the whole length, and recurrent states are kept for each drafted token.
/// </summary>
public sealed record Speculation
{
    /// <summary>Tokens that are drafted at most (<c>--spec-draft-n-max</c>).</summary>
    public int Tokens { get; init; } = 3;

    /// <summary>Layers of a draft model on the cards (<c>-ngld</c>); null is all.</summary>
    public int? GpuLayers { get; init; }

    /// <summary>Numbers of the cards that the drafter may lie on (<c>-devd</c>); null for the model's own.</summary>
    public EquatableArray<int>? Devices { get; init; }

    /// <summary>Element type of the draft context's K cache (<c>-ctkd</c>).</summary>
    public KvCacheType KeyCacheType { get; init; } = KvCacheType.F16;

    /// <summary>Element type of the draft context's V cache (<c>-ctvd</c>).</summary>
    public KvCacheType ValueCacheType { get; init; } = KvCacheType.F16;
}
