using System;
using System.Collections;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>What an input object says of the question.</summary>
/// <param name="Input">The parts it gives.</param>
/// <param name="Owned">The parts that its equally named properties must not give again.</param>
/// <param name="IsRow">Whether it is a row of foreign data, whose columns are bound by name.</param>
internal readonly record struct Dispatched(QuestionInput Input, QuestionFields Owned, bool IsRow);

/// <summary>Tells by its type, live or deserialized, what an input object says; the first match counts.</summary>
internal static class InputDispatch
{
    private const QuestionFields GpuFields = QuestionFields.Gpu | QuestionFields.GpuMemory;
    private const QuestionFields ModelFields = QuestionFields.Model | QuestionFields.Quantization;

    /// <summary>Dispatches one object; a text names a card where the model was typed.</summary>
    public static Dispatched Read(object value, bool modelIsTyped)
    {
        switch (TypeNames.Of(value))
        {
            case nameof(ModelFitResult) or nameof(MemoryFootprint) or nameof(OffloadPlan):
                return new(RowReader.Read(value) with { CommandLine = null }, QuestionFields.All, false);
            case nameof(MachineSpec):
                return new(new() { Machines = new[] { new MachineReference(value) } }, QuestionFields.Hardware, false);
            case nameof(GpuSpec):
                return new(new() { Gpus = new[] { new GpuReference(value) } }, GpuFields, false);
            case nameof(ModelSpec):
                return new(new() { Models = new[] { new ModelReference(value) } }, ModelFields, false);
            case nameof(QuantizationSpec):
                var name = ArgumentText.Text(PSObject.AsPSObject(value).Properties["Name"]?.Value);
                return new(new() { Quantizations = name is null ? null : new[] { name } }, ModelFields, false);
        }

        return ArgumentText.Unwrap(value) switch
        {
            FileSystemInfo file => OfModel(new ModelReference((object)file)),
            Process => new(QuestionInput.Empty, QuestionFields.None, false),
            string text => OfText(text, modelIsTyped),
            ValueType number when number is IConvertible => OfText(ArgumentText.Text(number)!, modelIsTyped),
            IDictionary => new(RowReader.Read(value), QuestionFields.None, true),
            IList list => OfGpus(list),
            _ => new(RowReader.ReadNames(value), OwnedByRow(value), true),
        };
    }

    private static Dispatched OfModel(ModelReference model) =>
        new(new() { Models = new[] { model } }, QuestionFields.None, false);

    private static Dispatched OfText(string text, bool modelIsTyped) => modelIsTyped
        ? new(new() { Gpus = new[] { new GpuReference((object)text) } }, QuestionFields.None, false)
        : OfModel(new ModelReference((object)text));

    private static Dispatched OfGpus(IList list)
    {
        var gpus = list.Cast<object?>().Select(element => element ?? string.Empty).ToArray();
        if (gpus.Length > 0 && gpus.All(gpu => TypeNames.Is<GpuSpec>(gpu) || ArgumentText.Unwrap(gpu) is string))
            return new(new() { Gpus = gpus.Select(Gpu).ToArray() }, QuestionFields.None, false);
        throw new ModelFitException(
            ErrorIds.InvalidArgument, FailureKind.InvalidArgument,
            "The input object is a list of something else than GPUs.", list);
    }

    private static GpuReference Gpu(object value) => new(TypeNames.Of(value) is null ? value.ToString()! : value);

    // A row that has a verdict is an answer come back as text; a plan's launch line would pin what it chose.
    private static QuestionFields OwnedByRow(object row) =>
        RowReader.Column(row, "Verdict") is null ? QuestionFields.None : QuestionFields.CommandLine;
}
