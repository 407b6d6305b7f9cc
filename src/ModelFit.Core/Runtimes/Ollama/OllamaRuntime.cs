using System.Collections.Generic;
using System.Linq;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.Ollama;

/// <summary>Ollama.</summary>
internal sealed class OllamaRuntime : LlamaBased
{
    /// <inheritdoc/>
    public override ModelRuntime Kind => ModelRuntime.Ollama;

    /// <inheritdoc/>
    public override string Name => "Ollama";

    /// <inheritdoc/>
    public override LaunchDialect Dialect => OllamaDialect.Instance;

    /// <inheritdoc/>
    public override string Assumption =>
        "Ollama's own estimate decides what it loads; num_gpu overrides it. Memory is counted as llama.cpp's.";

    /// <summary>Its num_gpu is all that it can be told.</summary>
    protected override PlacementRules Rules => new(SplitsItself: true, PlacesExperts: false);

    /// <inheritdoc/>
    public override string? Refusal(FitQuestion question, ModelDefinition model) =>
        question.Options.KeyCacheType != question.Options.ValueCacheType
            ? "Ollama has one type for both caches: set it with -KvCacheType."
            : base.Refusal(question, model);

    /// <summary>None: its runner makes its own contexts.</summary>
    public override string? Refusal(MemoryMap map) => null;

    /// <inheritdoc/>
    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "put its file in its place", messages);
        return OllamaLaunch.Of(request);
    }

    /// <inheritdoc/>
    public override bool Owns(string? program, IEnumerable<string> words) =>
        program == "ollama" || (program is null && words.Any(LaunchDialect.IsModelfileWord));
}
