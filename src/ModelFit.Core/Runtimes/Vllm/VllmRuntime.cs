using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Catalog;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;

namespace ModelFit.Runtimes.Vllm;

/// <summary>vLLM.</summary>
internal sealed class VllmRuntime : Runtime
{
    private static readonly string[] Published = { "BF16", "FP8", "AWQ" };

    /// <inheritdoc/>
    public override ModelRuntime Kind => ModelRuntime.Vllm;

    /// <inheritdoc/>
    public override string Name => "vLLM";

    /// <inheritdoc/>
    public override LaunchDialect Dialect => VllmDialect.Instance;

    /// <inheritdoc/>
    public override string Assumption =>
        "vLLM's activations, graphs and communication are modelled from its logs; it fills the rest of its share " +
        "of each card with cache.";

    /// <inheritdoc/>
    public override IReadOnlyList<string> Quantizations => Published;

    /// <summary>It loads the published weights.</summary>
    public override string DefaultQuantization(ModelSpec model) => ModelCatalog.NativeQuantization(model) ?? "BF16";

    /// <inheritdoc/>
    public override string? NameOf(string? quantization) => quantization;

    /// <inheritdoc/>
    public override int MostSequences => 1 << 20;

    /// <inheritdoc/>
    public override bool RunsOn(ComputeBackend backend) => VllmSearch.RunsOn(backend);

    /// <inheritdoc/>
    public override string? Refusal(FitQuestion question, ModelDefinition model)
    {
        var options = question.Options;
        if (options.KeyCacheType != options.ValueCacheType)
            return "vLLM has one type for both caches: set it with -KvCacheType.";
        if (((TensorType)options.KeyCacheType).IsQuantized() && options.KeyCacheType != KvCacheType.Q8_0)
            return $"vLLM has no {options.KeyCacheType} cache: use F16, or Q8_0 for its fp8.";
        if (options.ContextLength > question.Model.TrainedContextLength && !options.Serving.AllowsLonger)
        {
            return FormattableString.Invariant(
                $"vLLM refuses a context of {options.ContextLength} tokens: the model was trained for ") +
                FormattableString.Invariant($"{question.Model.TrainedContextLength}.");
        }

        return question.CardCount is { } cards ? VllmRefusals.OfCards(model, cards) : null;
    }

    /// <inheritdoc/>
    public override MemoryMap Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout) =>
        VllmEstimate.Of(new VllmQuestion(
            model,
            question.Quantization,
            question.Model.ParameterCount,
            question.Options,
            question.Machine?.Gpus.FirstOrDefault(),
            VllmShare.Of(question.Options.Serving, question.CardCount ?? 1)))
            .Map(question.Options.ParallelSequences, question.CardCount ?? 1);

    /// <inheritdoc/>
    public override MachineBudget Budget(FitQuestion question, MachineBudget machine) =>
        VllmBudget.Of(machine, question);

    /// <inheritdoc/>
    public override int? LongestContext(FitQuestion question, IPlacementSearch search) => search is VllmSearch here
        ? Math.Max(1, here.LongestContext(question.Model.TrainedContextLength ?? question.Options.ContextLength))
        : null;

    /// <summary>
    /// A line without a length has the model's own, one without a share the version's (vllm/config/model.py,
    /// max_model_len; vllm/config/cache.py, gpu_memory_utilization).
    /// </summary>
    public override FitQuestion Complete(LaunchLine line, FitQuestion question) => question with
    {
        MemoryUtilization = question.MemoryUtilization ?? VllmLaunch.DefaultShare(question.Options.RuntimeVersion),
        Options = question.Options with
        {
            ContextLength = line.SequenceContext is null
                ? question.Model.TrainedContextLength ?? question.Options.ContextLength
                : question.Options.ContextLength,
        },
    };

    /// <inheritdoc/>
    public override IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        new VllmSearch(question, model, machine);

    /// <inheritdoc/>
    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        if (!VllmLaunch.LoadsAsPlanned(request.Question, request.Quantization))
        {
            messages.Warning(
                $"vLLM loads {request.Question.Model.Name} as published: put one with {request.Quantization} in its place.");
        }

        return VllmLaunch.Of(request);
    }

    /// <inheritdoc/>
    public override bool Owns(string? program, IEnumerable<string> words) =>
        program == "vllm" || words.Any(word => word.StartsWith("vllm.", StringComparison.Ordinal));
}
