using ModelFit.Catalog;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// One of llama.cpp's programs, or one around its library, with what it takes where its line says nothing. The server
/// chooses its own number of slots (tools/server/server.cpp), keeps a row of logits a sequence and caps a slot; the
/// others are told.
/// </summary>
/// <param name="Names">Its names, behind which builds write what they are for (<c>llama-server-cuda</c>).</param>
internal sealed record LlamaCppProgram(params string[] Names)
{
    /// <summary>The program that is all of them, as its next word says.</summary>
    public const string Several = "llama";

    /// <summary>Slots of a server that is not told how many.</summary>
    private const int AutomaticSlots = 4;

    private static readonly LlamaCppProgram Server = new("llama-server") 
    {
        Words = new[] { "server", "serve" }, IsServer = true, SeesImages = true,
    };

    private static readonly LlamaCppProgram[] All =
    {
        Server,
        new("llama-cli") { Words = new[] { "cli", "client" }, KeepsRows = true, SeesImages = true },
        new("llama-bench") { Words = new[] { "bench" }, Dialect = LlamaBenchDialect.Instance },
        new("llama-batched-bench") { Words = new[] { "batched-bench" }, SequencesAreListed = true },
        new("llama-embedding") { Words = new[] { "embedding" }, IsEmbedding = true },
        new("llama-mtmd-cli") { SeesImages = true },
        new("llama-completion", "llama-perplexity", "llama-imatrix", "llama-simple", "llama-parallel", "llama-run",
            "llama-speculative", "llama-lookup", "llama-retrieval", "llama-tts", "llama-diffusion-cli",
            "llama-fit-params") { Words = new[] { "completion", "perplexity", "run" } },
        new("koboldcpp", "koboldcpp_cu12") { Dialect = KoboldDialect.Instance, SeesImages = true },
        new("llama_cpp") { Dialect = LlamaPythonDialect.Instance, SeesImages = true },
    };

    /// <summary>The words behind the program <c>llama</c> that start it.</summary>
    private string[] Words { get; init; } = Array.Empty<string>();

    /// <summary>The words of its lines.</summary>
    public LaunchDialect Dialect { get; private init; } = LlamaCppDialect.Instance;

    /// <summary>Whether it loads a projector (common/arg.cpp, mmproj_examples).</summary>
    public bool SeesImages { get; private init; }

    private bool IsServer { get; init; }

    /// <summary>Whether a row of logits a sequence is kept, as a server does that runs inside.</summary>
    private bool KeepsRows { get; init; }

    /// <summary>Whether its context is that of its longest test, and nothing is fit unless it is told.</summary>
    private bool IsBench => Dialect == LlamaBenchDialect.Instance;

    /// <summary>Whether its sequences are the most of a list.</summary>
    private bool SequencesAreListed { get; init; }

    /// <summary>Whether it embeds: the whole context is one batch.</summary>
    private bool IsEmbedding { get; init; }

    /// <summary>The program of a line; the server where the line does not say.</summary>
    public static LlamaCppProgram Of(LaunchLine line)
    {
        var name = line.Program is null ? null : LaunchLine.ProgramName(line.Program);
        return (name == Several && line.Command is { } word
            ? All.FirstOrDefault(program => program.Words.Contains(word)) ?? Named(word)
            : name is null ? null : Named(name)) ?? Server;
    }

    /// <summary>The one of a name; null if there is none. <c>llama</c> is the server until a word follows.</summary>
    public static LlamaCppProgram? Named(string name) => name == Several ? Server : All.FirstOrDefault(
        program => program.Names.Any(own =>
            name == own || name.StartsWith(own + "-", StringComparison.Ordinal)));

    /// <summary>The question with this program's own defaults.</summary>
    public FitQuestion Complete(LaunchLine line, FitQuestion question)
    {
        question = WithYarn(line, question);
        var options = question.Options;
        var trained = question.TrainedContext ?? options.ContextLength;
        var automatic = IsServer && line.ParallelSequences is null;
        var sequences = automatic ? AutomaticSlots : SequencesOf(line);
        var unified = automatic || options.KvUnified || (IsEmbedding && line.ParallelSequences is null or 1);
        options = options with { KvUnified = unified, ParallelSequences = sequences };
        var isFit = line.IsFit ?? (!IsBench || line.FitTargets is not null || line.FitContext is not null);
        var total = IsBench ? line.Tests.Context
            : line.TotalContext is > 0 ? line.TotalContext
            : line.UnifiedPerSlot is { } slot && line.TotalContext is null ? (long)slot * sequences
            : null;
        var isFree = total is null;
        var isEach = isFit && !LlamaCppBuild.SharesFullLength(options.RuntimeVersion, unified);
        var most = total ?? (isEach ? (long)trained * sequences : trained);
        var each = unified ? most : Math.Max(1, most / sequences);
        if (line.UnifiedPerSlot is { } perSlot) each = Math.Min(each, perSlot);
        var held = (int)Math.Min(IsServer || KeepsRows ? Math.Min(each, trained) : each, int.MaxValue);
        options = WithDraft(line.Draft, WithBatches(options, most)) with { ContextLength = held };
        if (options.TensorSplit is { } shares && line.Workers.Count > 0 && shares.Count > line.Workers.Count)
            options = options with { TensorSplit = new EquatableArray<double>(shares.Skip(line.Workers.Count)) };
        var loaded = Loaded(line, question);
        var missing = FetchesProjector(line, loaded) ? Projectors.Missing(question.Model) : null;
        return question with
        {
            IsLaunched = true,
            Companions = loaded,
            Uncounted = missing is null ? question.Uncounted : new EquatableArray<string>(
                (question.Uncounted ?? Enumerable.Empty<string>()).Append(missing)),
            Fit = isFit
                ? new RuntimeFit
                {
                    ChoosesContext = isFree && line.TotalContext is null,
                    MinimumContext = line.FitContext ?? new RuntimeFit().MinimumContext,
                    TargetBytes = line.FitTargets,
                }
                : null,
            Settled = held < each && !isFree ? Capped(each, trained)
                : line.TotalContext == 0 && unified && most > trained ? ForEach(trained, sequences)
                : null,
            Options = options.TotalTokens == most && !isFree ? options : options with { CacheTokens = most },
        };
    }

