using System.Collections;
using System.Management.Automation;
using ModelFit.Catalog;
using ModelFit.Questions;
using ModelFit.Runtimes;

namespace ModelFit.Binding;

/// <summary>
/// The question, without hardware: which model, how quantized, how run. Everything is optional; what a record of the
/// pipeline says is found by its type or by its columns, and what was typed counts before it.
/// </summary>
public abstract class ModelQuestionCommand : ModelFitCommand
{
    private readonly Memo<string, LaunchLine> _lines = new(StringComparer.Ordinal);
    private readonly Memo<string, IReadOnlyList<QuantizationSpec>> _quantizations = new(StringComparer.Ordinal);
    private ModelResolver? _models;
    private readonly List<QuestionPart> _typed = new();
    private QuestionInput? _said;
    private QuestionPart[] _unsaid = Array.Empty<QuestionPart>();
    private CompanionFiles? _files;
    private RowNumber? _rows;
    private object? _row;

    /// <summary>The model: a catalog name or wildcard, a path, or what Get-ModelSpec emits.</summary>
    [Parameter(Position = 0, ValueFromPipelineByPropertyName = true)]
    [ReferenceArgument(typeof(ModelReference), nameof(Model))]
    [ArgumentCompleter(typeof(ModelNameCompleter))]
    public ModelReference[]? Model { get; set; }

    /// <summary>The quantization, by name or wildcard; default is the file's own, else Q4_K_M.</summary>
    [Parameter(Position = 2, ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(Quantization))]
    [ArgumentCompleter(typeof(QuantizationNameCompleter))]
    [SupportsWildcards]
    public string[]? Quantization { get; set; }

    /// <summary>Tokens each sequence can hold; default is 8192, or the model's maximum if that is less.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(ContextLength)), ArgumentCompleter(typeof(ContextLengthCompleter))]
    public int[]? ContextLength { get; set; }

    /// <summary>Sequences served at once; default is 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(ParallelSequences))]
    public int? ParallelSequences { get; set; }

    /// <summary>Sequences that generate at the same time, for speed; default is 1.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(ActiveSequences))]
    public int? ActiveSequences { get; set; }

    /// <summary>Tokens already in the cache of each sequence, for speed; default is 0.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(UsedContext))]
    public int? UsedContext { get; set; }

    /// <summary>Tokens of a prompt, for speed; default is 512.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(PromptLength))]
    public int? PromptLength { get; set; }

    /// <summary>Tokens a second that each sequence must reach; slower is no yes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(MinimumTokensPerSecond))]
    public double? MinimumTokensPerSecond { get; set; }

    /// <summary>Watts that each card may draw; default is its own limit.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(PowerLimit))]
    public int? PowerLimit { get; set; }

    /// <summary>What the disk with the model file reads in bytes a second, or as <c>3.5GB/s</c>.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(DiskBandwidth))]
    public long? DiskBandwidth { get; set; }

    /// <summary>Logical batch in tokens; default is 2048.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(BatchSize))]
    public int? BatchSize { get; set; }

    /// <summary>Micro-batch in tokens; default is 512.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(MicroBatchSize))]
    public int? MicroBatchSize { get; set; }

    /// <summary>Element type of the K cache; default is F16.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(KeyCacheType))]
    public KvCacheType? KeyCacheType { get; set; }

    /// <summary>Element type of the V cache; default is F16.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(ValueCacheType))]
    public KvCacheType? ValueCacheType { get; set; }

    /// <summary>Flash attention; default is Auto.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(FlashAttention))]
    public FlashAttentionMode? FlashAttention { get; set; }

    /// <summary>The program that runs the model; default is LlamaCpp.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(Runtime))]
    public ModelRuntime? Runtime { get; set; }

    /// <summary>The version of that program; default is the newest that is followed.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(RuntimeVersion))]
    public string? RuntimeVersion { get; set; }

    /// <summary>An existing launch line to be checked.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [QuestionArgument(nameof(CommandLine))]
    public string? CommandLine { get; set; }

    /// <summary>Element type of both caches; the specific parameters count before it.</summary>
    [Parameter]
    [QuestionArgument(nameof(KeyCacheType))]
    public KvCacheType? KvCacheType { get; set; }

    /// <summary>What New-ModelRuntimeOption made.</summary>
    [Parameter]
    [RuntimeOptionArgument]
    public ModelRuntimeOption? RuntimeOption { get; set; }

    /// <summary>The projector of a multimodal model (mmproj, a GGUF file), whose bytes are added.</summary>
    [Parameter]
    [TextArgument]
    public string? Projector { get; set; }

    /// <summary>LoRA adapters (GGUF files), whose bytes are added.</summary>
    [Parameter]
    [TextArgument(array: true)]
    public string[]? Adapter { get; set; }

    /// <summary>
    /// A result, footprint, plan, machine, GPU, model, quantization or file, a list of GPUs, a name, or a row whose
    /// columns are named as the parameters.
    /// </summary>
    [Parameter(ValueFromPipeline = true)]
    public PSObject? InputObject { get; set; }

