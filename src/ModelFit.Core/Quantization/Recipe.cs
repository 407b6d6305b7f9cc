using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>How a publisher makes the files of one name: a mix of llama-quantize, a type a class, or both.</summary>
/// <param name="Name">The quantization as its publisher calls it.</param>
/// <param name="Mix">What tensors get whose class has no type of its own; null if each has one.</param>
/// <param name="ImportanceMatrix">Whether the mix is made with an importance matrix.</param>
/// <param name="Types">The types by class.</param>
/// <param name="Accuracy">How well sizes are known by it, at best.</param>
/// <param name="Error">The error that was measured on models left out, in words; null for a standard mix.</param>
internal sealed record Recipe(
    string Name,
    FileType? Mix,
    bool ImportanceMatrix,
    IReadOnlyDictionary<TensorClass, TensorType> Types,
    Accuracy Accuracy = Accuracy.Exact,
    string? Error = null)
{
    /// <summary>Whether llama-quantize makes such files by itself.</summary>
    public bool IsStandard => Mix is not null && Types.Count == 0;

    /// <summary>What the recipe supposes, in a sentence; null for a standard mix.</summary>
    public string? Sentence => IsStandard || Accuracy == Accuracy.Exact
        ? null
        : $"{Name} has one type for each class of tensors" + (Error is null ? "." : $": {Error}.");
}

/// <summary>What a recipe is looked up by.</summary>
/// <param name="Name">The quantization as its publisher calls it.</param>
/// <param name="Architecture">The model's architecture as llama.cpp names it.</param>
/// <param name="Kind">The kind of model (<see cref="KindOf"/>).</param>
/// <param name="Released">When the model came out, <c>yyyy-MM-dd</c> or less; null if it is not known.</param>
/// <param name="Repository">
/// The repository of the file, <c>publisher/name</c>, the file behind it where it is named; empty for any, null for
/// what llama-quantize makes locally.
/// </param>
internal sealed record RecipeQuery(
    string Name, string Architecture, string Kind, string? Released, string? Repository)
{
    /// <summary>The kind of models with routed experts.</summary>
    public const string MixtureOfExperts = "moe";

    /// <summary>The kind of models with a token embedding for every layer, as Gemma 3n has it.</summary>
    public const string Layered = "layered";

    /// <summary>The kind of all other models.</summary>
    public const string Dense = "dense";

    public static string KindOf(ModelMetadata metadata) =>
        metadata.Integer("expert_count", 0) > 1 ? MixtureOfExperts
        : metadata.Integer("embedding_length_per_layer_input", 0) > 0 ? Layered
        : Dense;

    /// <summary>How files keep the model's experts, where they are published in four bits; null elsewhere.</summary>
    public NativeExperts? Experts { get; init; }

    /// <summary>The publisher in lower case; empty for what is made locally.</summary>
    public string Publisher => Repository is null ? string.Empty : Repository.Split('/')[0].ToLowerInvariant();
}
