using System.IO;
using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Fit;
using ModelFit.Hardware;

namespace ModelFit.Cmdlets;

/// <summary>Emits how far measurements of a machine are from what is predicted.</summary>
[Cmdlet(
    VerbsCommon.New, "ModelSpeedCalibration", DefaultParameterSetName = InputSet,
    HelpUri = ProjectAddress.Pages + "New-ModelSpeedCalibration.md")]
[OutputType(typeof(SpeedCalibration))]
public sealed class NewModelSpeedCalibrationCommand : FilesCommand
{
    private const string InputSet = "Input";

    private readonly List<string> _texts = new();
    private readonly List<string> _lines = new();
    private readonly List<string> _files = new();

    /// <summary>Lines that a benchmark wrote, or its files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowEmptyString]
    [AllowNull]
    public PSObject?[]? InputObject { get; set; }

    private protected override object? Record => InputObject;

    /// <summary>The cards that were measured; default is what the rows name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(GpuNameCompleter))]
    [TextArgument]
    public string? Gpu { get; set; }

    /// <summary>The model of rows that name none, by name.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    [TextArgument]
    public string? Model { get; set; }

    /// <summary>The quantization of rows whose model does not say it.</summary>
    [Parameter]
    [ArgumentCompleter(typeof(QuantizationNameCompleter))]
    [TextArgument]
    public string? Quantization { get; set; }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        foreach (var file in Files()) Add(file);
        foreach (var element in InputObject ?? Array.Empty<PSObject?>())
        {
            if (ArgumentText.Unwrap(element) is FileInfo file) Add(file.FullName);
            else if (ArgumentText.Unwrap(element) is string line) _lines.Add(line);
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        if (_lines.Count > 0) _texts.Add(string.Join("\n", _lines));
        if (_texts.Count == 0) return;
        if (!Attempt(Make, Path.Concat(LiteralPath).FirstOrDefault(), out var calibration)) return;
        if (_files.Count > 0) calibration.Source = string.Join("; ", _files);
        WriteObject(calibration);
    }

    private SpeedCalibration Make()
    {
        var machine = Gpu is null
            ? null
            : new MachineSpec().WithGpus(GpuCatalog.ResolveMany(Gpu, null, Messages), GpuCatalogLookup.Instance);
        return FitEngine.Calibrate(_texts, machine, Model, Quantization, Messages, Cancellation);
    }

    private void Add(string file)
    {
        if (!Attempt(() => FileOpener.Text(file, FileOpener.TextBytes, Cancellation), file, out var text)) return;
        _texts.Add(text);
        _files.Add(file);
    }
}