    private protected override object? Record => InputObject;

    /// <summary>What errors call the row that is answered.</summary>
    private protected virtual string RowName => $"Row {_rows?.Current}";

    /// <summary>Whether the cmdlet asks about hardware.</summary>
    private protected virtual bool AsksHardware => false;

    private CompanionFiles Files => _files ??= new(this, Messages, Cancellation);

    private protected ModelResolver Models => _models ??= new(this, Messages, Cancellation);

    /// <inheritdoc/>
    protected override void OnBegin()
    {
        base.OnBegin();
        foreach (var bound in MyInvocation.BoundParameters)
        {
            var part = QuestionParts.Named(bound.Key);
            if (part is not null) _typed.Add(part);
            var mayNotBeEmpty = part is not null || bound.Key is nameof(Projector) or nameof(Adapter);
            if (mayNotBeEmpty && bound.Value is null or ICollection { Count: 0 })
                ThrowTerminatingError(Empty(bound.Key));
        }

        // A script block has said nothing yet, and says something else of each record.
        if (Typed() is var typed && _typed.All(part => typed[part] is not null)) _said = typed;
        _unsaid = QuestionParts.All.Where(part => part.IsBoundByName && !_typed.Contains(part)).ToArray();
        _rows = new(this);
        Models.Typed = Model ?? Array.Empty<ModelReference>();
        Files.ReadTyped(Projector, Adapter);
    }

    /// <inheritdoc/>
    protected override void OnRecord()
    {
        var value = InputObject;
        _rows?.Next();
        if (ArgumentText.Unwrap(value) is IList list && !list.Cast<object?>().All(IsGpu))
        {
            foreach (var element in list) Process(element is null ? null : PSObject.AsPSObject(element));
        }
        else if (value is not null || !MyInvocation.ExpectingInput)
        {
            Process(value);
        }
    }

    /// <inheritdoc/>
    protected override void OnEnd() => _rows?.CountMissed();

    /// <summary>Writes a failure; one of a row names the row, counted from 1, and its computer.</summary>
    protected override void WriteFailure(ModelFitException failure, object? target = null)
    {
        if (_row is not { } row)
        {
            base.WriteFailure(failure, target);
            return;
        }

        var message = $"{RowNumber.Name(RowName, row)}: {failure.Message}";
        WriteError(ErrorRecords.From(new(failure.ErrorId, failure.Kind, message, row, failure), row));
    }

    /// <summary>Answers the questions of one record.</summary>
    private protected abstract void Answer(QuestionInput input, bool isRow, object? record);

    /// <summary>The models of a record, one by one; what is not found is an error, and the rest follows.</summary>
    private protected IEnumerable<AskedModel> FindModels(QuestionInput input, bool isRow, object? record)
    {
        if (input.Models is null)
        {
            WriteFailure(NoModel(isRow), record);
            yield break;
        }

        foreach (var reference in input.Models)
        {
            if (!Attempt(() => Find(reference, input, isRow), reference.Value, out var found)) continue;
            foreach (var model in found)
            {
                var isNamed = input.Quantizations is null && model.ModelPath is null;
                string? quantization = null;
                if (isNamed && !Attempt(() => Models.QuantizationIn(reference), reference.Value, out quantization))
                    continue;
                yield return new(model, quantization);
            }
        }
    }

    /// <summary>
    /// Whether what a row with hardware calls its model is no language model, but the computer's: <c>OptiPlex 7090</c>.
    /// </summary>
    private protected bool IsOfComputer(ModelReference reference, QuestionInput input, bool isRow)
    {
        if (!MayBeOfComputer(reference, input, isRow)) return false;
        try
        {
            return Models.Resolve(reference).Count == 0;
        }
        catch (ModelFitException error)
        {
            return error.ErrorId == ErrorIds.ModelNotFound;
        }
    }

    private bool MayBeOfComputer(ModelReference reference, QuestionInput input, bool isRow) =>
        isRow && input.HasHardware && !reference.IsPath && !_typed.Contains(QuestionParts.Model);

    private IReadOnlyList<ModelSpec> Find(ModelReference reference, QuestionInput input, bool isRow)
    {
        if (!MayBeOfComputer(reference, input, isRow)) return Models.Resolve(reference);
        try
        {
            if (Models.Resolve(reference) is { Count: > 0 } found) return found;
        }
        catch (ModelFitException error) when (error.ErrorId == ErrorIds.ModelNotFound)
        {
        }

        throw NoModel(reference);
    }

    /// <summary>The quantizations of a record, or one null for the default; empty if none was found.</summary>
    private protected IReadOnlyList<string?> FindQuantizations(QuestionInput input)
    {
        if (input.Quantizations is null) return new string?[] { null };
        var names = new List<string?>();
        foreach (var text in input.Quantizations)
        {
            if (Attempt(() => _quantizations.Get(text, QuantizationCatalog.Resolve), text, out var found))
                names.AddRange(found.Select(quantization => quantization.Name));
        }

        return names;
    }

