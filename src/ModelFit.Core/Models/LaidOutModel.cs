using System;
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
    private readonly bool _isConfirmed;
    private readonly DefinitionMemo _definitions = new();
    private Hyperparameters? _model;

    /// <summary>Creates a layout.</summary>
    /// <param name="read">Gives the hyperparameters, asked for once, on first use.</param>
    /// <param name="parameterCount">The published number of parameters, for architectures without a layout.</param>
    /// <param name="isConfirmed">Whether the hyperparameters reproduce a published number of parameters.</param>
    public LaidOutModel(Func<Hyperparameters> read, long? parameterCount, bool isConfirmed = true)
    {
        _read = read;
        _isConfirmed = isConfirmed;
        _parameterCount = parameterCount;
    }

    /// <inheritdoc/>
    public string? NativeQuantization => null;

    /// <summary>The dimensions.</summary>
    public Hyperparameters Model => _model ??= _read();

    private TensorLayout? Layout =>
        Model.HasBlocks ? TensorLayouts.Find(Model.Architecture) : null;

    /// <inheritdoc/>
    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (Layout is null) assumptions.Add(ParameterSpread.Assumption(Model, _parameterCount));
        var name = quantization ?? DefaultQuantization;
        if (OtherFormat(name) is { } other)
        {
            assumptions.Add($"{name} is estimated: its scales and the layers it leaves out vary from file to file.");
            return other;
        }
        var fileType = QuantizationNames.FileTypeFor(name, assumptions);
        return _definitions.Get(fileType.Name, () => Build(fileType));
    }

    private ModelDefinition? OtherFormat(string name) =>
        NativeWeights.Knows(name)
            ? _definitions.Get(name, () => NativeWeights.Apply(Build(FileType.Find("BF16")!), name)!)
            : null;

    private ModelDefinition Build(FileType fileType)
    {
        var list = new TensorList(Model, fileType.IsQuantized ? TensorType.F16 : fileType.Base);
        if (Layout is { } layout) layout.Build(list);
        else ParameterSpread.Build(list, _parameterCount);
        var tensors = QuantizationMix.Apply(Model.Metadata, list.Tensors, fileType);
        return new ModelDefinition(Model.Metadata, tensors, AccuracyOfLayout(list.Tensors));
    }

    private Accuracy AccuracyOfLayout(IReadOnlyList<TensorInfo> tensors)
    {
        if (Layout is not { } layout) return Accuracy.Approximate;
        return _isConfirmed || IsReproduced(tensors) ? layout.Accuracy : Accuracy.Modelled;
    }

    private bool IsReproduced(IReadOnlyList<TensorInfo> tensors)
    {
        const double tolerance = 0.001;
        if (_parameterCount is not { } published) return false;
        long laidOut = 0;
        foreach (var tensor in tensors) laidOut += tensor.Elements;
        return Math.Abs(laidOut - published) <= tolerance * published;
    }
}
