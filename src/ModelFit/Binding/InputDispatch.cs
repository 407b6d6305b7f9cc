using System.Collections;
using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using ModelFit.Questions;

namespace ModelFit.Binding;

/// <summary>What an input object says of the question.</summary>
/// <param name="Input">The parts it gives.</param>
/// <param name="Owned">The parts that its equally named properties must not give again.</param>
/// <param name="IsRow">Whether it is a row of foreign data, whose columns are bound by name.</param>
internal readonly record struct Dispatched(QuestionInput Input, IReadOnlyCollection<QuestionPart> Owned, bool IsRow);

/// <summary>Tells by its type, live or deserialized, what an input object says; the first match counts.</summary>
internal static class InputDispatch
{
    private static readonly QuestionPart[] None = Array.Empty<QuestionPart>();
    private static readonly QuestionPart[] OfAnswer = { QuestionParts.CommandLine };
    private static readonly QuestionPart[] OfModel = { QuestionParts.Model, QuestionParts.Quantization };

    // The bandwidth of a card is its own, not the system's.
    private static readonly QuestionPart[] OfGpu =
        { QuestionParts.Gpu, QuestionParts.GpuMemory, QuestionParts.MemoryBandwidth };

    /// <summary>Dispatches one object; a text names a card where the model was typed.</summary>
    public static Dispatched Read(object value, bool modelIsTyped)
    {
        switch (TypeNames.Of(value))
        {
            case nameof(ModelFitResult) or nameof(MemoryFootprint) or nameof(OffloadPlan):
                return new(Again(RowReader.Read(value), value), QuestionParts.All, false);
            case nameof(MachineSpec):
                return new(Of(QuestionParts.Machine, new MachineReference(value)), QuestionParts.Hardware, false);
            case nameof(GpuSpec):
                return new(Of(QuestionParts.Gpu, new GpuReference(value)), OfGpu, false);
            case nameof(ModelSpec):
                return new(Of(QuestionParts.Model, new ModelReference(value)), OfModel, false);
            case nameof(PublishedFile):
                return new(Of(QuestionParts.Model, new ModelReference(Published(value))), OfModel, false);
            case nameof(QuantizationSpec):
                var name = ArgumentText.Text(PSObject.AsPSObject(value).Properties["Name"]?.Value);
                var input = name is null ? QuestionInput.Empty : Of(QuestionParts.Quantization, name);
                return new(input, OfModel, false);
        }

        return ArgumentText.Unwrap(value) switch
        {
            FileSystemInfo file => new(Of(QuestionParts.Model, new ModelReference(file)), None, false),
            Process => new(QuestionInput.Empty, None, false),
            string text => OfText(text, modelIsTyped),
            ValueType number when number is IConvertible => OfText(ArgumentText.Text(number)!, modelIsTyped),
            IDictionary => new(RowReader.Read(value), None, true),
            IList list => OfGpus(list),
            _ => OfRow(value),
        };
    }

    private static string Published(object file)
    {
        var columns = PSObject.AsPSObject(file).Properties;
        var repository = columns[nameof(PublishedFile.Repository)]?.Value;
        return $"{repository}:{columns[nameof(PublishedFile.Quantization)]?.Value}";
    }

    private static QuestionInput Of<T>(QuestionPart part, params T[] values) => QuestionInput.Empty.With(part, values);

    private static Dispatched OfText(string text, bool modelIsTyped) => new(
        modelIsTyped
            ? Of(QuestionParts.Gpu, new GpuReference(text))
            : Of(QuestionParts.Model, new ModelReference(text)),
        None,
        false);

    private static Dispatched OfGpus(IList list)
    {
        var gpus = list.Cast<object?>().Select(element => element ?? string.Empty).ToArray();
        if (gpus.Length > 0 && gpus.All(gpu => TypeNames.Is<GpuSpec>(gpu) || ArgumentText.Unwrap(gpu) is string))
            return new(Of(QuestionParts.Gpu, gpus.Select(Gpu).ToArray()), None, false);
        throw new ModelFitException(
            ErrorIds.InvalidArgument, "The input object is a list, but its elements are not GPUs.", list);
    }

    private static GpuReference Gpu(object value) => new(TypeNames.Of(value) is null ? value.ToString()! : value);

    // A row that says how its figures are known is an answer come back as text; a plan's launch line would pin what it
    // chose.
    private static Dispatched OfRow(object row) => RowReader.Column(row, nameof(ModelAnswer.Accuracy)) is null
        ? new(RowReader.ReadNames(row), None, true)
        : new(Again(RowReader.ReadNames(row), row), OfAnswer, true);

    private static QuestionInput Again(QuestionInput input, object answer) =>
        input.Without(QuestionParts.CommandLine) with { Again = AskedAgain.Read(answer) };
}
