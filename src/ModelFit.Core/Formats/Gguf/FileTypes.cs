using System.Globalization;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats.Gguf;

/// <summary>
/// The quantization of a file: what its metadata claims where the tensors bear it out, else what they are.
/// </summary>
internal static class FileTypes
{
    /// <summary>
    /// Mixes of other makers and of other years differ from llama.cpp's in some tensors: up to this share of the bytes
    /// a claim is believed.
    /// </summary>
    private const double BelievedDifference = 0.15;

    /// <summary>
    /// The name of the quantization. A claim that is not believed, and a name found without one, are said.
    /// </summary>
    public static string Of(string file, ModelDefinition definition, IMessageSink messages)
    {
        var claimed = definition.Metadata.Integer("general.file_type") is { } id and >= 0 and < int.MaxValue
            ? FileType.Find((int)id)
            : null;
        var walk = new MixWalk(
            definition.Metadata, definition.Tensors, ArchitectureList.MixOf(definition.Architecture));
        var difference = claimed is null ? long.MaxValue : Difference(definition, walk, claimed);
        if (claimed is not null && difference == 0) return claimed.Name;
        if (Dominant(definition.Tensors) is not { } dominant) return claimed?.Name ?? nameof(TensorType.F32);
        if (FileType.All.All(type => type.Base != dominant)) return Say(file, claimed, dominant.ToString(), messages);
        var types = new HashSet<TensorType>(definition.Tensors.Select(tensor => tensor.Type));
        var nearest = FileType.All
            .Where(type => types.Contains(type.Base))
            .Select(type => (type.Name, Difference: Difference(definition, walk, type)))
            .OrderBy(candidate => candidate.Difference)
            .First();
        var isBelieved = difference <= definition.WeightBytes * BelievedDifference;
        if (claimed is not null && (nearest.Name == claimed.Name || (nearest.Difference > 0 && isBelieved)))
            return claimed.Name;
        return Say(file, claimed, nearest.Name, messages);
    }

    /// <summary>The type that holds most elements of the matrices, or null if there are none.</summary>
    public static TensorType? Dominant(IEnumerable<TensorInfo> tensors) => tensors
        .Where(tensor => tensor.N1 > 1)
        .GroupBy(tensor => tensor.Type, tensor => (double)tensor.Elements)
        .OrderByDescending(group => group.Sum())
        .Select(group => (TensorType?)group.Key)
        .FirstOrDefault();

    private static string Say(string file, FileType? claimed, string name, IMessageSink messages)
    {
        messages.Verbose(string.Format(
            CultureInfo.InvariantCulture,
            "{0} {1}; by its tensors it is {2}.",
            file, claimed is null ? "does not say its quantization" : "claims to be " + claimed.Name, name));
        return name;
    }

    /// <summary>Bytes by which the tensors differ from those of a mix; at least 1 where a type differs.</summary>
    private static long Difference(ModelDefinition definition, MixWalk walk, FileType fileType)
    {
        var types = walk.Types(fileType, definition.Metadata.Has("quantize.imatrix.file"));
        var difference = 0L;
        for (var i = 0; i < types.Length; i++)
        {
            var own = definition.Tensors[i];
            if (types[i] == own.Type) continue;
            var bytes = types[i].RowBytes(own.N0) * own.N1 * own.N2 * own.N3;
            difference += Math.Max(1, Math.Abs(bytes - own.Bytes));
        }

        return difference;
    }
}
