using System.Text;
using System.Threading;
using ModelFit.Formats.Gguf;

namespace ModelFit.Formats;

/// <summary>The kinds of files that describe a model.</summary>
internal enum ModelFileKind
{
    /// <summary>GGUF.</summary>
    Gguf,

    /// <summary>Weights in safetensors.</summary>
    Safetensors,

    /// <summary>The list of the parts of such weights.</summary>
    SafetensorsIndex,

    /// <summary>A configuration of transformers.</summary>
    Config,
}

/// <summary>Tells kinds of files by name and first bytes.</summary>
internal static class ModelFileKinds
{
    private const int FirstBytes = 64;
    private const int JsonAfterLength = 8;

    /// <summary>How files begin that are met in place of a model, and what they are.</summary>
    private static readonly Dictionary<string, string> Others = new(StringComparer.Ordinal)
    {
        ["version https://git-lfs"] = "a pointer of Git LFS in place of the file",
        ["tjgg"] = "a GGJT file, which llama.cpp no longer loads",
        ["algg"] = "a GGLA adapter, which llama.cpp no longer loads",
        ["lmgg"] = "a GGML file, which llama.cpp no longer loads",
        ["fmgg"] = "a GGMF file, which llama.cpp no longer loads",
        ["PK\u0003\u0004"] = "an archive, as PyTorch writes",
        ["<!DOCTYPE"] = "a web page",
        ["<html"] = "a web page",
    };

    /// <summary>The kind; throws <see cref="ErrorIds.InvalidModelFile"/> for what is no model.</summary>
    public static ModelFileKind Of(ByteSource source, CancellationToken cancellation)
    {
        var first = new byte[FirstBytes];
        var read = new SourceStream(source, 0, FirstBytes, cancellation).Fill(first);
        if (GgufReader.HasMagic(first, read)) return ModelFileKind.Gguf;
        var text = Encoding.ASCII.GetString(first, 0, read);
        var other = Others.FirstOrDefault(pair => text.StartsWith(pair.Key, StringComparison.Ordinal)).Value;
        if (other is not null) throw InvalidFile.At(source.Name, 0, "a model", other);
        var name = source.FileName;
        if (EndsWith(name, ".index.json")) return ModelFileKind.SafetensorsIndex;
        if (EndsWith(name, ".json")) return ModelFileKind.Config;
        if (EndsWith(name, ".gguf")) return ModelFileKind.Gguf;
        if (EndsWith(name, ".safetensors") || (read > JsonAfterLength && first[JsonAfterLength] == '{'))
            return ModelFileKind.Safetensors;
        var found = read == 0 ? "an empty file" : "something else";
        throw InvalidFile.At(source.Name, 0, "a GGUF file, safetensors or a config.json", found);
    }

    private static bool EndsWith(string name, string extension) =>
        name.EndsWith(extension, StringComparison.OrdinalIgnoreCase);
}
