using System.Globalization;
using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Common.Remote;
using ModelFit.Fleet;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Cmdlets;

/// <summary>Emits the machines of what others exported: text, rows, files, or what came back from remoting.</summary>
[Cmdlet(
    VerbsData.ConvertTo, "MachineSpec", DefaultParameterSetName = InputSet,
    HelpUri = ProjectAddress.Pages + "ConvertTo-MachineSpec.md")]
[OutputType(typeof(MachineSpec))]
public sealed class ConvertToMachineSpecCommand : FilesCommand
{
    /// <summary>What <c>Select-String</c> writes: the line that it found, and where.</summary>
    private const string Found = "Microsoft.PowerShell.Commands.MatchInfo";

    private const string InputSet = "Input";
    private const string UriSet = "Uri";

    private static readonly TimeSpan UriLimit = TimeSpan.FromSeconds(60);

    private readonly PipedText _text = new();
    private readonly List<IReadOnlyDictionary<string, object?>> _rows = new();

    /// <summary>Lines of text, rows, CIM objects, files, machines that came back from remoting.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [Parameter(ValueFromPipeline = true, ParameterSetName = LiteralPathSet)]
    [AllowEmptyString]
    [AllowNull]
    [AllowEmptyCollection]
    public PSObject?[]? InputObject { get; set; }

    private protected override object? Record => InputObject;

    /// <summary>Addresses of inventories, for example of a Prometheus server.</summary>
    [Parameter(Mandatory = true, ParameterSetName = UriSet)]
    public string[] Uri { get; set; } = Array.Empty<string>();

    /// <summary>
    /// Name and password for the addresses; without it the token in <c>MODELFIT_INVENTORY_TOKEN</c> is sent, if there
    /// is one.
    /// </summary>
    [Parameter(ParameterSetName = UriSet)]
    [Credential]
    public PSCredential? Credential { get; set; }

    /// <summary>Emit a machine with an error id for each one that could not be read, instead of an error.</summary>
    [Parameter]
    public SwitchParameter IncludeFailed { get; set; }

    /// <summary>The culture of the numbers, for example de-DE; without it they are read as what they must be.</summary>
    [Parameter]
    public CultureInfo? Culture { get; set; }

    private InventoryOptions Options => new(Culture, Cancellation);

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        switch (ParameterSetName)
        {
            case InputSet:
            // Lines that carry the path of their file are text: the pipeline binds both, and what is piped decides.
            case LiteralPathSet when !IsTyped(nameof(LiteralPath)) && InputObject is not null:
                foreach (var element in InputObject ?? Array.Empty<PSObject?>()) Collect(element);
                break;
            case PathSet:
            case LiteralPathSet:
                foreach (var file in Files()) WriteFile(file);
                break;
            default:
                foreach (var address in Uri) WriteAddress(address);
                break;
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        foreach (var whole in _text.End()) WriteText(whole.Text, whole.Path, whole.Computer);
        if (_rows.Count > 0) WriteMachines(failed => InventoryReader.ReadRows(
            _rows, null, GpuCatalogLookup.Instance, Messages, failed, Options));
    }

    private void Collect(PSObject? element)
    {
        switch (ArgumentText.Unwrap(element))
        {
            case null:
                break;
            case string line:
                if (_text.Add(line, Note(element, "PSPath"), Note(element, "PSComputerName")) is { } whole)
                    WriteText(whole.Text, whole.Path, whole.Computer);
                break;
            case object when TypeNames.Is<MachineSpec>(element):
                if (Attempt(() => Rehydration.Machine(element!, Messages), element, out var machine))
                    WriteObject(machine);
                break;
            case object when element!.TypeNames.Any(name => name.EndsWith(Found, StringComparison.Ordinal)):
                Collect(PSObject.AsPSObject(element.Properties["Line"].Value));
                break;
            case FileInfo file:
                WriteFile(file.FullName);
                break;
            default:
                var row = ObjectRow.Of(element!);
                if (!InventoryReader.IsRow(row) && (Note(element, nameof(LiteralPath)) ?? Note(element, "PSPath"))
                    is { } path)
                {
                    if (Attempt(() => ModelPaths.OfRecord(this, path), path, out var named)) WriteFile(named);
                }
                else _rows.Add(row);
                break;
        }
    }

    private static string? Note(PSObject? element, string name) =>
        ArgumentText.Text(element!.Properties[name]?.Value);

    private void WriteAddress(string address)
    {
        var shown = AddressText.Show(address);
        var access = InventoryAccess.Of(Credential?.GetNetworkCredential());
        if (!AttemptLong(
            () => InventoryAddress.Texts(address, access, UriLimit, Messages, Cancellation).ToList(), shown,
            out var texts))
            return;
        foreach (var text in texts) WriteText(text, shown);
    }

    private void WriteFile(string file)
    {
        if (Attempt(() => InventoryFile.Read(file, Cancellation), file, out var text)) WriteText(text, file);
    }

    private void WriteText(string text, string? source, string? computer = null) => WriteMachines(
        failed => InventoryReader.ReadText(
            text, source, GpuCatalogLookup.Instance, Messages, failed, computer, Options),
        computer);

    private void WriteMachines(Func<Action<ModelFitException>, IEnumerable<MachineSpec>> read, string? computer = null)
    {
        var failures = new List<ModelFitException>();
        if (!Attempt(() => Machines(read, failures), null, out var machines)) return;
        foreach (var failure in failures)
        {
            if (IncludeFailed) WriteObject(FailedMachines.Of(failure.ComputerName ?? computer, failure));
            else WriteFailure(failure);
        }

        WriteObject(machines, true);
    }

    /// <summary>The machines; what ends the reading is a failure as those of single machines are.</summary>
    private static MachineSpec[] Machines(
        Func<Action<ModelFitException>, IEnumerable<MachineSpec>> read, List<ModelFitException> failures)
    {
        try
        {
            return read(failures.Add).ToArray();
        }
        catch (ModelFitException error)
        {
            failures.Add(error);
            return Array.Empty<MachineSpec>();
        }
    }
}
