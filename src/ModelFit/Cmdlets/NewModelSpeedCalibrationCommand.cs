using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
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
public sealed class NewModelSpeedCalibrationCommand : ModelFitCommand
{
    private const string InputSet = "Input";
    private const string PathSet = "Path";
    private const string LiteralPathSet = "LiteralPath";

    private readonly List<string> _texts = new();
    private readonly List<string> _lines = new();
    private readonly List<string> _files = new();

    /// <summary>Lines that a benchmark wrote, or its files.</summary>
    [Parameter(Mandatory = true, Position = 0, ValueFromPipeline = true, ParameterSetName = InputSet)]
    [AllowEmptyString]
    [AllowNull]
    public PSObject?[]? InputObject { get; set; }

    /// <inheritdoc/>
    private protected override object? Record => InputObject;

    /// <summary>Paths of what benchmarks wrote, with wildcards.</summary>
    [Parameter(Mandatory = true, ParameterSetName = PathSet)]
    [SupportsWildcards]
    public string[] Path { get; set; } = Array.Empty<string>();

    /// <summary>Paths of what benchmarks wrote, literally.</summary>
    [Parameter(Mandatory = true, ValueFromPipelineByPropertyName = true, ParameterSetName = LiteralPathSet)]
    [Alias("PSPath")]
    public string[] LiteralPath { get; set; } = Array.Empty<string>();

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
        foreach (var path in Path) Add(path, () => ModelPaths.Expand(this, path));
        foreach (var path in LiteralPath) Add(path, () => new[] { ModelPaths.Literal(this, path) });
        foreach (var element in InputObject ?? Array.Empty<PSObject?>())
        {
            if (ArgumentText.Unwrap(element) is FileInfo file) Add(file.FullName, () => new[] { file.FullName });
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
        return FitEngine.Calibrate(_texts, machine, Model, Quantization, Messages);
    }

    private void Add(string path, Func<IReadOnlyList<string>> expand)
    {
        if (!Attempt(expand, path, out var files)) return;
        foreach (var file in files)
        {
            if (!Attempt(() => FileOpener.Text(file, FileOpener.TextBytes, Cancellation), file, out var text)) continue;
            _texts.Add(text);
            _files.Add(file);
        }
    }
}
