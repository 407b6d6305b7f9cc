using ModelFit.Questions;

namespace ModelFit;

/// <summary>
/// What every answer says again of its question, whatever the hardware, so that it can be asked again: live, from a
/// file, from another computer.
/// </summary>
public abstract class ModelAnswer
{
    /// <summary>Stands between paths.</summary>
    internal const string Separator = "; ";

    private protected ModelAnswer(FitQuestion question) => Question = question;

    /// <summary>Model.</summary>
    public string Model => Question.Model.Name;

    /// <summary>Path of the model file, if there is one.</summary>
    public string? ModelPath => Question.Model.ModelPath;

    /// <summary>Repository of the published file that was counted; null if none was.</summary>
    public string? Repository => Question.Model.Repository;

    /// <summary>The published file that was counted; null if none was.</summary>
    public string? File => Question.Model.File;

    /// <summary>The day of the list that has the file, <c>yyyy-MM-dd</c> or less.</summary>
    public string? FileDate => Question.Model.FileDate;

    /// <summary>Quantization; null if the file does not say.</summary>
    public string? Quantization => Question.Quantization;

    /// <summary>Tokens each sequence can hold.</summary>
    public int? ContextLength => Question.Options.ContextLength;

    /// <summary>Sequences that have a place.</summary>
    public int? ParallelSequences => Question.Options.ParallelSequences;

    /// <summary>Sequences that generate at the same time.</summary>
    public int? ActiveSequences => Question.Load.ActiveSequences;

    /// <summary>Tokens already in the cache of each sequence.</summary>
    public int? UsedContext => Question.Load.UsedContext;

    /// <summary>Tokens of the prompt that speed is predicted for.</summary>
    public int? PromptLength => Question.Load.PromptLength;

    /// <summary>Tokens a second that each sequence must reach; null if nothing is asked.</summary>
    public double? MinimumTokensPerSecond => Question.Load.MinimumTokensPerSecond;

    /// <summary>Watts that each card may draw; null is its own limit.</summary>
    public int? PowerLimit => Question.Load.PowerLimit;

    /// <summary>Bytes a second that the disk with the model file reads; null is assumed.</summary>
    public long? DiskBandwidth => Question.Load.DiskBandwidth;

    /// <summary>Logical batch in tokens.</summary>
    public int? BatchSize => Question.Options.BatchSize;

    /// <summary>Micro-batch in tokens.</summary>
    public int? MicroBatchSize => Question.Options.MicroBatchSize;

    /// <summary>Element type of the K cache.</summary>
    public string? KeyCacheType => Question.Options.KeyCacheType.ToString();

    /// <summary>Element type of the V cache.</summary>
    public string? ValueCacheType => Question.Options.ValueCacheType.ToString();

    /// <summary>Flash attention as asked: <c>Auto</c>, <c>On</c>, <c>Off</c>.</summary>
    public string? FlashAttention => Question.Options.FlashAttention.ToString();

    /// <summary>One cache shared by all sequences.</summary>
    public bool? KvUnified => Question.Options.KvUnified;

    /// <summary>The runtime.</summary>
    public string? Runtime => Question.Options.Runtime.ToString();

    /// <summary>The version of the runtime; null is the newest that is followed.</summary>
    public string? RuntimeVersion => Question.Options.RuntimeVersion;

    /// <summary>The backend that drives the GPUs, or <c>Cpu</c>.</summary>
    public string? Backend { get; internal init; }

    /// <summary>The projector that is loaded beside the model; null without.</summary>
    public string? Projector => Files(CompanionKind.Projector);

    /// <summary>The model that drafts for this one: its path, or its name and quantization; null without.</summary>
    public string? Draft => Question.Draft?.ToString();

    /// <summary>The adapters that are loaded beside the model, joined by <c>; </c>; null without.</summary>
    public string? Adapter => Files(CompanionKind.Adapter);

    /// <summary>
    /// What few people touch, as far as it is not usual, for example <c>SwaFull=True; SplitMode=Row</c>; null if all is
    /// usual.
    /// </summary>
    public string? RuntimeOption => SettingsText.Of(Question);

    /// <summary>How the memory figures are known, the worst of them; speed is always <c>Approximate</c>.</summary>
    public string Accuracy => Known.Value.Accuracy.ToString();

    /// <summary>
    /// What was supposed, parts joined by <c>; </c>: <c>default: ...</c> is the usual choice where nobody said one,
    /// <c>guess: ...</c> is not known and lowers <see cref="Accuracy"/>; null if nothing was.
    /// </summary>
    public string? Assumptions => Known.Value.Assumptions;

    /// <summary>How the figures are known and what was supposed, found out when it is read.</summary>
    internal Lazy<(Accuracy Accuracy, string? Assumptions)> Known { get; init; } = new();

    /// <summary>The question, its quantization named.</summary>
    internal FitQuestion Question { get; private protected set; }

    private string? Files(CompanionKind kind)
    {
        var paths = Question.Companions?.Where(file => file.Kind == kind).Select(file => file.Path).ToArray();
        return paths is { Length: > 0 } ? string.Join(Separator, paths) : null;
    }
}
