using System.Globalization;
using System.IO;
using System.IO.Compression;
using ModelFit.Models;

namespace ModelFit.Testing.Truth;

/// <summary>
/// GGUF headers reduced to what memory depends on: <c># name architecture</c>, then <c>key=value</c> lines and lines of
/// tensors, <c>name type dimensions layers</c>, where <c>blk.*</c> stands for each layer of the last column.
/// </summary>
internal static class CompactHeaders
{
    /// <summary>The definitions of a file by name.</summary>
    public static Dictionary<string, ModelDefinition> Read(string path)
    {
        var models = new Dictionary<string, ModelDefinition>(StringComparer.Ordinal);
        var lines = new List<string>();
        foreach (var line in ReadLines(path).Append("#"))
        {
            if (line[0] == '#' && lines.Count > 0)
            {
                models.Add(lines[0].Split(' ')[1], Parse(lines));
                lines.Clear();
            }

            lines.Add(line);
        }

        return models;
    }

    /// <summary>The lines of a text file, compressed or not.</summary>
    public static IEnumerable<string> ReadLines(string path)
    {
        Stream file = File.OpenRead(path);
        var isPlain = !path.EndsWith(".gz", StringComparison.Ordinal);
        using var reader = new StreamReader(isPlain ? file : new GZipStream(file, CompressionMode.Decompress));
        while (reader.ReadLine() is { } line)
            if (line.Length > 0) yield return line;
    }

    private static ModelDefinition Parse(List<string> lines)
    {
        var values = new Dictionary<string, object>();
        var tensors = new List<TensorInfo>();
        foreach (var line in lines.Skip(1))
        {
            var equals = line.IndexOf('=');
            if (equals > 0) values[line[..equals]] = Value(line[(equals + 1)..]);
            else AddTensors(tensors, line.Split(' '));
        }

        return new ModelDefinition(new ModelMetadata(lines[0].Split(' ')[2], values), tensors, Accuracy.Exact);
    }

    private static object Value(string text)
    {
        if (!text.Contains(',')) return Single(text);
        var items = new List<object>();
        foreach (var part in text.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            var star = part.IndexOf('*');
            var count = star < 0 ? 1 : int.Parse(part[(star + 1)..], CultureInfo.InvariantCulture);
            items.AddRange(Enumerable.Repeat(Single(star < 0 ? part : part[..star]), count));
        }

        return items[0] switch
        {
            bool => items.Cast<bool>().ToArray(),
            double => items.Cast<double>().ToArray(),
            _ => items.Cast<long>().ToArray(),
        };
    }

    private static object Single(string text) => text switch
    {
        "true" => true,
        "false" => false,
        _ when long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var n) => n,
        _ => double.Parse(text, CultureInfo.InvariantCulture),
    };

    private static void AddTensors(List<TensorInfo> tensors, string[] parts)
    {
        var type = (TensorType)int.Parse(parts[1], CultureInfo.InvariantCulture);
        var n = parts[2].Split('x').Select(text => long.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        foreach (var layer in parts.Length > 3 ? Layers(parts[3]) : new[] { 0 })
        {
            var name = parts[0].Replace("*", layer.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal);
            tensors.Add(new TensorInfo(
                name, type, n[0], n.ElementAtOrDefault(1, 1), n.ElementAtOrDefault(2, 1), n.ElementAtOrDefault(3, 1)));
        }
    }

    private static IEnumerable<int> Layers(string text)
    {
        foreach (var part in text.Split(','))
        {
            var ends = part.Split('-').Select(end => int.Parse(end, CultureInfo.InvariantCulture)).ToArray();
            for (var layer = ends[0]; layer <= ends[^1]; layer++) yield return layer;
        }
    }

    private static long ElementAtOrDefault(this long[] numbers, int index, long fallback) =>
        index < numbers.Length ? numbers[index] : fallback;
}
