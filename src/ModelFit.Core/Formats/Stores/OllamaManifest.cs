using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.Stores;

/// <summary>A layer of an Ollama model: what it is, and the blob that holds it.</summary>
internal sealed record OllamaLayer(string Type, string Digest, long Size);

/// <summary>
/// A manifest of Ollama's registry or store (ollama, types/model and server/manifest.go): the layers that make a model.
/// </summary>
internal sealed class OllamaManifest
{
    private const string TypePrefix = "application/vnd.ollama.image.";

    private OllamaManifest(IReadOnlyList<OllamaLayer> layers) => Layers = layers;

    /// <summary>The layers, types without their prefix (<c>model</c>, <c>projector</c>, <c>adapter</c>).</summary>
    public IReadOnlyList<OllamaLayer> Layers { get; }

    /// <summary>The weights in GGUF, or null if the model is kept in another way.</summary>
    public OllamaLayer? Model => Layers.FirstOrDefault(layer => layer.Type == "model");

    /// <summary>Says what lies beside the model and is counted only where it is asked for.</summary>
    public void SayCompanions(string name, Func<OllamaLayer, string> path, IMessageSink messages)
    {
        foreach (var layer in Layers.Where(layer => layer.Type is "projector" or "adapter"))
            messages.Verbose($"{name} has a{(layer.Type == "adapter" ? "n adapter" : " projector")} of "
                + $"{SizeText.Gib(layer.Size)} beside the model, in {path(layer)}.");
    }

    /// <summary>Reads a manifest; throws <see cref="ErrorIds.InvalidModelFile"/>.</summary>
    public static OllamaManifest Read(string file, JObject root)
    {
        if (root["layers"] is not JArray layers) throw InvalidFile.Whole(file, "expected layers, found none");
        return new OllamaManifest(layers.Select(layer => ReadLayer(file, layer as JObject)).ToArray());
    }

    private static OllamaLayer ReadLayer(string file, JObject? layer)
    {
        var type = layer?["mediaType"] is { Type: JTokenType.String } media ? (string)media! : null;
        var digest = layer?["digest"] is { Type: JTokenType.String } text ? (string)text! : null;
        if (type is null || digest is null || !IsDigest(digest) || HfConfig.Integer(layer!["size"]) is not { } size)
            throw InvalidFile.Whole(file, "expected layers with mediaType, digest (sha256) and size");
        var isOwn = type.StartsWith(TypePrefix, StringComparison.Ordinal);
        return new OllamaLayer(isOwn ? type.Substring(TypePrefix.Length) : type, digest, size);
    }

    private static bool IsDigest(string digest)
    {
        const string prefix = "sha256:";
        return digest.Length == prefix.Length + 64
            && digest.StartsWith(prefix, StringComparison.Ordinal)
            && digest.Skip(prefix.Length).All(Uri.IsHexDigit);
    }
}
