using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using ModelFit.Architectures.Layouts;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Formats;

/// <summary>A model whose tensors a file names: as they are, or their shapes at another quantization.</summary>
internal sealed class FileLayout : IModelLayout
{
    private readonly ModelDefinition _own;
    private readonly ConcurrentDictionary<string, ModelDefinition> _others = new(StringComparer.Ordinal);

    /// <summary>Creates the layout of a file's own definition and quantization.</summary>
    public FileLayout(ModelDefinition own, string nativeQuantization)
    {
        _own = own;
        NativeQuantization = nativeQuantization;
    }

    /// <inheritdoc/>
    public string NativeQuantization { get; }

    /// <inheritdoc/>
    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (quantization is null || quantization.Equals(NativeQuantization, StringComparison.OrdinalIgnoreCase))
            return _own;
        var fileType = QuantizationNames.FileTypeFor(quantization, assumptions);
        var definition = _others.GetOrAdd(fileType.Name, _ => Requantize(fileType));
        if (definition.Fallback is { } fallback) assumptions.Add(fallback);
        return definition;
    }

    private ModelDefinition Requantize(FileType fileType)
    {
        var tensors = QuantizationMix.Apply(_own.Metadata, _own.Tensors, fileType);
        var accuracy = TensorLayouts.Find(_own.Architecture)?.Accuracy ?? Accuracy.Modelled;
        return new(_own.Metadata, tensors, accuracy) { Fallback = ShapeFallback.Sentence(tensors, fileType) };
    }
}
