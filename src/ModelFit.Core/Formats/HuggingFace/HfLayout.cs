using System.Globalization;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// A model of transformers: as its files have it, or laid out as llama.cpp's converter would write it and quantized.
/// </summary>
internal sealed class HfLayout : IModelLayout
{
    private readonly LaidOutModel _converted;
    private readonly ModelDefinition? _files;
    private readonly Lazy<ModelDefinition?> _estimated;

    /// <summary>Creates a layout.</summary>
    /// <param name="converted">The model as the converter would write it.</param>
    /// <param name="nativeQuantization">The format of the weights, or null if it is not known.</param>
    /// <param name="files">The tensors of the files, or null where there is only a configuration.</param>
    public HfLayout(LaidOutModel converted, string? nativeQuantization, ModelDefinition? files)
    {
        _converted = converted;
        _files = files;
        NativeQuantization = nativeQuantization;
        _estimated = new Lazy<ModelDefinition?>(() => nativeQuantization is null
            ? null
            : NativeWeights.Apply(converted.Define("BF16", new List<string>()), nativeQuantization));
    }

    public string? NativeQuantization { get; }

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        var isOwn = quantization is null || quantization.Equals(NativeQuantization, StringComparison.OrdinalIgnoreCase);
        if (!isOwn || NativeQuantization is null) return _converted.Define(quantization, assumptions);
        if (_files is not null) return _files;
        if (_estimated.Value is not { } estimated) return Guess(assumptions);
        assumptions.Add(string.Format(
            CultureInfo.InvariantCulture,
            "The files of the model are not here: all matrices of its blocks are taken for {0}.", NativeQuantization));
        return estimated;
    }

    /// <summary>Exact where the format is one of llama.cpp's, a guess where four bits are taken for it.</summary>
    private ModelDefinition Guess(ICollection<string> assumptions)
    {
        if (FileType.Find(NativeQuantization!) is not null) return _converted.Define(NativeQuantization, assumptions);
        var four = _converted.Define(QuantizationNames.Usual, assumptions);
        assumptions.Add($"How large weights are in {NativeQuantization} is not known: {QuantizationNames.Usual} is " +
            "taken.");
        return new ModelDefinition(four.Metadata, four.Tensors, Accuracy.Approximate);
    }
}
