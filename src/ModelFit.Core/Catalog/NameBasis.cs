namespace ModelFit.Catalog;

/// <summary>By what a name that the catalog has not is taken to have the dimensions of a model that it has.</summary>
/// <param name="Words">What says so, in the sentence of an answer.</param>
/// <param name="Accuracy">What an answer on this basis is at best.</param>
internal sealed record NameBasis(string Words, Accuracy Accuracy)
{
    /// <summary>The name has that of the model in it.</summary>
    public static readonly NameBasis Name = new("By its name", Accuracy.Modelled);

    /// <summary>The name says family and size and no version, and all versions known have one shape.</summary>
    public static readonly NameBasis Family = new("By its family and size alone", Accuracy.Approximate);

    /// <summary>The name says a total and an active size that only one shape has.</summary>
    public static readonly NameBasis Size = new("By its size alone", Accuracy.Approximate);

    /// <summary>The name says that experts were left out, and its size how many.</summary>
    /// <param name="left">How many are left.</param>
    /// <param name="all">How many there were.</param>
    public static NameBasis Pruned(long left, long all) => new(
        FormattableString.Invariant($"By its name, with {left} of {all} experts as its size says"),
        Accuracy.Approximate);

    /// <summary>Nothing at hand says so.</summary>
    public static readonly NameBasis Assumed = new(string.Empty, Accuracy.Approximate);

    /// <summary>A line of <c>names.tsv</c> with its source; assumed where it has none.</summary>
    public static NameBasis Of(string source) =>
        source.Length == 0 ? Assumed : new("As " + source + " says", Accuracy.Modelled);

    /// <summary>Most published files with such a name have that shape.</summary>
    /// <param name="sentence">What says so.</param>
    public static NameBasis Likely(string sentence) => new(sentence, Accuracy.Approximate);

    /// <summary>What an answer says of it.</summary>
    public string Sentence(string id) => this == Assumed
        ? $"It is assumed to have the dimensions of {id}; no source was available."
        : Words.EndsWith(".", StringComparison.Ordinal) ? Words : $"{Words}, it has the dimensions of {id}.";
}
