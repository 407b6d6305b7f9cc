using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Questions;

namespace ModelFit.Runtimes.Vllm;

/// <summary>How vLLM is told: <c>vllm serve</c> with its engine arguments.</summary>
internal static class VllmLaunch
{
    private const int Half = 2;

    /// <summary>
    /// vLLM's own share of each card (vllm/config/cache.py, gpu_memory_utilization): 0.92 since 0.21, 0.9 before.
    /// </summary>
    /// <param name="version">The version; null is the newest.</param>
    public static double DefaultShare(string? version) =>
        VllmVersion.Parse(version).IsAtLeast(VllmVersion.LargerShare) ? 0.92 : 0.9;

    /// <summary>The launch of a placement.</summary>
    public static RuntimeLaunch Of(LaunchRequest request)
    {
        var question = request.Question;
        var options = question.Options;
        var words = new List<string> { "serve", question.Model.ModelPath ?? question.Model.Name };
        void Add(string name, long number)
        {
            words.Add(name);
            words.Add(number.ToString(CultureInfo.InvariantCulture));
        }

        if (MethodOf(request) is { } method) words.AddRange(new[] { Word(QuestionParts.Quantization), method });
        var told = options.Serving;
        Add(Word(SettingParts.CardCount), request.Placed.Cards.Count / (told.PipelineParallel * told.DataParallel));
        if (told.PipelineParallel > 1) Add(Word(SettingParts.PipelineParallel), told.PipelineParallel);
        if (told.DataParallel > 1) Add(Word(SettingParts.DataParallel), told.DataParallel);
        if (request.Placed.Capacity is { } capacity)
        {
            words.Add(Word(SettingParts.MemoryUtilization));
            words.Add(capacity.Share.ToString("0.##", CultureInfo.InvariantCulture));
            Add(Word(SettingParts.MaxSequences), capacity.Sequences);
            Add(Word(SettingParts.MaxBatchedTokens), capacity.BatchedTokens);
        }

        Add(Word(QuestionParts.ContextLength), options.ContextLength);
        words.AddRange(Kept(told));
        if (options.KeyCacheType is not (KvCacheType.F16 or KvCacheType.BF16))
            words.AddRange(new[] { Word(QuestionParts.KeyCacheType), options.KeyCacheType.ToString().ToLowerInvariant() });
        return new RuntimeLaunch("vllm", words) { Environment = Selection(request) };
    }

    /// <summary>
    /// Whether what vLLM loads under the model's name has the quantization that was planned: the published one, or one
    /// that vLLM makes of it while loading.
    /// </summary>
    public static bool LoadsAsPlanned(FitQuestion question, string? quantization) =>
        question.Model.ModelPath is not null
        || IsPublished(question.Model, quantization)
        || MethodOf(quantization) is not null;

    /// <summary>What was told beside, as it was told.</summary>
    private static IEnumerable<string> Kept(ServingOptions told)
    {
        if (told.ExpertParallel) yield return Word(SettingParts.ExpertParallel);
        if (told.Eager) yield return Word(SettingParts.Eager);
        if (told.LanguageModelOnly) yield return Word(SettingParts.LanguageModelOnly);
        foreach (var (name, number) in new (string, long?)[]
        {
            (Word(SettingParts.ContextParallel), told.ContextParallel > 1 ? told.ContextParallel : null),
            (Word(SettingParts.CacheBytes), told.CacheBytes),
            (Word(SettingParts.BlockSize), told.BlockSize),
            (Word(SettingParts.CpuOffload), told.CpuOffloadBytes > 0 ? told.CpuOffloadBytes >> 30 : null),
            (Word(SettingParts.Adapters), told.Adapters > 0 ? told.Adapters : null),
            (Word(SettingParts.AdapterRank), told.Adapters > 0 ? told.AdapterRank : null),
        })
        {
            if (number is not { } value) continue;
            yield return name;
            yield return value.ToString(CultureInfo.InvariantCulture);
        }

        if (told.Adapters > 0) yield return Word(FileParts.TakesAdapters);
        if (told.WholeEncoder) yield return Word(SettingParts.WholeEncoder) + "=data";
        if (told.StateBytes == Half) yield return Word(SettingParts.StateBytes) + "=bfloat16";
        if (told.StateCaching is { } caching)
            yield return Word(SettingParts.StateCaching) + "=" + caching.ToString().ToLowerInvariant();
        if (told.LargestGraph is { } largest)
            yield return FormattableString.Invariant($"{Word(SettingParts.LargestGraph)}={largest}");
        if (told.DraftMethod is { } method) yield return Word(SettingParts.DraftMethod) + "=" + method;
        if (told.DraftModel is { } drafter) yield return Word(SettingParts.DraftModel) + "=" + drafter;
        if (told.DraftTokens > 0)
            yield return FormattableString.Invariant($"--speculative-config.num_speculative_tokens={told.DraftTokens}");
    }

    private static string Word(QuestionPart part) => part.WordOf(ModelRuntime.Vllm);

    private static string? MethodOf(LaunchRequest request) =>
        request.Question.Model.ModelPath is not null || IsPublished(request.Question.Model, request.Quantization)
            ? null
            : MethodOf(request.Quantization);

    private static bool IsPublished(ModelSpec model, string? quantization) =>
        quantization is null or "F16" or "BF16" || quantization == ModelCatalog.NativeQuantization(model);

    private static string? MethodOf(string? quantization) => quantization switch
    {
        "FP8" => "fp8",
        "NF4" => "bitsandbytes",
        _ => null,
    };

    private static string? Selection(LaunchRequest request) =>
        request.Placed.Cards.Count == request.VisibleCards
            ? null
            : "CUDA_VISIBLE_DEVICES=" + string.Join(",", request.Placed.Cards.Select(
                card => card.Index.ToString(CultureInfo.InvariantCulture)));
}
