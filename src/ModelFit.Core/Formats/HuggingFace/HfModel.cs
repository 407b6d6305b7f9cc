using ModelFit.Architectures;
using ModelFit.Formats.Safetensors;
using ModelFit.Models;

namespace ModelFit.Formats.HuggingFace;

/// <summary>From a configuration of transformers to a <see cref="ModelSpec"/>.</summary>
internal static class HfModel
{
    /// <summary>Reads a <c>config.json</c> that stands alone.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="config">What it says.</param>
    /// <param name="index">
    /// Opens the index beside it, which is asked where no layout tells how large the model is.
    /// </param>
    /// <param name="origin">What is known of the model beside its files.</param>
    /// <param name="messages">Hears what was supposed.</param>
    public static ModelSpec ReadConfig(
        string path, HfConfig config, Func<SafetensorsIndex?> index, ModelOrigin origin, IMessageSink messages)
    {
        var metadata = Metadata(path, config, messages);
        var model = new Hyperparameters(metadata, HfTraits.Of(config, metadata.Architecture));
        var quantization = HfQuantization.Of(config);
        var stated = !HasLayout(metadata.Architecture)
            ? origin.ParameterCount ?? index()?.ParametersAs(quantization)
            : null;
        var laidOut = new LaidOutModel(() => model, stated);
        var given = new ModelSpec
        {
            Name = origin.Name ?? HfNames.Of(path),
            Quantization = quantization,
            ModelPath = path,
            Source = origin.Source ?? "Config",
            Layout = new HfLayout(laidOut, quantization, null),
        };
        var converted = Converted(path, laidOut);
        return ModelSpecs.From(
            model,
            given,
            converted?.ParameterCount ?? stated,
            converted is null ? null : ActiveParameters.Of(converted));
    }

    /// <summary>The metadata that llama.cpp's converter would write for a configuration.</summary>
    public static ModelMetadata Metadata(string file, HfConfig config, IMessageSink messages)
    {
        var known = HfArchitectures.Find(config);
        var architecture = known?.Name;
        if (architecture is null)
        {
            architecture = config.ModelType ?? throw InvalidFile.Whole(
                file, "expected the configuration of a model with model_type or architectures, found neither");
            messages.Verbose($"llama.cpp knows no architecture for models of type {architecture} ({file}).");
        }

        var draft = new ConfigDraft(architecture, config, HfKeys.Read(config));
        HfRules.Apply(draft, known);
        var metadata = draft.ToMetadata();
        ModelChecks.Check(file, metadata);
        return metadata;
    }

    /// <summary>
    /// The model as llama.cpp's converter would write it; null where the architecture has no layout. Dimensions that
    /// no layout can have are a damaged file.
    /// </summary>
    public static ModelDefinition? Converted(string path, LaidOutModel model)
    {
        try
        {
            return HasLayout(model.Model.Architecture) ? model.Define("F16", new List<string>()) : null;
        }
        catch (ModelFitException error) when (error.ErrorId == ErrorIds.InvalidModelFile)
        {
            throw InvalidFile.Whole(path, error.Message.TrimEnd('.'), error);
        }
    }

    private static bool HasLayout(string architecture) =>
        ArchitectureList.Find(architecture) is { NoLayout: null };
}

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
