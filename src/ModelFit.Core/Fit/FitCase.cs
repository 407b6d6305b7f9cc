using System;
using System.Collections.Generic;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>A question with its model laid out, its machine counted and its search begun.</summary>
internal sealed class FitCase
{
    /// <summary>The quantization of a catalog model where none is asked for.</summary>
    public const string DefaultQuantization = "Q4_K_M";

    private readonly Lazy<PlacementSearch> _search;

    private FitCase(FitQuestion question, string? quantization, ModelDefinition definition)
    {
        Question = question;
        Quantization = quantization;
        Definition = definition;
        Machine = MachineBudget.For(question);
        if (Machine.PoolBytes == 0 && question.Machine is { } machine && IsUnknown(machine)) throw NoMemory(machine);
        _search = new Lazy<PlacementSearch>(
            () => new PlacementSearch(definition, question.Options, Machine, PlacementPins.Of(question)));
    }

    /// <summary>The question as it was asked.</summary>
    public FitQuestion Question { get; }

    /// <summary>The quantization by name; null if the model does not say.</summary>
    public string? Quantization { get; }

    /// <summary>The tensors.</summary>
    public ModelDefinition Definition { get; }

    /// <summary>What the machine offers.</summary>
    public MachineBudget Machine { get; }

    /// <summary>Where the model can go.</summary>
    public PlacementSearch Search => _search.Value;

    /// <summary>Lays the model out; what that assumed is said in verbose.</summary>
    public static FitCase Of(FitQuestion question, IMessageSink messages)
    {
        var layout = question.Model.Layout ?? throw new ModelFitException(
            ErrorIds.ModelNotFound,
            FailureKind.InvalidData,
            $"The model {question.Model.Name} has no dimensions to estimate from.",
            question.Model.Name);
        var quantization = question.Quantization ?? layout.NativeQuantization
            ?? (question.Model.ModelPath is null ? DefaultQuantization : null);
        var assumptions = new List<string>();
        var definition = layout.Define(quantization, assumptions);
        foreach (var assumption in assumptions) messages.Verbose(assumption);
        return new FitCase(question, quantization, definition);
    }

    private static bool IsUnknown(MachineSpec machine) =>
        machine.SystemMemoryBytes is null && machine.Gpus[0].MemoryBytes is null;

    private static ModelFitException NoMemory(MachineSpec machine) => new(
        ErrorIds.MissingColumn,
        FailureKind.InvalidArgument,
        $"no memory: {machine.Gpus[0].Name} shares the system's, and neither SystemMemory nor GpuMemory says how much.",
        machine.Gpus[0].Name);

    /// <summary>The same question with another context; silent.</summary>
    public FitCase WithContext(int tokens) => With(question => question with
    {
        Options = question.Options with { ContextLength = tokens },
    });

    /// <summary>The same question otherwise, for searches; silent.</summary>
    public FitCase With(Func<FitQuestion, FitQuestion> change) => Of(change(Question), NullSink.Instance);
}
