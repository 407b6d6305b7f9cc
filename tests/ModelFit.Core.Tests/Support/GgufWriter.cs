using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using ModelFit.Models;

namespace ModelFit.Core.Tests.Support;

/// <summary>
/// Writes GGUF headers byte for byte by the specification (ggml/docs/gguf.md), so that our readers and llama.cpp itself
/// can be shown any model. With data, the file is sparse: the tensors' bytes are a hole.
/// </summary>
internal static class GgufWriter
{
    private const int Alignment = 32;

    /// <summary>The value types of GGUF (gguf_type, ggml/include/gguf.h).</summary>
    private enum ValueType
    {
        UInt32 = 4,
        Int32 = 5,
        Float32 = 6,
        Bool = 7,
        String = 8,
        Array = 9,
    }

    /// <summary>
    /// The header of a model: magic, version, metadata, tensor infos, padding. Vocabularies become empty tokens.
    /// Version 1 has 32-bit counts and lengths, 2 and 3 have 64-bit ones.
    /// </summary>
    public static byte[] Header(ModelDefinition model, int version = 3)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var metadata = Metadata(model.Metadata).ToArray();
        writer.Write(Encoding.ASCII.GetBytes("GGUF"));
        writer.Write((uint)version);
        Count(writer, version, model.Tensors.Count);
        Count(writer, version, metadata.Length);
        foreach (var (key, value) in metadata)
        {
            Text(writer, version, key);
            Value(writer, version, value);
        }
        long offset = 0;
        foreach (var tensor in model.Tensors)
        {
            Info(writer, version, tensor, offset);
            offset += Padded(tensor.Bytes);
        }
        writer.Write(new byte[Padded(stream.Length) - stream.Length]);
        return stream.ToArray();
    }

    /// <summary>Writes the header and a hole of the size of the data behind it.</summary>
    public static void WriteSparse(string path, ModelDefinition model, int version = 3)
    {
        var header = Header(model, version);
        using var file = File.Create(path);
        file.Write(header, 0, header.Length);
        file.SetLength(header.Length + model.Tensors.Sum(tensor => Padded(tensor.Bytes)));
    }

    private static long Padded(long bytes) => (bytes + Alignment - 1) / Alignment * Alignment;

    /// <summary>
    /// The keys as a file has them: with the architecture's prefix, and without a vocabulary's words (llama.cpp takes
    /// its size from <c>vocab_size</c> when the tokenizer is none).
    /// </summary>
    private static IEnumerable<(string Key, object Value)> Metadata(ModelMetadata metadata)
    {
        yield return ("general.architecture", metadata.Architecture);
        foreach (var key in metadata.Keys)
        {
            if (key is "general.architecture" or "tokenizer.ggml.tokens.count" or "tokenizer.ggml.model") continue;
            var isGlobal = key.StartsWith("general.", StringComparison.Ordinal)
                || key.StartsWith("tokenizer.", StringComparison.Ordinal)
                || key.StartsWith("quantize.", StringComparison.Ordinal)
                || key.StartsWith("split.", StringComparison.Ordinal);
            yield return (isGlobal ? key : metadata.Architecture + "." + key, metadata[key]!);
        }
        yield return ("tokenizer.ggml.model", "none");
        var vocabulary = metadata.Integer("tokenizer.ggml.tokens.count") ?? metadata.Integer("vocab_size", 0);
        yield return ("tokenizer.ggml.tokens", Enumerable.Repeat(string.Empty, (int)vocabulary).ToArray());
    }

    private static void Value(BinaryWriter writer, int version, object value)
    {
        if (value is Array array)
        {
            writer.Write((uint)ValueType.Array);
            writer.Write((uint)TypeOf(array.Length == 0 ? string.Empty : array.GetValue(0)!, inArray: true));
            Count(writer, version, array.Length);
            foreach (var element in array) Scalar(writer, version, element, inArray: true);
            return;
        }
        writer.Write((uint)TypeOf(value, inArray: false));
        Scalar(writer, version, value, inArray: false);
    }

    private static ValueType TypeOf(object value, bool inArray) => value switch
    {
        string => ValueType.String,
        bool => ValueType.Bool,
        double => ValueType.Float32,
        long when inArray => ValueType.Int32,
        long => ValueType.UInt32,
        _ => throw new ArgumentException($"No GGUF type for {value.GetType()}."),
    };

    private static void Scalar(BinaryWriter writer, int version, object value, bool inArray)
    {
        switch (value)
        {
            case string text: Text(writer, version, text); break;
            case bool flag: writer.Write(flag); break;
            case double number: writer.Write((float)number); break;
            case long number when inArray: writer.Write((int)number); break;
            case long number: writer.Write((uint)number); break;
        }
    }

    private static void Info(BinaryWriter writer, int version, TensorInfo tensor, long offset)
    {
        var dimensions = new[] { tensor.N0, tensor.N1, tensor.N2, tensor.N3 };
        var used = Math.Max(1, 1 + Array.FindLastIndex(dimensions, size => size > 1));
        Text(writer, version, tensor.Name);
        writer.Write((uint)used);
        foreach (var size in dimensions.Take(used)) Count(writer, version, size);
        writer.Write((uint)tensor.Type);
        writer.Write((ulong)offset);
    }

    private static void Text(BinaryWriter writer, int version, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        Count(writer, version, bytes.Length);
        writer.Write(bytes);
    }

    private static void Count(BinaryWriter writer, int version, long count)
    {
        if (version == 1) writer.Write((uint)count);
        else writer.Write((ulong)count);
    }
}
