namespace ModelFit.Catalog;

/// <summary>One model under one of its names; the name of its id beside it.</summary>
internal sealed record NamedModel(
    ModelCatalogName Name, ModelCatalogName IdName, ModelCatalogRecord Record, ModelSpec Spec)
{
    /// <summary>
    /// By what another release is taken to have the dimensions of this model; null if this one is meant.
    /// </summary>
    public NameBasis? Basis { get; init; }

    /// <summary>Whether what was asked for is another release with the dimensions of this model.</summary>
    public bool IsBase => Basis is not null;

    /// <summary>Whether what was asked for is the name alone by which Ollama runs this one of several sizes.</summary>
    public bool IsDefaultTag { get; init; }

    /// <summary>Whether what was asked for is the start of this name, and the rest says more than a size.</summary>
    public bool IsLonger { get; init; }

    /// <summary>Whether its name says words more, before or between those that were asked for.</summary>
    public bool IsFuller { get; init; }

    /// <summary>Whether it has the words of what was asked for, and no model has its size.</summary>
    public bool IsOtherSize { get; init; }

    /// <summary>Whether two models differ in what they learnt, not in what they cost.</summary>
    public bool IsSameSize(NamedModel other)
    {
        const double tolerance = 0.03;
        var (ours, theirs) = (Spec, other.Spec);
        var (a, b) = (ours.VocabularySize ?? 0, theirs.VocabularySize ?? 0);
        return ours.Architecture == theirs.Architecture
            && ours.LayerCount == theirs.LayerCount
            && ours.EmbeddingLength == theirs.EmbeddingLength
            && ours.FeedForwardLength == theirs.FeedForwardLength
            && ours.KvHeadCount == theirs.KvHeadCount
            && ours.ExpertCount == theirs.ExpertCount
            && Math.Abs(a - b) <= tolerance * Math.Max(a, b);
    }
}
