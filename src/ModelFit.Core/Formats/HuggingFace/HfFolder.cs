using System.Threading;
using ModelFit.Formats.Safetensors;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// A model of transformers as its files lie beside each other: configuration, index and weights, in a folder, in a
/// snapshot of the hub's cache, or behind a URI.
/// </summary>
/// <param name="open">Opens a file of the folder; null if there is none of that name.</param>
/// <param name="origin">What is known of the model beside its files.</param>
/// <param name="cancellation">Stops at once.</param>
internal sealed class HfFolder(Func<string, ByteSource?> open, ModelOrigin origin, CancellationToken cancellation)
{
    /// <summary>The file that describes the model.</summary>
    public const string ConfigName = "config.json";

    /// <summary>The file that lists the parts of the weights.</summary>
    public const string IndexName = "model.safetensors.index.json";

    /// <summary>The file with the weights where there is but one.</summary>
    public const string WeightsName = "model.safetensors";

    private const string QuantizationName = "hf_quant_config.json";

    /// <summary>Reads the model of the weights that an index lists.</summary>
    public ModelSpec ReadIndex(ByteSource index, IMessageSink messages)
    {
        var files = SafetensorsIndex.Read(index, cancellation).Files;
        return ReadModel(index.Name, Parts(index.Name, files), messages);
    }

    /// <summary>Reads the model of an open file of weights and, if it is one of several, of the others.</summary>
    public ModelSpec ReadWeights(ByteSource weights, IMessageSink messages)
    {
        var names = PartNames(weights.FileName);
        var files = names is null
            ? new[] { weights }
            : Parts(weights.Name, names, weights);
        return ReadModel(weights.Name, files, messages);
    }

    /// <summary>Reads the model of an open configuration.</summary>
    public ModelSpec ReadConfig(ByteSource config, IMessageSink messages) => HfModel.ReadConfig(
        config.Name, WithQuantization(JsonFile.ReadObject(config, cancellation)), StatedSize, origin, messages);

    private SafetensorsIndex? StatedSize()
    {
        using var index = open(IndexName);
        return index is null ? null : SafetensorsIndex.Read(index, cancellation);
    }

    private ModelSpec ReadModel(string path, IEnumerable<ByteSource> files, IMessageSink messages) =>
        SafetensorsModel.Read(new SafetensorsFiles(path, files, Config(), origin), messages, cancellation);

    private HfConfig? Config() => Read(ConfigName) is { } root ? WithQuantization(root) : null;

    /// <summary>A configuration with the quantization that NVIDIA's tools state in a file of its own.</summary>
    private HfConfig WithQuantization(JObject root)
    {
        var isStated = root["quantization_config"] is not null;
        if (!isStated && Read(QuantizationName)?["quantization"] is { } quantization)
            root["quantization_config"] = quantization;
        return new HfConfig(root);
    }

    private JObject? Read(string name)
    {
        using var source = open(name);
        return source is null ? null : JsonFile.ReadObject(source, cancellation);
    }

    private IEnumerable<ByteSource> Parts(string asked, IEnumerable<string> names, ByteSource? given = null)
    {
        foreach (var name in names)
        {
            if (given is not null && name == given.FileName) yield return given;
            else yield return open(name)
                ?? throw InvalidFile.Whole(asked, "part " + name + " of the model is missing or cannot be read");
        }
    }

    /// <summary>All names of the parts of which a name is one (<c>model-00001-of-00002.safetensors</c>).</summary>
    private static IEnumerable<string>? PartNames(string fileName)
    {
        const string extension = ".safetensors";
        var stem = fileName.EndsWith(extension, StringComparison.Ordinal)
            ? fileName.Substring(0, fileName.Length - extension.Length)
            : fileName;
        return Gguf.SplitName.Parse(stem + ".gguf") is { } split
            ? Enumerable.Range(1, split.Count).Select(number =>
                split.Part(number).Replace(".gguf", extension))
            : null;
    }
}
