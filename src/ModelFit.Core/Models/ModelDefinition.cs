using System.Threading;
using ModelFit.Common;

namespace ModelFit.Models;

/// <summary>
/// What a GGUF header says of a model: metadata and tensors. A file is read into one; a catalog entry is laid out into
/// one for a quantization. Everything that costs memory is computed from it and from nothing else. Immutable.
/// </summary>
public sealed class ModelDefinition
{
    private Dictionary<string, TensorInfo>? _byName;
    private Derived<ModelDefinition>? _prepared;

    /// <summary>Creates a definition; of tensors with the same name the first counts.</summary>
    public ModelDefinition(ModelMetadata metadata, IReadOnlyList<TensorInfo> tensors, Accuracy accuracy)
    {
        Metadata = metadata;
        Tensors = tensors;
        Accuracy = accuracy;
        foreach (var tensor in tensors)
        {
            WeightBytes += tensor.Bytes;
            ParameterCount += tensor.Elements;
        }
    }

    /// <summary>The metadata under GGUF's keys.</summary>
    public ModelMetadata Metadata { get; }

    /// <summary>The architecture as llama.cpp names it.</summary>
    public string Architecture => Metadata.Architecture;

    /// <summary>The tensors in the order of the file, where there is one.</summary>
    public IReadOnlyList<TensorInfo> Tensors { get; }

    /// <summary>Whether the tensors are in the order of a GGUF file.</summary>
    internal bool IsInFileOrder { get; init; }

    /// <summary>
    /// How well the tensors are known: <see cref="Accuracy.Exact"/> if read from a file or laid out by tested rules.
    /// </summary>
    public Accuracy Accuracy { get; }

    /// <summary>
    /// Which tensors have another type than the quantization's, because their rows cannot hold its blocks; a sentence,
    /// null if there are none.
    /// </summary>
    public string? Fallback { get; init; }

    /// <summary>Bytes of all tensors, without the padding between them.</summary>
    public long WeightBytes { get; }

    /// <summary>Number of elements of all tensors.</summary>
    public long ParameterCount { get; }

    /// <summary>What is derived from it.</summary>
    internal Derived<ModelDefinition> Prepared =>
        _prepared ?? Interlocked.CompareExchange(ref _prepared, new(this), null) ?? _prepared!;

    /// <summary>The tensor of that name, or null.</summary>
    public TensorInfo? Tensor(string name) =>
        (_byName ??= ByName()).TryGetValue(name, out var tensor) ? tensor : null;

    private Dictionary<string, TensorInfo> ByName()
    {
        var byName = new Dictionary<string, TensorInfo>(Tensors.Count, StringComparer.Ordinal);
        foreach (var tensor in Tensors)
        {
            if (!byName.ContainsKey(tensor.Name)) byName.Add(tensor.Name, tensor);
        }
        return byName;
    }
}
