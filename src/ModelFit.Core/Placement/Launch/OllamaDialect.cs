using System.Collections.Generic;
using System.Text.RegularExpressions;

namespace ModelFit.Placement;

/// <summary>Ollama's words: its variables (envconfig/config.go of Ollama) and the model of <c>ollama run</c>.</summary>
internal sealed class OllamaDialect : LaunchDialect
{
    private static readonly Regex QuantizationTag = new(
        @"(?:^|-)((?:i?q\d|f16|fp16|bf16|mxfp4)[a-z0-9_]*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant);

    private OllamaDialect()
        : base(ModelRuntime.Ollama, Words())
    {
    }

    /// <summary>The one instance.</summary>
    public static OllamaDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "run" or "serve" or "show" or "pull" or "ps" || line.Model is not null) return;
        line.Model = text;
        var tag = text.Substring(text.IndexOf(':') + 1);
        if (QuantizationTag.Match(tag) is { Success: true } match) line.Quantization = match.Groups[1].Value;
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Variable("OLLAMA_CONTEXT_LENGTH", (line, value) => line.SequenceContext = Count(value, 1)),
        Variable("OLLAMA_NUM_PARALLEL", (line, value) => line.ParallelSequences = Count(value, 1)),
        Variable("OLLAMA_FLASH_ATTENTION", (line, value) =>
        {
            var mode = Flag(value) ? FlashAttentionMode.On : FlashAttentionMode.Off;
            line.Changes.Add(options => options with { FlashAttention = mode });
        }),
        Variable("OLLAMA_KV_CACHE_TYPE", (line, value) =>
        {
            var type = Named<KvCacheType>(value);
            line.Changes.Add(options => options with { KeyCacheType = type, ValueCacheType = type });
        }),
        new(new[] { "--verbose", "--insecure", "--nowordwrap" }, null, false, (_, _) => { }),
    };

    private static LaunchWord Variable(string name, System.Action<LaunchLine, string> apply) =>
        new(System.Array.Empty<string>(), name, true, apply);
}
