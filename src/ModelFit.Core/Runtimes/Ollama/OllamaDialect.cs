using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Questions;

namespace ModelFit.Runtimes.Ollama;

/// <summary>Ollama's words: its variables (envconfig/config.go of Ollama) and the model of <c>ollama run</c>.</summary>
internal sealed class OllamaDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.Ollama;

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
    private static void SetDraft(LaunchLine line, int tokens) => line.Change(options => options with
    {
        LoadMtp = tokens > 0, Speculation = new Speculation { Tokens = tokens },
    });

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.ContextLength, (line, value) => line.SequenceContext = Count(value, 1)),
        Value(Own, QuestionParts.ParallelSequences, (line, value) => line.ParallelSequences = Count(value, 1)),
        Option(
            Own, QuestionParts.FlashAttention, value => Flag(value) ? FlashAttentionMode.On : FlashAttentionMode.Off),
        Value(Own, QuestionParts.KeyCacheType, (line, value) =>
        {
            var type = Named<KvCacheType>(value);
            line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
        }),
        Value(Own, QuestionParts.Model, SetModel),
        new(new[] { "PARAMETER", "parameter", "/set" }, null, false, (_, _) => { }),
        Value(Own, SettingParts.GpuLayers, (line, value) =>
            line.GpuLayers = Integer(value) < 0 ? null : Count(value, 0)),
        Value(Own, QuestionParts.MicroBatchSize, (line, value) =>
        {
            var tokens = Count(value, 1);
            line.Change(options => options with { BatchSize = tokens, MicroBatchSize = tokens });
        }),
        Option(Own, SettingParts.MemoryMap, Flag),
        Value(Own, SettingParts.DraftTokens, (line, value) => SetDraft(line, Count(value, 0))),
        new(new[] { "--verbose", "--insecure", "--nowordwrap" }, null, false, (_, _) => { }),
    };
}
