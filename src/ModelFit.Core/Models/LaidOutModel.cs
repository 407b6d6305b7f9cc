using System;
using System.Collections.Generic;
using ModelFit.Architectures.Layouts;
using ModelFit.Quantization;

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
    private readonly long? _activeCount;
    private readonly string? _doubt;
    private readonly DefinitionMemo _definitions = new();
    private Hyperparameters? _model;
    private Hyperparameters? _supposed;

    /// <summary>Creates a layout.</summary>
    /// <param name="read">Gives the hyperparameters, asked for once, on first use.</param>
    /// <param name="parameterCount">The published number of parameters, for architectures without a layout.</param>
    /// <param name="activeCount">How many of them a token needs, if it is known.</param>
    /// <param name="doubt">What is not known of the hyperparameters, in a sentence; null if nothing is.</param>
    public LaidOutModel(
        Func<Hyperparameters> read, long? parameterCount, long? activeCount = null, string? doubt = null)
    {
        _read = read;
        _activeCount = activeCount;
        _doubt = doubt;
        _parameterCount = parameterCount;
    }

    /// <inheritdoc/>
    public string? NativeQuantization => null;

    /// <summary>The dimensions.</summary>
    public Hyperparameters Model => _model ??= _read();

    /// <summary>The dimensions, or supposed ones where nothing but the size is known.</summary>
    private Hyperparameters Shape => Model.HasBlocks || Model.Layers > 0
        ? Model
        : _supposed ??= SupposedDimensions.Of(Model, _parameterCount, _activeCount);

    private TensorLayout? Layout =>
        Model.HasBlocks ? TensorLayouts.Find(Model.Architecture) : null;

    /// <inheritdoc/>
    public ModelDefinition Define(string? quantization, ICollection<string> assumptions)
    {
        if (Layout is null && _parameterCount is null) throw SizeUnknown();
        if (Layout is null) assumptions.Add(
            ParameterSpread.Assumption(Model.Architecture, Shape, _parameterCount, isSupposed: Shape != Model));
        else if (_doubt is not null) assumptions.Add(_doubt);
        var name = quantization ?? DefaultQuantization;
        if (OtherFormat(name) is { } other)
        {
            assumptions.Add($"{name} is estimated: its scales and the layers it leaves out vary from file to file.");
            return other;
        }
        var fileType = QuantizationNames.FileTypeFor(name, assumptions);
        var definition = _definitions.Get(fileType.Name, () => Build(fileType));
        if (definition.Fallback is { } fallback) assumptions.Add(fallback);
        return definition;
    }

    private ModelFitException SizeUnknown() => new(
        ErrorIds.ModelSizeUnknown,
        FailureKind.InvalidArgument,
        $"How large this model is, is not known: no tensor layout of architecture '{Model.Architecture}' is known, and "
            + "nothing says its number of parameters. Name it (Get-ModelSpec -Path ... -ParameterCount 21B), or read "
            + "its weights or their index.",
        Model.Architecture);

    private ModelDefinition? OtherFormat(string name) =>
        NativeWeights.Knows(name)
            ? _definitions.Get(name, () => NativeWeights.Apply(Build(FileType.Find("BF16")!), name)!)
            : null;

    private ModelDefinition Build(FileType fileType)
    {
        var list = new TensorList(Shape, fileType.IsQuantized ? TensorType.F16 : fileType.Base);
        if (Layout is { } layout) layout.Build(list);
        else ParameterSpread.Build(list, _parameterCount);
        var tensors = QuantizationMix.Apply(Shape.Metadata, list.Tensors, fileType);
        return new ModelDefinition(Shape.Metadata, tensors, AccuracyOfLayout)
        {
            Fallback = ShapeFallback.Sentence(tensors, fileType),
        };
    }

    private Accuracy AccuracyOfLayout =>
        Layout is not { } layout ? Accuracy.Approximate
        : _doubt is null || layout.Accuracy > Accuracy.Modelled ? layout.Accuracy
        : Accuracy.Modelled;
}
