using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Quantization;
using ModelFit.Speed;

namespace ModelFit.Runtimes;

/// <summary>
/// One program that runs models, and all that is its own: what it refuses, supposes, loads by default, takes, is told
/// and reads. A new one is a folder with a class like this and a row of <see cref="RuntimeList"/>.
/// </summary>
internal abstract class Runtime
{
    /// <summary>
    /// From the largest, one for each step that people publish as GGUF and that needs no importance matrix; beyond Q8_0
    /// nothing is gained that can be measured.
    /// </summary>
    private static readonly string[] PublishedGguf =
    {
        "Q8_0", "Q6_K", "Q5_K_M", "Q5_K_S", "Q4_K_M", "Q4_K_S", "IQ4_XS", "Q3_K_L", "Q3_K_M", "Q3_K_S", "Q2_K",
    };

    private static readonly KvCacheType[] GgmlCaches =
    {
        KvCacheType.F16, KvCacheType.BF16, KvCacheType.F32, KvCacheType.Q8_0, KvCacheType.Q5_1, KvCacheType.Q5_0,
        KvCacheType.Q4_1, KvCacheType.Q4_0, KvCacheType.IQ4_NL,
    };

    private static readonly KvCacheType[] SmallerGgmlCaches = { KvCacheType.Q8_0, KvCacheType.Q4_0 };

    /// <summary>The value of the cmdlets' parameter.</summary>
    public abstract ModelRuntime Kind { get; }

    /// <summary>Its name for people.</summary>
    public abstract string Name { get; }

    /// <summary>The words of its launch lines.</summary>
    public abstract LaunchDialect Dialect { get; }

    /// <summary>The words of one line, where programs differ.</summary>
    public virtual LaunchDialect DialectOf(LaunchLine line) => Dialect;

    /// <summary>
    /// What is supposed of what it makes of the figures, as a sentence; null where its allocation is followed rule by
    /// rule.
    /// </summary>
    public abstract string? Assumption(FitQuestion question);

    /// <summary>What it loads and people publish, from the largest: the quantizations that are worth trying.</summary>
    public virtual IReadOnlyList<string> Quantizations => PublishedGguf;

    /// <summary>Whether what it loads of a catalog model is a published GGUF file.</summary>
    public virtual bool LoadsGguf => true;

    /// <summary>The quantization of a catalog model where none is asked for.</summary>
    public virtual string DefaultQuantization(ModelSpec model) => PublishedModels.DefaultQuantization(model);

    /// <summary>The name that a quantization has where it is loaded: a GGUF file has others for some formats.</summary>
    public virtual string? NameOf(string? quantization) => QuantizationNames.InGguf(quantization);

    /// <summary>The types that its cache may have.</summary>
    public virtual IReadOnlyList<KvCacheType> CacheTypes => GgmlCaches;

    /// <summary>Those of them that are worth trying where memory is short, the largest first.</summary>
    public virtual IReadOnlyList<KvCacheType> SmallerCaches => SmallerGgmlCaches;

    /// <summary>Most sequences that it serves at once.</summary>
    public abstract int MostSequences { get; }

    /// <summary>
    /// Why it would not start with these settings, and what to change, as a sentence; null if it would.
    /// </summary>
    public abstract string? Refusal(FitQuestion question, ModelDefinition model);

    /// <summary>Why it would not start with the types of the caches; null if it would.</summary>
    protected string? RefusalOfCache(RuntimeOptions options)
    {
        foreach (var type in new[] { options.KeyCacheType, options.ValueCacheType })
        {
            if (!CacheTypes.Contains(type))
                return $"{Name} has no {type} cache: it has {string.Join(", ", CacheTypes)}.";
        }

        return null;
    }

    /// <summary>Why it would not start with what was measured; null if it would.</summary>
    public virtual string? Refusal(MemoryEstimate memory) => memory.Refusal;

    /// <summary>Why it does not run on a card, whatever its memory, as a clause; null if it does.</summary>
    public virtual string? RefusalOf(GpuSpec card, ComputeBackend backend, FitQuestion question) => null;

    /// <summary>
    /// The share of each card that it may take, where it was said: by a launch line always; null where a plan chooses,
    /// or where it takes what it needs.
    /// </summary>
    public virtual double? ShareSaid(FitQuestion question) => null;

    /// <summary>What it allocates for a layout.</summary>
    public abstract MemoryEstimate Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout);

    /// <summary>What a machine offers to it.</summary>
    public virtual MachineBudget Budget(FitQuestion question, MachineBudget machine) => machine;

    /// <summary>What another model that it loads beside the model takes on one device, in bytes.</summary>
    public virtual long BesideBytes(FitQuestion question, ComputeBackend backend) => 0;

    /// <summary>How well is known what it loads beside the model; exact if that is nothing.</summary>
    public virtual Accuracy BesideAccuracy(FitQuestion question) => Accuracy.Exact;

    /// <summary>What drafts tokens for a model; null if nothing does.</summary>
    public virtual Drafter? DrafterOf(FitQuestion question, ModelDefinition model) => null;

    /// <summary>
    /// The context of a question that asks for the longest that fits (<c>--max-model-len auto</c>); null where the
    /// question says a length.
    /// </summary>
    public virtual int? LongestContext(FitQuestion question, IPlacementSearch search) => null;

    /// <summary>Where a model can go on a machine.</summary>
    public abstract IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine);

    /// <summary>How it is told of a placement; what the launch lacks is a warning.</summary>
    public abstract RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages);

    /// <summary>The port that it listens on where nobody says.</summary>
    public virtual int Port => 8080;

    /// <summary>A launch that listens on another port, so that several run on one machine.</summary>
    public virtual RuntimeLaunch AtPort(RuntimeLaunch launch, int port) => launch with
    {
        Arguments = launch.Arguments.Concat(new[] { "--port", port.ToString(CultureInfo.InvariantCulture) }).ToArray(),
    };

    /// <summary>Whether a program is one of its own.</summary>
    /// <param name="program">The program, or the module of Python, in lower case without folder and extension.</param>
    public abstract bool Owns(string program);

    /// <summary>Whether a line may begin with a word of its own that is no program.</summary>
    public virtual bool BeginsLine(string word) => false;

    /// <summary>Whether a program is several in one, of which the next word says which.</summary>
    public virtual bool IsSeveral(string program) => false;

    /// <summary>The words of a text that is a file of its own in the place of a line; null if it is none.</summary>
    public virtual IReadOnlyList<string>? WordsOf(string text, IMessageSink messages) => null;

    /// <summary>The words of a line with those of the files that it names.</summary>
    public virtual IReadOnlyList<string> WithFiles(
        IReadOnlyList<string> words, Func<string, string?> read, IMessageSink messages) => words;

    /// <summary>
    /// The question as the program takes it, whatever the machine: a length that it caps, for example.
    /// </summary>
    public virtual FitQuestion Settle(FitQuestion question) => question;

    /// <summary>
    /// The question with the numbers of the cards that the program takes of its machine, where the question says them
    /// otherwise.
    /// </summary>
    public virtual FitQuestion OnMachine(FitQuestion question) => VisibleCards.Numbered(question);

    /// <summary>
    /// The question after the program's own fit to the memory of a machine; the same where it has none.
    /// </summary>
    public virtual FitQuestion Fit(FitQuestion question, ModelDefinition model, MachineBudget machine) => question;

    /// <summary>The question of a launch line, with what this runtime makes of what the line leaves open.</summary>
    public virtual FitQuestion Complete(LaunchLine line, FitQuestion question) => question;
}