    /// <summary>
    /// The question with what YaRN scales the trained length to. A model that was trained without takes linear scaling,
    /// which changes no length, where the line names none.
    /// </summary>
    private static FitQuestion WithYarn(LaunchLine line, FitQuestion question) =>
        line is not { IsYarn: true, RopeScale: > 0 and var scale } ? question : question with
        {
            Options = question.Options with
            {
                YarnScale = scale, YarnContext = line.YarnContext is > 0 and var tokens ? tokens : null,
            },
        };

    /// <summary>
    /// Rows of logits for every drafted token of each slot (common_speculative_get_output_limits), and the model's own
    /// layers where they draft.
    /// </summary>
    private static RuntimeOptions WithDraft(DraftWords draft, RuntimeOptions options)
    {
        var rows = (long)options.ParallelSequences * (1 + draft.Tokens);
        options = options with { TextDrafter = draft.FromText, TextTokens = draft.FromTextTokens };
        if (draft.Tokens > 0 && options.OutputCount is null)
            options = options with { OutputCount = (int)Math.Min(options.BatchSize, rows) };
        if (draft.HasModel) options = options with { Drafting = draft.Own };
        return draft.IsOwn && !draft.HasModel ? options with { LoadMtp = true, Speculation = draft.Own } : options;
    }

    /// <summary>
    /// The files beside the model, with the projector of its repository unless the line says otherwise.
    /// </summary>
    private EquatableArray<CompanionFile>? Loaded(LaunchLine line, FitQuestion question)
    {
        var files = (question.Companions ?? Enumerable.Empty<CompanionFile>()).ToList();
        if (FetchesProjector(line, files) && Projectors.Of(question.Model.Name, question.Model.Repository) is { } own)
            files.Add(own);
        var placed = files.Select(file => file.Kind != CompanionKind.Projector ? file : file with
        {
            IsOnHost = line.IsProjectorOnHost,
        }).ToArray();
        return placed.Length == 0 ? null : new EquatableArray<CompanionFile>(placed);
    }

    /// <summary>Whether the projector of a repository is fetched with its model.</summary>
    private bool FetchesProjector(LaunchLine line, IEnumerable<CompanionFile>? files) =>
        SeesImages && line.IsFetched && line.TakesProjector
        && files?.Any(file => file.Kind == CompanionKind.Projector) != true;

    private static string Capped(long asked, int trained) => FormattableString.Invariant(
        $"llama-server caps a slot at the trained {trained} tokens, though its cache holds {asked}");

    private static string ForEach(int trained, int slots) => FormattableString.Invariant(
        $"llama-server since September 2026 reserves the trained {trained} tokens for each of {slots} slots; ") +
        FormattableString.Invariant($"-np 1 or -c {trained} reserves them once");

    private int SequencesOf(LaunchLine line)
    {
        const int most = 256;
        if (SequencesAreListed) return line.Tests.Sequences ?? 1;
        return IsEmbedding && line.ParallelSequences is null or 1 ? most : line.ParallelSequences ?? 1;
    }

    /// <summary>
    /// Batches and rows of logits: a server that embeds has one micro-batch a batch and all its rows, as have programs
    /// that say nothing of rows (n_outputs_max of 0).
    /// </summary>
    private RuntimeOptions WithBatches(RuntimeOptions options, long context)
    {
        if (IsEmbedding)
        {
            var batch = (int)Math.Min(Math.Max(options.BatchSize, context), int.MaxValue);
            return options with { BatchSize = batch, MicroBatchSize = batch, OutputCount = 0 };
        }

        if (options.Embeds && IsServer)
            return options with { BatchSize = Math.Min(options.BatchSize, options.MicroBatchSize) };
        return IsServer || KeepsRows ? options : options with { OutputCount = options.OutputCount ?? 0 };
    }
}
