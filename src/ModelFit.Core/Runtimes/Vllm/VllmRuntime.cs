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
    public override int MostSequences => 256;

    /// <inheritdoc/>
    public override bool RunsOn(ComputeBackend backend) => VllmMemory.RunsOn(backend);

    /// <inheritdoc/>
    public override string? Refusal(FitQuestion question, ModelDefinition model)
    {
        var options = question.Options;
        if (options.KeyCacheType != options.ValueCacheType)
            return "vLLM has one type for both caches: set it with -KvCacheType.";
        if (((TensorType)options.KeyCacheType).IsQuantized() && options.KeyCacheType != KvCacheType.Q8_0)
            return $"vLLM has no {options.KeyCacheType} cache: use F16, or Q8_0 for its fp8.";
        if (options.ContextLength > question.Model.TrainedContextLength)
        {
            return FormattableString.Invariant(
                $"vLLM refuses a context of {options.ContextLength} tokens: the model was trained for ") +
                FormattableString.Invariant($"{question.Model.TrainedContextLength}.");
        }

        return question.CardCount is { } cards && !VllmMemory.CanShare(model, cards)
            ? FormattableString.Invariant($"vLLM cannot split this model's attention heads over {cards} cards.")
            : null;
    }

    /// <inheritdoc/>
    public override MemoryMap Measure(FitQuestion question, ModelDefinition model, DeviceLayout layout) =>
        VllmMemory.Measure(model, question.Options, question.CardCount ?? 1);

    /// <inheritdoc/>
    public override IPlacementSearch Search(FitQuestion question, ModelDefinition model, MachineBudget machine) =>
        new TensorParallelSearch(model, question.Options, machine, question.CardCount);

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
