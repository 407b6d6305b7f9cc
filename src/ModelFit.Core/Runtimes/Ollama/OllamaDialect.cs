using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Runtimes.Ollama;

/// <summary>Ollama's words: its variables (envconfig/config.go of Ollama) and the model of <c>ollama run</c>.</summary>
internal sealed class OllamaDialect : LaunchDialect
{
    /// <summary>Tokens drafted where a tag with such layers says no number (api/types.go).</summary>
    public const int UsualDraft = 4;

    private OllamaDialect()
        : base(Words())
    {
    }

    /// <summary>The one instance.</summary>
    public static OllamaDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is "run" or "serve" or "show" or "pull" or "ps" or "create" || line.Model is not null) return;
        SetModel(line, text);
    }

    /// <summary>A name with its tag, a path, or a repository of Hugging Face behind <c>hf.co/</c>.</summary>
    private static void SetModel(LaunchLine line, string text)
    {
        line.SetModel(text);
        if (line.ModelIsPath) return;
        var host = new[] { "hf.co/", "huggingface.co/" }
            .FirstOrDefault(prefix => text.StartsWith(prefix, StringComparison.OrdinalIgnoreCase));
        if (host is not null)
        {
            var split = text.LastIndexOf(':');
            line.Model = split < 0 ? text.Substring(host.Length) : text.Substring(host.Length, split - host.Length);
            line.Quantization = split < 0 ? null : text.Substring(split + 1);
            return;
        }

        var tag = text.Substring(text.IndexOf(':') + 1);
        line.Quantization = LaunchLine.QuantizationIn(tag);
        if (!tag.ToLowerInvariant().Split('-').Contains("mtp")) return;
        SetDraft(line, UsualDraft);
        line.Model = text.Substring(0, text.Length - tag.Length)
            + string.Join("-", tag.Split('-').Where(part => !part.Equals("mtp", StringComparison.OrdinalIgnoreCase)));
    }

    /// <summary>Tokens that the model's own layers draft; 0 is none (llm/llama_server.go, appendDraftArgs).</summary>
    private static void SetDraft(LaunchLine line, int tokens) => line.Changes.Add(options => options with
    {
        LoadMtp = tokens > 0, Speculation = new Speculation { Tokens = tokens },
    });

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
        Parameter("FROM", SetModel),
        new(new[] { "PARAMETER", "parameter", "/set" }, null, false, (_, _) => { }),
        Parameter("num_ctx", (line, value) => line.SequenceContext = Count(value, 1)),
        Parameter("num_gpu", (line, value) => line.GpuLayers = Integer(value) < 0 ? null : Count(value, 0)),
        Parameter("num_batch", (line, value) =>
        {
            var tokens = Count(value, 1);
            line.Changes.Add(options => options with { BatchSize = tokens, MicroBatchSize = tokens });
        }),
        Parameter("use_mmap", (line, value) =>
        {
            var isMapped = Flag(value);
            line.Changes.Add(options => options with { MemoryMap = isMapped });
        }),
        Parameter("draft_num_predict", (line, value) => SetDraft(line, Count(value, 0))),
        new(new[] { "--verbose", "--insecure", "--nowordwrap" }, null, false, (_, _) => { }),
    };

    private static LaunchWord Variable(string name, Action<LaunchLine, string> apply) =>
        new(Array.Empty<string>(), name, true, apply);

    private static LaunchWord Parameter(string name, Action<LaunchLine, string> apply) =>
        new(new[] { name }, null, true, apply);
}
