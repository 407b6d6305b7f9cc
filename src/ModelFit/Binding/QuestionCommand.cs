using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>The question: a model on hardware. Either the GPUs are named, or a machine is given whole.</summary>
public abstract class QuestionCommand : ModelQuestionCommand
{
    /// <summary>The parameter set of named GPUs.</summary>
    protected const string GpuSet = "Gpu";

    /// <summary>The parameter set of whole machines.</summary>
    protected const string MachineSet = "Machine";

    private HardwareResolver? _hardware;
    private EquatableArray<SpeedCalibration>? _calibration;
    private AnswerWriter? _writer;

    /// <summary>The GPUs of one machine: names, or what Get-GpuSpec emits. Several are one machine.</summary>
    [Parameter(Position = 1, ValueFromPipelineByPropertyName = true, ParameterSetName = GpuSet)]
    [ReferenceArgument(typeof(GpuReference), nameof(Gpu))]
    [ArgumentCompleter(typeof(GpuNameCompleter))]
    public GpuReference[]? Gpu { get; set; }

    /// <summary>The total of cards, never a multiplier.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = GpuSet)]
    [QuestionArgument(nameof(GpuCount))]
    [ArgumentCompleter(typeof(GpuCountCompleter))]
    public int[]? GpuCount { get; set; }

    /// <summary>Memory of one card: alone, a card that nobody named; with Gpu, that card's memory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true, ParameterSetName = GpuSet)]
    [Alias("Vram", "GpuMemoryBytes")]
    [QuestionArgument(nameof(GpuMemory))]
    [ArgumentCompleter(typeof(MemorySizeCompleter))]
    public long? GpuMemory { get; set; }

    /// <summary>System memory.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("SystemMemoryBytes")]
    [QuestionArgument(nameof(SystemMemory))]
    [ArgumentCompleter(typeof(MemorySizeCompleter))]
    public long? SystemMemory { get; set; }

    /// <summary>Bandwidth of the system memory in bytes a second, or as <c>89.6GB/s</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(MemoryBandwidth))]
    public long? MemoryBandwidth { get; set; }

    /// <summary>Whole machines: what Get-MachineSpec or ConvertTo-MachineSpec emits.</summary>
    [Parameter(Mandatory = true, ParameterSetName = MachineSet)]
    [AllowNull]
    [AllowEmptyCollection]
    [ReferenceArgument(typeof(MachineReference), nameof(Machine))]
    public MachineReference[]? Machine { get; set; }

    /// <summary>Memory kept free on each card; default is 1 GiB.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("ReserveBytes")]
    [QuestionArgument(nameof(Reserve))]
    public long? Reserve { get; set; }

    /// <summary>Pin: layers on the GPUs, the output layer counted (-ngl).</summary>
    [Parameter]
    [CountArgument(0)]
    public int? GpuLayers { get; set; }

    /// <summary>Pin: first layers whose experts stay in system memory (--n-cpu-moe).</summary>
    [Parameter]
    [CountArgument(0)]
    public int? CpuMoeLayers { get; set; }

    /// <summary>What New-ModelSpeedCalibration emitted, or the paths where that was saved.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public PSObject[]? Calibration { get; set; }

    /// <summary>Count total memory even where free memory was detected.</summary>
    [Parameter]
    public SwitchParameter IgnoreUsage { get; set; }

    private protected override bool AsksHardware => true;

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        base.OnBegin();
        if (Calibration is not { } given) return;
        _calibration = new EquatableArray<SpeedCalibration>(
            given.SelectMany(value => Require(() => SavedCalibrations.Of(this, value), value)));
    }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        Writer.NextRecord();
        base.OnRecord();
    }

    /// <inheritdoc/>
    protected override void OnEnd()
    {
        base.OnEnd();
        Writer.Finish();
    }

    private protected AnswerWriter Writer => _writer ??= new(this);

    private protected HardwareResolver Hardware => _hardware ??= new(Messages, Cancellation);

    /// <summary>Answers one question.</summary>
    private protected virtual void Answer(FitQuestion question, object? record)
    {
    }

    private protected override void Answer(QuestionInput input, bool isRow, object? record)
    {
        var machines = FindMachines(input, isRow, record);
        if (machines.Count == 0) return;
        var quantizations = FindQuantizations(input);
        if (quantizations.Count == 0) return;
        foreach (var model in FindModels(input, isRow, record))
        {
            foreach (var question in Questions(input, model, quantizations, machines)) Answer(question, record);
        }
    }

    /// <summary>Every machine of a record, in the order of counts, then machines; what fails is an error.</summary>
    private protected IReadOnlyList<MachineSpec> FindMachines(QuestionInput input, bool isRow, object? record)
    {
        var counts = input.GpuCounts?.Select(count => (int?)count) ?? new int?[] { null };
        IEnumerable<MachineReference?> references = input.Machines ?? Enumerable.Repeat<MachineReference?>(null, 1);
        var machines = new List<MachineSpec>();
        foreach (var count in counts)
        {
            foreach (var reference in references)
            {
                if (Attempt(() => Hardware.Resolve(input, reference, count, isRow), record, out var machine))
                    machines.Add(machine);
            }
        }

        return machines;
    }

    /// <summary>The questions about one model, in the order of the arrays, machines innermost.</summary>
    private protected IEnumerable<FitQuestion> Questions(
        QuestionInput input,
        AskedModel model,
        IReadOnlyList<string?> quantizations,
        IReadOnlyList<MachineSpec> machines) =>
        from question in Questions(input, model, quantizations)
        from machine in machines
        select question with
        {
            Machine = machine,
            Calibration = _calibration,
            IgnoreUsage = IgnoreUsage || input.IsRunning || question.IgnoreUsage,
            GpuLayers = GpuLayers ?? question.GpuLayers,
            CpuMoeLayers = CpuMoeLayers ?? question.CpuMoeLayers,
            IsLaunched = question.IsLaunched && GpuLayers is null && CpuMoeLayers is null,
        };
}
