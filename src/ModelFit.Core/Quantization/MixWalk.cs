using System.Diagnostics;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// The tensors of a model in the order in which llama-quantize walks them, by layer, then by name, and counts as it
/// goes. What does not depend on the mix is found once.
/// </summary>
internal sealed class MixWalk
{
    private readonly ModelMetadata _metadata;
    private readonly IReadOnlyList<TensorInfo> _tensors;
    private readonly int[] _order;
    private readonly bool[] _isKept;
    private readonly MixExceptions _exceptions;

    /// <summary>
    /// The tensors with the types they have after quantization to a file type (llama_model_quantize_impl and
    /// llama_tensor_get_type, src/llama-quant.cpp); names, shapes and order stay. Tensors that it leaves alone keep
    /// their type. Never throws: a shape that llama-quantize would refuse gets F16.
    /// </summary>
    /// <param name="metadata">The model's metadata: layers, heads and experts decide.</param>
    /// <param name="tensors">The tensors of the file that is quantized.</param>
    /// <param name="fileType">The mix.</param>
    /// <param name="importanceMatrix">Whether an importance matrix is given; it changes a few tensors.</param>
    /// <param name="exceptions">Where the architecture is treated apart; null if nowhere.</param>
    public static IReadOnlyList<TensorInfo> Apply(
        ModelMetadata metadata,
        IReadOnlyList<TensorInfo> tensors,
        FileType fileType,
        bool importanceMatrix = false,
        MixExceptions? exceptions = null)
    {
        var types = new MixWalk(metadata, tensors, exceptions ?? MixExceptions.None).Types(fileType, importanceMatrix);
        return tensors.Select((tensor, index) => tensor with { Type = types[index] }).ToArray();
    }

    /// <summary>Prepares the walk over the tensors of a model.</summary>
    public MixWalk(ModelMetadata metadata, IReadOnlyList<TensorInfo> tensors, MixExceptions exceptions)
    {
        _exceptions = exceptions;
        _metadata = metadata;
        _tensors = tensors;
        var layers = tensors.Select(tensor => tensor.Parsed.Block).ToArray();
        _isKept = tensors.Select(KeptTensors.Keeps).ToArray();
        // The rules count value projections and feed-forwards as they come ("the first eighth", "every third"), so that
        // the order decides types: llama-quantize's is by layer and name (llama_model_quantize_impl), not the file's.
        _order = Enumerable.Range(0, tensors.Count).ToArray();
        Array.Sort(_order, (a, b) => layers[a] != layers[b]
            ? layers[a].CompareTo(layers[b])
            : string.CompareOrdinal(tensors[a].Name, tensors[b].Name));
    }

    /// <summary>The types after quantization to a file type, in the order of the tensors.</summary>
    public TensorType[] Types(FileType fileType, bool importanceMatrix)
    {
        var state = new MixState(_metadata, _tensors, fileType, importanceMatrix, _exceptions);
        var types = new TensorType[_tensors.Count];
        foreach (var index in _order)
            types[index] = _isKept[index] ? _tensors[index].Type : TypeOf(_tensors[index], state);
        Debug.Assert(Array.TrueForAll(types, type => type.Find() is not null), "each tensor has a known type");
        return types;
    }

    private static TensorType TypeOf(TensorInfo tensor, MixState state) =>
        state.FileType.IsQuantized ? ShapeFallback.For(tensor.N0, state.Choose(tensor)) : state.FileType.Base;
}
