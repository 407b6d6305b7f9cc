using System;
using System.Collections.Generic;
using System.Threading;
using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json;

namespace ModelFit.Formats.Safetensors;

/// <summary>
/// The index of a model in several files (<c>model.safetensors.index.json</c>): which files, how many tensors and,
/// where it is told, how many bytes of them.
/// </summary>
internal sealed record SafetensorsIndex(IReadOnlyList<string> Files, int TensorCount, long? TotalBytes)
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
        long? total = null;
        Open(file, reader);
        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            var name = (string)reader.Value!;
            if (name == "weight_map") tensors = ReadMap(file, reader, files, seen);
            else if (name == "metadata") total = ReadTotal(reader) ?? total;
            else SkipValue(reader);
        }

        if (tensors is null) throw JsonFile.Error(file, reader, "a weight_map", "none");
        return new SafetensorsIndex(files, tensors.Value, total);
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

    private static long? ReadTotal(JsonTextReader reader)
    {
        long? total = null;
        reader.Read();
        if (reader.TokenType != JsonToken.StartObject)
        {
            reader.Skip();
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonToken.PropertyName)
        {
            var isTotal = (string)reader.Value! == "total_size";
            reader.Read();
            if (isTotal && reader.Value is long number) total = number;
            if (isTotal && reader.Value is double real and > 0 and < long.MaxValue) total = (long)real;
            reader.Skip();
        }

        return total;
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
