using System;
using System.Collections.Concurrent;
using System.Collections.Generic;

namespace ModelFit.Models;

/// <summary>
/// A model known by its hyperparameters only: its tensors are laid out by <see cref="TensorLayouts"/> and typed by
/// <see cref="QuantizationMix"/>. Without a layout for the architecture, its parameters are spread over its layers.
/// </summary>
internal sealed class LaidOutModel : IModelLayout
{
    private const string DefaultQuantization = "Q4_K_M";

    private readonly Func<Hyperparameters> _read;
    private readonly long? _parameterCount;
    private readonly ConcurrentDictionary<string, ModelDefinition> _definitions = new(StringComparer.Ordinal);
    private Hyperparameters? _model;

    /// <summary>Creates a layout.</summary>
    /// <param name="read">Gives the hyperparameters, asked for once, on first use.</param>
    /// <param name="parameterCount">The published number of parameters, for architectures without a layout.</param>
    public LaidOutModel(Func<Hyperparameters> read, long? parameterCount)
    {
        _read = read;
        _parameterCount = parameterCount;
    }

    /// <inheritdoc/>
    public string? NativeQuantization => null;

    /// <summary>The dimensions.</summary>
    public Hyperparameters Model => _model ??= _read();

    /// <inheritdoc/>
    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        var fileType = QuantizationNames.FileTypeFor(quantization ?? DefaultQuantization, assumptions);
        var definition = _definitions.GetOrAdd(fileType.Name, _ => Build(fileType));
        if (TensorLayouts.Find(Model.Architecture) is null)
            assumptions.Add(ParameterSpread.Assumption(Model, _parameterCount));
        return definition;
    }

    private ModelDefinition Build(FileType fileType)
    {
        var layout = TensorLayouts.Find(Model.Architecture);
        var list = new TensorList(Model, fileType.IsQuantized ? TensorType.F16 : fileType.Base);
        if (layout is not null) layout.Build(list);
        else ParameterSpread.Build(list, _parameterCount);
        var tensors = QuantizationMix.Apply(Model.Metadata, list.Tensors, fileType);
        return new ModelDefinition(Model.Metadata, tensors, layout?.Accuracy ?? Accuracy.Approximate);
    }
}
