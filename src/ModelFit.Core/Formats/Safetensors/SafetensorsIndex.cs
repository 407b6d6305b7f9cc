using System.Threading;
using ModelFit.Formats.HuggingFace;
using ModelFit.Quantization;
using Newtonsoft.Json;

namespace ModelFit.Formats.Safetensors;

/// <summary>
/// The index of a model in several files (<c>model.safetensors.index.json</c>): which files, how many tensors and,
/// where it is told, how many bytes and how many parameters.
/// </summary>
internal sealed record SafetensorsIndex(
    IReadOnlyList<string> Files, int TensorCount, long? TotalBytes, long? TotalParameters)
{
    private const long MaxBytes = 64 << 20;
    private const int MaxFiles = 4096;

    /// <summary>Reads an index; throws <see cref="ErrorIds.InvalidModelFile"/>.</summary>
    public static SafetensorsIndex Read(ByteSource source, CancellationToken cancellation)
    {
        if (source.Length > MaxBytes)
            throw InvalidFile.At(source.Name, MaxBytes, "the end of an index of at most 64 MiB", "more");
        var stream = new SourceStream(source, 0, MaxBytes, cancellation);
        return JsonFile.Parse(source.Name, stream, reader => Read(source.Name, reader));
    }

    private static SafetensorsIndex Read(string file, JsonTextReader reader)
    {
        var files = new List<string>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        int? tensors = null;
        var totals = new Dictionary<string, long>(StringComparer.Ordinal);
        Open(file, reader);
        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            var name = (string)reader.Value!;
            if (name == "weight_map") tensors = ReadMap(file, reader, files, seen);
            else if (name == "metadata") ReadTotals(reader, totals);
            else SkipValue(reader);
        }

        if (tensors is null) throw JsonFile.Error(file, reader, "a weight_map", "none");
        long? Total(string key) => totals.TryGetValue(key, out var total) && total > 0 ? total : null;
        return new SafetensorsIndex(files, tensors.Value, Total("total_size"), Total("total_parameters"));
    }

    /// <summary>
    /// The parameters: as told, or as the bytes hold of numbers of a quantization; null where that is not known.
    /// </summary>
    public long? ParametersAs(string? quantization)
    {
        if (TotalParameters is not null) return TotalParameters;
        var bits = quantization is null ? null : NativeWeights.BitsPerWeight(quantization);
        return bits > 0 ? (long?)(TotalBytes * 8 / bits) : null;
    }

    private static int ReadMap(string file, JsonTextReader reader, List<string> files, HashSet<string> seen)
    {
        Open(file, reader);
        var count = 0;
        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            count++;
            var name = reader.ReadAsString();
            if (name is null || !IsFileName(name)) throw JsonFile.Error(file, reader, "a file name", name ?? "none");
            if (seen.Add(name)) files.Add(name);
            if (files.Count > MaxFiles) throw JsonFile.Error(file, reader, $"at most {MaxFiles} files", "more");
        }

        return count;
    }

    /// <summary>A name of this folder; a path that leads out of it is not one.</summary>
    private static bool IsFileName(string name) =>
        name.Length is > 0 and < 256 && name.IndexOfAny(new[] { '/', '\\', ':' }) < 0 && name is not "." and not "..";

    private static void ReadTotals(JsonTextReader reader, Dictionary<string, long> totals)
    {
        reader.Read();
        if (reader.TokenType != JsonToken.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            var name = (string)reader.Value!;
            reader.Read();
            var isTotal = name is "total_size" or "total_parameters";
            if (isTotal && reader.Value is long number) totals[name] = number;
            if (isTotal && reader.Value is double real and > 0 and < long.MaxValue) totals[name] = (long)real;
            reader.Skip();
        }
    }

    private static void SkipValue(JsonTextReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    private static void Open(string file, JsonTextReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonToken.StartObject)
            throw JsonFile.Error(file, reader, "an object", reader.TokenType.ToString());
    }
}
