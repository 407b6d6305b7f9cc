using System.Globalization;
using System.Management.Automation;
using ModelFit.Binding;

namespace ModelFit.Cmdlets;

/// <summary>Makes the value of -RuntimeOption: what few people touch.</summary>
[Cmdlet(VerbsCommon.New, "ModelRuntimeOption", HelpUri = ProjectAddress.Pages + "New-ModelRuntimeOption.md")]
[OutputType(typeof(ModelRuntimeOption))]
public sealed class NewModelRuntimeOptionCommand : ModelFitCommand
{
    /// <summary>Rows of logits kept; 0 is one a token of the batch.</summary>
    [Parameter]
    [CountArgument(0)]
    public int? OutputCount { get; set; }

    /// <summary>One cache shared by all sequences.</summary>
    [Parameter]
    public SwitchParameter KvUnified { get; set; }

    /// <summary>A full-size cache for sliding-window layers too.</summary>
    [Parameter]
    public SwitchParameter SwaFull { get; set; }

    /// <summary>Keep the KV cache in system memory.</summary>
    [Parameter]
    public SwitchParameter NoKvOffload { get; set; }

    /// <summary>Keep large host operations on the processor.</summary>
    [Parameter]
    public SwitchParameter NoOpOffload { get; set; }

    /// <summary>Read the file instead of mapping it.</summary>
    [Parameter]
    public SwitchParameter NoMmap { get; set; }

    /// <summary>Do not repack host weights for the processor.</summary>
    [Parameter]
    public SwitchParameter NoRepack { get; set; }

    /// <summary>How several GPUs share the model.</summary>
    [Parameter]
    [ChoiceArgument(typeof(GpuSplitMode))]
    public GpuSplitMode? SplitMode { get; set; }

    /// <summary>Share of each GPU.</summary>
    [Parameter]
    [ShareArgument]
    public double[]? TensorSplit { get; set; }

    /// <summary>The GPU that is used where one is.</summary>
    [Parameter]
    [CountArgument(0)]
    public int? MainGpu { get; set; }

    /// <summary>The backend; default follows the vendor of the GPUs.</summary>
    [Parameter]
    [ChoiceArgument(typeof(ComputeBackend))]
    public ComputeBackend? Backend { get; set; }

    /// <summary>Load the multi-token-prediction layers and their context too.</summary>
    [Parameter]
    public SwitchParameter LoadMtp { get; set; }

    /// <inheritdoc/>
    protected override void OnEnd() => WriteObject(new ModelRuntimeOption
    {
        OutputCount = OutputCount,
        KvUnified = KvUnified,
        SwaFull = SwaFull,
        NoKvOffload = NoKvOffload,
        NoOpOffload = NoOpOffload,
        NoMmap = NoMmap,
        NoRepack = NoRepack,
        SplitMode = SplitMode?.ToString(),
        TensorSplit = TensorSplit is null ? null : string.Join(",", TensorSplit.Select(Text)),
        MainGpu = MainGpu,
        Backend = Backend?.ToString(),
        LoadMtp = LoadMtp,
    });

    private static string Text(double share) => share.ToString("R", CultureInfo.InvariantCulture);
}
