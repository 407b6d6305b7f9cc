using System;
using System.Collections.Generic;

namespace ModelFit.Runtimes.Mlx;

/// <summary>The words of <c>mlx_lm</c>'s programs that matter to memory.</summary>
internal sealed class MlxDialect : LaunchDialect
{
    private MlxDialect()
        : base(Words())
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
        new(new[] { "--model" }, null, true, (line, value) => line.SetModel(value)),
        new(new[] { "--max-kv-size" }, null, true, (line, value) => line.SequenceContext = Count(value, 1)),
        new(new[] { "--prefill-step-size" }, null, true, (line, value) =>
            line.Serving = line.Serving with { MaxBatchedTokens = Count(value, 1) }),
        new(new[] { "--kv-bits" }, null, true, (line, _) => line.Changes.Add(options =>
            options with { KeyCacheType = KvCacheType.Q8_0, ValueCacheType = KvCacheType.Q8_0 })),
        new(new[] { "-m" }, null, false, (_, _) => { }),
    };
}
