namespace ModelFit.Architectures;

/// <summary>
/// A configuration of transformers, asked for values by their names; of several names the first that has a value
/// counts.
/// </summary>
internal interface IModelConfig
{
    /// <summary>
    /// How positions are rotated, of the layers with full attention where there are two kinds; or null.
    /// </summary>
    IModelConfig? Rope { get; }

    /// <summary>Whether one of the names has a value.</summary>
    bool Has(params string[] names);

    /// <summary>A whole number, or null; <c>4.0</c> is one, <c>4.5</c> is not.</summary>
    long? Integer(params string[] names);

    /// <summary>A number, or null.</summary>
    double? Number(params string[] names);

    /// <summary>A flag, or null.</summary>
    bool? Flag(params string[] names);

    /// <summary>A text, or null.</summary>
    string? Text(params string[] names);

    /// <summary>A list of texts, or null.</summary>
    string[]? Texts(params string[] names);

    /// <summary>A list of whole numbers, or null.</summary>
    long[]? Integers(params string[] names);

    /// <summary>A list of numbers, or null.</summary>
    double[]? Numbers(params string[] names);

    /// <summary>How many items a list has; null if there is none.</summary>
    int? Count(params string[] names);

    /// <summary>A section, or null.</summary>
    IModelConfig? Section(params string[] names);

    /// <summary>A list of sections, null for an item that is none; or null.</summary>
    IReadOnlyList<IModelConfig?>? Sections(params string[] names);
}
