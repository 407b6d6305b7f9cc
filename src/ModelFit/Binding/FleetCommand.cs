using System.Management.Automation;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Binding;

/// <summary>What cmdlets about a whole fleet share: typed questions, and machines from the pipeline.</summary>
public abstract class FleetCommand : ModelQuestionCommand
{
    private readonly List<LabelledMachine> _machines = new();
    private readonly List<IReadOnlyDictionary<string, object?>> _rows = new();
    private readonly Dictionary<string, string> _labels = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Memory kept free on each card; default is 1 GiB.</summary>
    [Parameter]
    [Alias("ReserveBytes")]
    [SizeArgument(AllowZero = true)]
    public long? Reserve { get; set; }

    /// <summary>Count total memory even where free memory was detected.</summary>
    [Parameter]
    public SwitchParameter IgnoreUsage { get; set; }

    /// <summary>The questions, in order.</summary>
    private protected List<FitQuestion> Asked { get; } = new();

    /// <summary>Rack, room or site of a piped machine; null if it has none.</summary>
    private protected virtual string? LabelOfRecord => null;

    /// <summary>The rows that ask, besides what was typed; one null where the parameters alone do.</summary>
    private protected virtual IEnumerable<PSObject?> AskingRows => new PSObject?[] { null };

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        base.OnBegin();
        foreach (var row in AskingRows) Process(row);
    }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        if (InputObject is not { } value) return;
        if (TypeNames.Is<MachineSpec>(value) || Rehydration.IsSavedMachine(value))
        {
            if (Attempt(() => Rehydration.Machine(value, Messages), value, out var machine))
                _machines.Add(new LabelledMachine(machine, LabelOfRecord));
            return;
        }

        if (LabelOfRecord is { } label && RowReader.ReadNames(value).ComputerName is { } name) _labels[name] = label;
        _rows.Add(ObjectRow.Of(value));
    }

    private protected override void Answer(QuestionInput input, bool isRow, object? record)
    {
        var quantizations = FindQuantizations(input);
        foreach (var model in FindModels(input, isRow, record))
        {
            foreach (var question in Questions(input, model, quantizations)) Ask(question with
            {
                ReserveBytes = Reserve ?? question.ReserveBytes,
                IgnoreUsage = IgnoreUsage,
            }, record);
        }
    }

    /// <summary>Takes a question that a row asked, or the parameters.</summary>
    private protected virtual void Ask(FitQuestion question, object? row) => Asked.Add(question);

    /// <summary>The machines that were piped; rows are an inventory, and what cannot be read an error each.</summary>
    private protected IReadOnlyList<LabelledMachine> Machines()
    {
        if (_rows.Count > 0)
        {
            var read = InventoryReader.ReadRows(
                _rows, null, GpuCatalogLookup.Instance, Messages, failure => WriteFailure(failure, failure.Target));
            if (Attempt(() => read.ToArray(), null, out var machines))
                _machines.AddRange(machines.Select(machine => new LabelledMachine(machine, LabelOf(machine))));
        }

        return _machines;
    }

    private string? LabelOf(MachineSpec machine) =>
        machine.ComputerName is { } name && _labels.TryGetValue(name, out var label) ? label : null;
}
