using System.Threading;
using ModelFit.Architectures;
using ModelFit.Formats.HuggingFace;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats.Safetensors;

/// <summary>A model's files of weights: where they lie, how they open one after another, what is beside them.</summary>
internal sealed record SafetensorsFiles(
    string Path, IEnumerable<ByteSource> Files, HfConfig? Config, ModelOrigin Origin);

/// <summary>From safetensors files and the configuration beside them to a <see cref="ModelSpec"/>.</summary>
internal static class SafetensorsModel
{
    private static readonly Dictionary<string, string> NumberTypes = new(StringComparer.Ordinal)
    {
        ["F32"] = "F32", ["F16"] = "F16", ["BF16"] = "BF16", ["F8_E4M3"] = "FP8", ["F8_E5M2"] = "FP8", ["F4"] = "MXFP4",
    };

    /// <summary>Reads the files of a model; throws <see cref="ErrorIds.InvalidModelFile"/>.</summary>
    public static ModelSpec Read(SafetensorsFiles model, IMessageSink messages, CancellationToken cancellation)
    {
        var stated = model.Config is null ? null : HfQuantization.Of(model.Config);
        var collector = new TensorCollector();
        var fileBytes = 0L;
        foreach (var file in model.Files)
        {
            using (file)
            {
                var header = SafetensorsReader.Read(file, cancellation);
                collector.Add(header, stated);
                fileBytes += header.FileBytes;
            }
        }

        long? count = collector.ParameterCount;
        var quantization = Quantization(model.Path, stated, collector, messages);
        ModelSpec Given(IModelLayout layout) => new()
        {
            Name = model.Origin.Name ?? HfNames.Of(model.Path),
            ParameterCount = count,
            Quantization = quantization,
            FileBytes = fileBytes,
            ModelPath = model.Path,
            Source = model.Origin.Source ?? "Safetensors",
            Layout = layout,
        };
        if (model.Config is not { IsTransformers: true })
            return Given(new RefusingLayout(Refuse(model, collector, messages)));
        var metadata = HfModel.Metadata(model.Path, model.Config, messages);
        var traits = HfTraits.Corrected(HfTraits.Of(model.Config, metadata.Architecture), collector.Roles);
        var dimensions = new Hyperparameters(metadata, traits);
        var laidOut = new LaidOutModel(() => dimensions, count);
        var stored = new ModelDefinition(metadata, collector.Tensors(), Accuracy.Exact);
        var given = Given(new HfLayout(laidOut, quantization, stored));
        var converted = HfModel.Converted(model.Path, laidOut);
        if (IsPackedUnknown(quantization))
        {
            messages.Verbose($"{model.Path} packs its weights as {quantization}, so parameters are not counted in it.");
            count = converted?.ParameterCount;
        }

        return ModelSpecs.From(dimensions, given, count, ActiveCount(converted, count));
    }

    private static ModelFitException Refuse(
        SafetensorsFiles model, TensorCollector collector, IMessageSink messages)
    {
        var isAdapter = collector.Roles.Any(role => role.Contains("lora_"));
        var refusal = InvalidFile.Whole(
            model.Path,
            isAdapter ? "this is a LoRA adapter, not a language model"
            : model.Config?.Text("_class_name") is { } kind ? $"this is a model of another kind ({kind})"
            : "its dimensions are not known without a config.json beside it");
        messages.Warning(refusal.Message);
        return refusal;
    }

    /// <summary>What is stated, unless the numbers of the files are of another type.</summary>
    private static string? Quantization(
        string path, string? stated, TensorCollector collector, IMessageSink messages)
    {
        var most = collector.ByType.Select(pair => pair.Key).FirstOrDefault();
        var found = most is not null && NumberTypes.TryGetValue(most, out var name) ? name : null;
        var mayBeStated = stated is not null && !IsPlain(found) && !IsPlain(stated);
        if (stated == found || mayBeStated) return stated;
        messages.Verbose($"{path} holds numbers of {most}, so it is {found ?? most}"
            + (stated is null ? "." : $", not {stated} as its configuration says."));
        return found ?? most;
    }

    private static bool IsPlain(string? type) => type is "F32" or "F16" or "BF16";

    private static bool IsPackedUnknown(string? quantization) => quantization is not null
        && !IsPlain(quantization) && !NativeWeights.Knows(quantization) && SafetensorType.Find(quantization) is null;

    private static long? ActiveCount(ModelDefinition? converted, long? count) => converted is null
        ? null
        : (long?)(count * ((double)ActiveParameters.Of(converted) / converted.ParameterCount));
}
