using System.Globalization;
using System.Threading;
using ModelFit.Models;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// The headers of all files of a model, whichever part was given, checked as llama.cpp does when it loads them
/// (src/llama-model-loader.cpp): numbers and count of the parts, count of the tensors, no tensor twice.
/// </summary>
internal sealed class GgufParts(GgufHeader first, ModelDefinition definition, long fileBytes)
{
    private const string NumberKey = "split.no";
    private const string CountKey = "split.count";
    private const string TensorCountKey = "split.tensors.count";
    private const long MaxParts = 1024;

    /// <summary>The header of the only file or of the first part, which has the metadata.</summary>
    public GgufHeader First { get; } = first;

    /// <summary>The metadata of the first part and the tensors of all.</summary>
    public ModelDefinition Definition { get; } = definition;

    /// <summary>The metadata of the first part.</summary>
    public ModelMetadata Metadata => Definition.Metadata;

    /// <summary>Bytes of all parts.</summary>
    public long FileBytes { get; } = fileBytes;

    /// <summary>Reads an open file and, if it is one of several, the others beside it.</summary>
    public static GgufParts Read(ByteSource given, CancellationToken cancellation)
    {
        var header = GgufReader.Read(given, cancellation);
        var count = header.Metadata.Integer(CountKey, 1);
        if (count <= 1) return new GgufParts(header, header.Definition, header.FileBytes);
        if (count > MaxParts) throw Problem(header, CountKey, "at most 1024", count);
        var name = SplitName.Parse(given.FileName);
        if (name?.Count != count || header.Metadata.Integer(NumberKey) != name.Number - 1)
            throw InvalidFile.Whole(given.Name, Misnamed(header.Metadata.Integer(NumberKey, 0) + 1, count));
        return Join(ReadParts(given, header, name, cancellation));
    }

    private static List<GgufHeader> ReadParts(
        ByteSource given, GgufHeader header, SplitName name, CancellationToken cancellation)
    {
        var parts = new List<GgufHeader>(name.Count);
        for (var number = 1; number <= name.Count; number++)
        {
            var part = number == name.Number ? header : ReadPart(given, name, number, cancellation);
            if (part.Metadata.Integer(NumberKey) != number - 1)
                throw Problem(part, NumberKey, (number - 1).ToString(CultureInfo.InvariantCulture), null);
            parts.Add(part);
        }

        return parts;
    }

    private static GgufHeader ReadPart(ByteSource given, SplitName name, int number, CancellationToken cancellation)
    {
        ByteSource part;
        try
        {
            part = given.OpenSibling(name.Part(number));
        }
        catch (ModelFitException missing)
        {
            throw InvalidFile.Whole(
                given.Name, "part " + name.Part(number) + " of the model is missing or cannot be read", missing);
        }

        using (part) return GgufReader.Read(part, cancellation);
    }

    private static GgufParts Join(List<GgufHeader> parts)
    {
        var tensors = new List<TensorInfo>();
        var names = new HashSet<string>();
        var fileBytes = 0L;
        foreach (var part in parts)
        {
            foreach (var tensor in part.Tensors)
            {
                if (!names.Add(tensor.Name))
                    throw InvalidFile.Whole(part.File, "tensor " + tensor.Name + " is in another part too");
                tensors.Add(tensor);
            }

            fileBytes += part.FileBytes;
        }

        var first = parts[0];
        if (first.Metadata.Integer(TensorCountKey) is { } claimed && claimed != tensors.Count)
            throw Problem(first, TensorCountKey, tensors.Count + ", which the parts have", claimed);
        var definition = new ModelDefinition(first.Metadata, tensors, Accuracy.Exact) { IsInFileOrder = true };
        return new GgufParts(first, definition, fileBytes);
    }

    private static ModelFitException Problem(GgufHeader header, string key, string expected, long? found) =>
        InvalidFile.Whole(header.File, string.Format(
            CultureInfo.InvariantCulture,
            "expected {0} to be {1}, found {2}", key, expected, found ?? header.Metadata[key] ?? "nothing"));

    private static string Misnamed(long number, long count) => string.Format(
        CultureInfo.InvariantCulture,
        "it is part {0} of {1}, so its name must end in -{0:00000}-of-{1:00000}.gguf for the others to be found",
        number, count);
}
