using ModelFit.Questions;

namespace ModelFit.Runtimes.Mlx;

/// <summary>The words of <c>mlx_lm</c>'s programs that matter to memory.</summary>
internal sealed class MlxDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.Mlx;

    private MlxDialect()
        : base("Mlx", Words())
    {
    }

    public static MlxDialect Instance { get; } = new();

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is not ("generate" or "server" or "chat")) base.ReadBare(line, text, messages);
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.Model, (line, value) => line.SetModel(value)),
        Value(Own, QuestionParts.ContextLength, (line, value) => line.SequenceContext = Count(value, 1)),
        Value(Own, SettingParts.MaxBatchedTokens, (line, value) =>
            line.Serving = line.Serving with { MaxBatchedTokens = Count(value, 1) }),
        Value(Own, QuestionParts.KeyCacheType, SetCache),
        Uncounted("--draft-model"), Uncounted("--adapter-path"), Uncounted("--prompt-cache-size"),
        Uncounted("--prompt-cache-bytes"), Uncounted("--kv-group-size"), Uncounted("--quantized-kv-start"),
        new UncountedWord(new[] { "--quantize-activations", "-qa" }, null, TakesValue: false),
        new UncountedWord(new[] { "--pipeline" }, null, TakesValue: false),
    };

    private static UncountedWord Uncounted(string name) => new(new[] { name }, null);

    /// <summary>Bits of a number in groups of 64 with a scale and a bias of 16 bits (mlx_lm/generate.py).</summary>
    private static void SetCache(LaunchLine line, string value)
    {
        var type = value switch
        {
            "8" => KvCacheType.Q8_0,
            "4" => KvCacheType.Q4_0,
            _ => throw new FormatException("4 or 8, the bits that are estimated"),
        };
        line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
    }
}
