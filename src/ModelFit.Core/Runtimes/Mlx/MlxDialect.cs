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

    /// <summary>The one instance.</summary>
    public static MlxDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "generate" or "server" or "chat" || text.StartsWith("mlx_lm", StringComparison.Ordinal)) return;
        base.ReadBare(line, text, messages);
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.Model, (line, value) => line.SetModel(value)),
        Value(Own, QuestionParts.ContextLength, (line, value) => line.SequenceContext = Count(value, 1)),
        Value(Own, SettingParts.MaxBatchedTokens, (line, value) =>
            line.Serving = line.Serving with { MaxBatchedTokens = Count(value, 1) }),
        Value(Own, QuestionParts.KeyCacheType, (line, _) => line.Change(options =>
            options with { KeyCacheType = KvCacheType.Q8_0, ValueCacheType = KvCacheType.Q8_0 })),
        new(new[] { "-m" }, null, false, (_, _) => { }),
    };
}