    /// <summary>The questions about one model, in the order of the arrays, without hardware.</summary>
    private protected IEnumerable<FitQuestion> Questions(
        QuestionInput input, AskedModel model, IReadOnlyList<string?> quantizations)
    {
        var settings = QuestionParts.All.Where(part => part.Set is not null && input[part] is not null and not Array)
            .ToArray();
        var lengths = input.ContextLengths?.Select(length => (int?)length) ?? new int?[] { null };
        if (!Attempt(() => Basis(input, model), input.CommandLine, out var basis)) return Array.Empty<FitQuestion>();
        return
            from quantization in quantizations
            from length in lengths
            let asked = length is { } tokens ? QuestionParts.ContextLength.Set!(basis, tokens) : basis
            select settings.Aggregate(asked, (question, part) => part.Set!(question, input[part]!)) with
            {
                Quantization = quantization ?? basis.Quantization,
                IsContextSupposed = input.Line is null && (length is null || input.Again?.IsContextSupposed == true),
                IsQuantizationSupposed = input.Again?.IsQuantizationSupposed == true,
                IsQuantizationNamed = quantization is null
                    ? basis.Quantization is not null
                    : input.Again?.IsQuantizationNamed == true,
            };
    }

    // What counts where neither the parameters nor the input say anything: launch line, runtime option, model's name.
    private FitQuestion Basis(QuestionInput input, AskedModel model)
    {
        var options = RuntimeOption?.ToOptions() ?? new RuntimeOptions();
        var question = new FitQuestion
        {
            Model = model.Spec,
            Quantization = model.Quantization,
            Companions = Files.Of(model.Spec, input.Line?.Companions ?? input.Again?.Companions),
            Draft = Files.Draft(Models, input.Line?.DraftModel ?? input.Again?.Draft),
            Options = options with { ContextLength = RuntimeOptions.DefaultContextLength(model.Spec) },
        };
        if (RuntimeOption is null && input.Again?.Settings is { } settings)
            question = SettingsText.Apply(question, settings, Messages);
        if (input[QuestionParts.RuntimeVersion] is { } version)
            question = QuestionParts.RuntimeVersion.Set!(question, version);
        return input.Line?.ApplyTo(question) ?? question;
    }

    private static bool IsGpu(object? element) =>
        TypeNames.Is<GpuSpec>(element) || (ArgumentText.Unwrap(element) is string);

    private static ModelFitException NoModel(bool isRow) => isRow
        ? new(ErrorIds.MissingColumn, "no model: the column Model is missing or blank.")
        : new(
            ErrorIds.EmptyArgument,
            "No model was given: name one (Get-ModelSpec -ListAvailable lists those known) or pipe one in.");

    private static ModelFitException NoModel(ModelReference reference) => new(
        ErrorIds.MissingColumn,
        $"no model: the column Model says '{reference}', which is not a language model of the catalog and may be "
            + "the model of the computer: specify -Model.",
        reference.Value);

    private static ErrorRecord Empty(string parameter) => ErrorRecords.From(
        new(ErrorIds.EmptyArgument, $"-{parameter} was typed but is empty: give it a value, or leave it out."),
        parameter);

    /// <summary>Answers the questions of one object of the pipeline, or of the parameters alone.</summary>
    private protected void Process(PSObject? value)
    {
        _row = value is null || ArgumentText.Unwrap(value) is string or ValueType or IList ? null : value;
        if (Attempt(() => Merge(value), value, out var merged)) Answer(merged.Input, merged.IsRow, value);
        _row = null;
    }

    // Typed before the input object before its other properties; a property that only restates what the object is does
    // not count.
    private (QuestionInput Input, bool IsRow) Merge(PSObject? value)
    {
        var typed = _said ?? Typed();
        if (value is null) return (WithLine(typed), false);
        var dispatched = InputDispatch.Read(value, _typed.Contains(QuestionParts.Model));
        var properties = dispatched.Owned.Count == 0 ? _unsaid : _unsaid.Except(dispatched.Owned);
        var piped = dispatched.Input.Over(QuestionInput.Of(this, properties));
        if (dispatched.IsRow && AsksHardware && (typed.SystemMemory ?? piped.SystemMemory) is null)
            piped = piped.Over(RowReader.ReadMemory(value, Messages));
        var input = typed.Instead(piped);
        return (typed.CommandLine is null && value.BaseObject is System.Diagnostics.Process process
            && ProcessLine.Read(process, Messages) is { } line
            ? input.With(line) with { IsRunning = true }
            : WithLine(input), dispatched.IsRow);
    }

    private QuestionInput Typed()
    {
        var typed = QuestionInput.Of(this, _typed);
        return KvCacheType is not { } both
            ? typed
            : typed.With(
                new[] { QuestionParts.KeyCacheType, QuestionParts.ValueCacheType }, part => typed[part] ?? both);
    }

    private QuestionInput WithLine(QuestionInput input) => input.CommandLine is null
        ? input
        : input.With(_lines.Get(input.CommandLine, line => LaunchReader.Parse(line, Messages, Files.Text)));
}
