using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using ModelFit.Catalog;

namespace ModelFit.Runtimes.Vllm;

/// <summary>How vLLM is told: <c>vllm serve</c> with its engine arguments.</summary>
internal static class VllmLaunch
{
    /// <summary>
    /// vLLM's own share of each card (vllm/config/cache.py, gpu_memory_utilization): 0.92 since 0.21, 0.9 before.
    /// </summary>
    /// <param name="version">The version; null is the newest.</param>
    public static double DefaultShare(string? version) => VllmVersion.Parse(version).IsAtLeast(21) ? 0.92 : 0.9;

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

        if (MethodOf(request) is { } method) words.AddRange(new[] { "--quantization", method });
        Add("--tensor-parallel-size", request.Placed.Cards.Count);
        words.Add("--gpu-memory-utilization");
        words.Add(Utilization(request).ToString("0.##", CultureInfo.InvariantCulture));
        Add("--max-model-len", options.ContextLength);
        if (options.Serving.MaxSequences is { } sequences) Add("--max-num-seqs", sequences);
        if (options.Serving.MaxBatchedTokens is { } tokens) Add("--max-num-batched-tokens", tokens);
        if (options.KeyCacheType is not (KvCacheType.F16 or KvCacheType.BF16 or KvCacheType.F32))
            words.AddRange(new[] { "--kv-cache-dtype", "fp8" });
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

    /// <summary>
    /// The share of each card: what was asked for, else vLLM's own if the model fits in it and the card has it, else
    /// all but the reserve.
    /// </summary>
    private static double Utilization(LaunchRequest request)
    {
        if (request.Question.MemoryUtilization is { } asked) return asked;
        var (needed, most) = (0.0, 1.0);
        for (var i = 0; i < request.Placed.Cards.Count; i++)
        {
            var card = request.Placed.Cards[i];
            double total = card.Card.MemoryBytes ?? card.AvailableBytes;
            needed = Math.Max(needed, (request.Placed.NeededOn(i) + card.OverheadBytes) / total);
            most = Math.Min(most, (card.AvailableBytes - card.ReserveBytes) / total);
        }

        var usual = DefaultShare(request.Question.Options.RuntimeVersion);
        var share = needed <= usual ? Math.Min(usual, most) : most;
        return Math.Max(Math.Floor((share * 100) + 1e-6), Math.Ceiling(needed * 100)) / 100;
    }

    private static string? Selection(LaunchRequest request) =>
        request.Placed.Cards.Count == request.Machine.Cards.Count
            ? null
            : "CUDA_VISIBLE_DEVICES=" + string.Join(",", request.Placed.Cards.Select(
                card => card.Index.ToString(CultureInfo.InvariantCulture)));
}
