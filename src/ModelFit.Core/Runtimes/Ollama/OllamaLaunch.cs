using ModelFit.Questions;
using static ModelFit.Common.NumberText;

namespace ModelFit.Runtimes.Ollama;

/// <summary>
/// How Ollama is told: by the parameters of a Modelfile and by variables of its server (docs/modelfile.md and
/// envconfig/config.go of Ollama). It takes a file, or a repository of Hugging Face by <c>hf.co/</c>.
/// </summary>
internal static class OllamaLaunch
{
    /// <summary>The launch of a placement.</summary>
    public static RuntimeLaunch Of(LaunchRequest request)
    {
        var question = request.Question;
        return new RuntimeLaunch("ollama", new[] { "create", NameOf(question.Model), "-f", "Modelfile" })
        {
            Environment = string.Join(" ", Variables(question.Options)),
            Configuration = Configuration(request),
        };
    }

    /// <summary>The Modelfile; null where a path would break out of its line.</summary>
    private static string? Configuration(LaunchRequest request)
    {
        var lines = Lines(request).ToArray();
        return lines.Any(line => line.Any(char.IsControl)) ? null : string.Join("\n", lines);
    }

    private static IEnumerable<string> Variables(RuntimeOptions options)
    {
        yield return Variable(QuestionParts.ParallelSequences) + Number(options.ParallelSequences);
        if (options.FlashAttention != FlashAttentionMode.Auto || !OllamaVersion.StartsServer(options.RuntimeVersion))
            yield return Variable(QuestionParts.FlashAttention)
                + (options.FlashAttention == FlashAttentionMode.Off ? "0" : "1");
        if (options.KeyCacheType != KvCacheType.F16)
            yield return Variable(QuestionParts.KeyCacheType) + options.KeyCacheType.ToString().ToLowerInvariant();
    }

    private static IEnumerable<string> Lines(LaunchRequest request)
    {
        var (question, layout) = (request.Question, request.Placed.Layout);
        yield return QuestionParts.Model.WordOf(ModelRuntime.Ollama) + " " + Source(request);
        yield return Parameter(QuestionParts.ContextLength) + Number(question.Options.ContextLength);
        if (!question.IsFit)
        {
            yield return Parameter(SettingParts.GpuLayers) + Number(
                request.Placed.Cards.Count == 0 ? 0
                : request.HasAllLayers ? request.Costs.LayerCount
                : layout.GpuLayers);
        }

        var isNew = OllamaVersion.StartsServer(question.Options.RuntimeVersion);
        var usual = isNew ? OllamaVersion.Batch(question.Options.TotalTokens) : 512;
        if (question.Options.MicroBatchSize != usual)
            yield return Parameter(QuestionParts.MicroBatchSize) + Number(question.Options.MicroBatchSize);
        if (!question.Options.MemoryMap || request.CopiesPart)
            yield return Parameter(SettingParts.MemoryMap) + "false";
        if (question.Options.Speculation is { } draft)
            yield return Parameter(SettingParts.DraftTokens) + Number(draft.Tokens);
    }

    private static string Source(LaunchRequest request)
    {
        var model = request.Question.Model;
        if (model.ModelPath is { } path) return path;
        if (request.Repository is not { } repository) return NameOf(model);
        return "hf.co/" + repository + (request.Tag is { } tag ? ":" + tag : string.Empty);
    }

    /// <summary>A name as Ollama takes it: lower case, letters, digits and a few marks.</summary>
    private static string NameOf(ModelSpec model)
    {
        var name = model.Name.Substring(model.Name.LastIndexOfAny(new[] { '/', '\\' }) + 1).ToLowerInvariant();
        var plain = new string(name.Select(mark => char.IsLetterOrDigit(mark) || mark is '.' or '-' or '_' ? mark : '-')
            .ToArray());
        return plain.Trim('-', '.') is { Length: > 0 } given ? given : "model";
    }

    private static string Variable(QuestionPart part) => part.Launch[ModelRuntime.Ollama].Variables[0] + "=";

    private static string Parameter(QuestionPart part) => "PARAMETER " + part.WordOf(ModelRuntime.Ollama) + " ";
}
