using ModelFit.Architectures;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// The architecture of a configuration: by the class that transformers loads, and by the type of the model where the
/// class is not known.
/// </summary>
internal static class HfArchitectures
{
    private static readonly string[] Suffixes =
    {
        "ForCausalLM", "ForConditionalGeneration", "LMHeadModel", "ForMaskedLM", "ForSequenceClassification", "Model",
    };

    /// <summary>The architecture; null if llama.cpp knows neither its classes nor its type.</summary>
    public static Architecture? Find(HfConfig config)
    {
        var types = config.Classes.Select(WithoutSuffix).Prepend(config.ModelType ?? string.Empty);
        var known = config.Classes.Select(ArchitectureList.OfClass)
            .Concat(types.Select(ArchitectureList.OfType))
            .FirstOrDefault(found => found is not null);
        return known?.Variant is { } variant ? ArchitectureList.Find(variant(config)) : known;
    }

    private static string WithoutSuffix(string name)
    {
        var suffix = Suffixes.FirstOrDefault(end => name.EndsWith(end, StringComparison.Ordinal));
        return suffix is null ? name : name.Substring(0, name.Length - suffix.Length);
    }
}
