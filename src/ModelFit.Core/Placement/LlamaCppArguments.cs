using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;

namespace ModelFit.Placement;

/// <summary>How llama.cpp's server is told of a placement; the words are those of common/arg.cpp.</summary>
internal static class LlamaCppArguments
{
    private const int AllLayers = 99;

    /// <summary>The arguments, one element each.</summary>
    /// <param name="question">The question, with its options.</param>
    /// <param name="quantization">The quantization that was measured.</param>
    /// <param name="repository">A repository with files of the model, for <c>-hf</c>; null if none is known.</param>
    /// <param name="placed">The placement.</param>
    /// <param name="costs">The slots of the model.</param>
    /// <param name="machineCards">Number of cards in the machine.</param>
    public static List<string> For(
        FitQuestion question,
        string? quantization,
        string? repository,
        PlacedModel placed,
        LayerCosts costs,
        int machineCards)
    {
        var words = new List<string>();
        AddModel(words, question.Model, quantization, repository);
        foreach (var file in question.Companions?.AsEnumerable() ?? Enumerable.Empty<CompanionFile>())
            Add(words, file.Kind == CompanionKind.Projector ? "--mmproj" : "--lora", file.Path);
        AddOptions(words, question.Options);
        AddPlacement(words, placed, costs, machineCards);
        return words;
    }

    private static void AddModel(List<string> words, ModelSpec model, string? quantization, string? repository)
    {
        if (model.ModelPath is { } path) AddPath(words, path);
        else if (repository is not null)
            Add(words, "-hf", quantization is null ? repository : repository + ":" + quantization);
    }

    private static void AddPath(List<string> words, string path)
    {
        const string hub = "hf://";
        var segments = path.StartsWith(hub, StringComparison.Ordinal) ? path.Substring(hub.Length).Split('/') : null;
        if (segments is { Length: > 2 })
        {
            Add(words, "-hf", string.Join("/", segments.Take(2)).Split('@')[0]);
            Add(words, "-hff", string.Join("/", segments.Skip(2)));
        }
        else
        {
            Add(words, path.StartsWith("http", StringComparison.Ordinal) && path.Contains("://") ? "-mu" : "-m", path);
        }
    }

    private static void AddOptions(List<string> words, RuntimeOptions options)
    {
        var defaults = new RuntimeOptions();
        Add(words, "-c", Text((long)options.ContextLength * options.ParallelSequences));
        Add(words, "-np", Text(options.ParallelSequences));
        if (options.BatchSize != defaults.BatchSize) Add(words, "-b", Text(options.BatchSize));
        if (options.MicroBatchSize != defaults.MicroBatchSize) Add(words, "-ub", Text(options.MicroBatchSize));
        if (options.KeyCacheType != defaults.KeyCacheType) Add(words, "-ctk", Text(options.KeyCacheType));
        if (options.ValueCacheType != defaults.ValueCacheType) Add(words, "-ctv", Text(options.ValueCacheType));
        if (options.FlashAttention != FlashAttentionMode.Auto)
            Add(words, "-fa", options.FlashAttention == FlashAttentionMode.On ? "on" : "off");
        if (options.KvUnified) words.Add("-kvu");
        if (options.SwaFull) words.Add("--swa-full");
        if (!options.OffloadKv) words.Add("-nkvo");
        if (!options.OffloadOperations) words.Add("--no-op-offload");
        if (!options.MemoryMap) Add(words, "-lm", "none");
        if (!options.Repack) words.Add("--no-repack");
        if (options.SplitMode == GpuSplitMode.Row) Add(words, "-sm", "row");
    }

    private static void AddPlacement(List<string> words, PlacedModel placed, LayerCosts costs, int machineCards)
    {
        var layout = placed.Layout;
        if (placed.Cards.Count == 0)
        {
            if (machineCards > 0) Add(words, "-dev", "none");
            Add(words, "-ngl", "0");
            return;
        }

        var whole = layout.GpuLayers >= costs.SlotCount;
        Add(words, "-ngl", Text(whole && costs.SlotCount <= AllLayers ? AllLayers : layout.GpuLayers));
        if (layout.CpuMoeLayers > 0 && costs.HasExperts)
        {
            if (layout.CpuMoeLayers >= costs.ExpertLayers) words.Add("--cpu-moe");
            else Add(words, "--n-cpu-moe", Text(layout.CpuMoeLayers));
        }

        if (layout.TensorOverrides is { } overrides) Add(words, "-ot", string.Join(",", overrides));
        if (placed.Cards.Count < machineCards) AddSelection(words, placed.Cards, layout.Backend);
        if (layout.Split is { } split) Add(words, "-ts", SplitText(split));
    }

    /// <summary>One card of several by its index, more by the names that llama.cpp's backends give them.</summary>
    private static void AddSelection(List<string> words, IReadOnlyList<CardBudget> cards, ComputeBackend backend)
    {
        if (cards.Count == 1)
        {
            Add(words, "-sm", "none");
            Add(words, "-mg", Text(cards[0].Index));
            return;
        }

        var prefix = backend switch
        {
            ComputeBackend.Hip => "ROCm",
            ComputeBackend.Vulkan => "Vulkan",
            ComputeBackend.Metal => "MTL",
            _ => "CUDA",
        };
        Add(words, "-dev", string.Join(",", cards.Select(card => prefix + Text(card.Index))));
    }

    /// <summary>Shares as <c>-ts</c> takes them.</summary>
    public static string SplitText(IEnumerable<double> split) =>
        string.Join(",", split.Select(share => share.ToString("0.####", CultureInfo.InvariantCulture)));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Text(KvCacheType type) => type.ToString().ToLowerInvariant();

    private static void Add(List<string> words, string name, string value)
    {
        words.Add(name);
        words.Add(value);
    }
}
