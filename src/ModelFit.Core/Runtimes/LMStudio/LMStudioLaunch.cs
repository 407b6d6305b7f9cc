using ModelFit.Questions;
using static ModelFit.Common.NumberText;

namespace ModelFit.Runtimes.LMStudio;

/// <summary>
/// How LM Studio is told: <c>lms load</c> for what that takes, and all load settings as JSON, under the names of its
/// SDK (LLMLoadModelConfig of lmstudio-js).
/// </summary>
internal static class LMStudioLaunch
{
    /// <summary>The launch of a placement.</summary>
    public static RuntimeLaunch Of(LaunchRequest request)
    {
        var question = request.Question;
        var words = new List<string> { "load" };
        if (KeyOf(request) is { } key) words.Add(key);
        words.AddRange(new[] { SettingParts.GpuLayers.WordOf(ModelRuntime.LMStudio), Ratio(request) is { } ratio
            ? Number(ratio, 4) : "max" });
        words.AddRange(QuestionParts.ContextLength.Launch[ModelRuntime.LMStudio].Say(question.Options.TotalTokens));
        var sequences = question.Options.ParallelSequences;
        if (sequences > 1) words.AddRange(QuestionParts.ParallelSequences.Launch[ModelRuntime.LMStudio].Say(sequences));
        return new RuntimeLaunch("lms", words) { Configuration = Settings(request) };
    }

    private static string? KeyOf(LaunchRequest request) =>
        request.Question.Model.ModelPath ?? request.Repository ?? request.Question.Model.Name;

    /// <summary>Layers on the cards over the layers there are; null for all with the output layer.</summary>
    private static double? Ratio(LaunchRequest request)
    {
        if (request.Placed.Cards.Count == 0) return 0;
        if (request.HasAllLayers) return null;
        var layers = request.Costs.LayerCount - 1;
        return Math.Min(request.Placed.Layout.GpuLayers, layers - 1) / (double)layers;
    }

    /// <summary>What of the plan no word of <c>lms load</c> says; null if all is said.</summary>
    public static string? Untold(LaunchRequest request)
    {
        var (options, usual) = (request.Question.Options, new RuntimeOptions());
        var words = new List<string>();
        if (request.Costs.HasExperts && request.Placed.Cards.Count > 0 && request.Placed.Layout.CpuMoeLayers > 0)
            words.Add("experts in system memory");
        if (options.KeyCacheType != usual.KeyCacheType || options.ValueCacheType != usual.ValueCacheType)
            words.Add("cache types");
        if (!options.OffloadKv) words.Add("a cache in system memory");
        if (Unused(request).Length > 0) words.Add("cards that take no part");
        return words.Count == 0 ? null : string.Join(", ", words);
    }

    private static string Settings(LaunchRequest request)
    {
        var options = request.Question.Options;
        var gpu = new List<string> { Pair("ratio", Ratio(request) is { } ratio ? Number(ratio, 4) : "\"max\"") };
        if (request.Costs.HasExperts)
        {
            var behind = Math.Min(request.Placed.Layout.CpuMoeLayers, request.Costs.ExpertLayers);
            var share = behind / (double)Math.Max(1, request.Costs.LayerCount - 1);
            gpu.Add(Pair("numCpuExpertLayersRatio", Number(share, 4)));
        }

        if (Unused(request) is { Length: > 0 } unused) gpu.Add(Pair("disabledGpus", $"[{string.Join(",", unused)}]"));
        var settings = new List<string>
        {
            Pair("gpu", "{ " + string.Join(", ", gpu) + " }"),
            Pair("contextLength", Number(options.TotalTokens)),
            Pair("evalBatchSize", Number(options.MicroBatchSize)),
            Pair("flashAttention", options.FlashAttention == FlashAttentionMode.Off ? "false" : "true"),
            Pair("offloadKVCacheToGpu", options.OffloadKv ? "true" : "false"),
            Pair("maxParallelPredictions", Number(options.ParallelSequences)),
            Pair("useUnifiedKvCache", options.KvUnified ? "true" : "false"),
            Pair("tryMmap", options.MemoryMap && !request.CopiesPart ? "true" : "false"),
        };
        if (options.KeyCacheType != KvCacheType.F16)
            settings.Add(Pair("llamaKCacheQuantizationType", Quoted(options.KeyCacheType)));
        if (options.ValueCacheType != KvCacheType.F16)
            settings.Add(Pair("llamaVCacheQuantizationType", Quoted(options.ValueCacheType)));
        return "{\n  " + string.Join(",\n  ", settings) + "\n}";
    }

    private static int[] Unused(LaunchRequest request) => request.Machine.Cards
        .Select(card => card.Index)
        .Except(request.Placed.Cards.Select(card => card.Index)).ToArray();

    private static string Pair(string name, string value) => "\"" + name + "\": " + value;

    private static string Quoted(KvCacheType type) => "\"" + type.ToString().ToLowerInvariant() + "\"";
}
