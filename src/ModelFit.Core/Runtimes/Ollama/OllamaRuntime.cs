using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Placement;
using ModelFit.Runtimes.LlamaCpp;

namespace ModelFit.Runtimes.Ollama;

/// <summary>Ollama.</summary>
internal sealed class OllamaRuntime : GgmlRuntime
{
    public override ModelRuntime Kind => ModelRuntime.Ollama;

    public override string Name => "Ollama";

    /// <summary>envconfig/config.go, Host.</summary>
    public override int Port => 11434;

    public override RuntimeLaunch AtPort(RuntimeLaunch launch, int port) => launch with
    {
        Environment = FormattableString.Invariant($"{launch.Environment} OLLAMA_HOST=127.0.0.1:{port}").TrimStart(),
    };

    public override LaunchDialect Dialect => OllamaDialect.Instance;

    public override string Assumption(FitQuestion question) =>
        "Ollama starts llama-server, whose fit places the layers that num_gpu does not; its release may differ from " +
        "the one that ModelFit follows.";

    /// <summary>Its num_gpu is all that it can be told.</summary>
    protected override PlacementRules Rules => new(SplitsItself: true, PlacesExperts: false);

    /// <summary>
    /// Since 0.30 it starts llama-server with batches by the length of the context and leaves the layers to its fit
    /// (llm/llama_server.go); a longer context than the trained one is cut to that.
    /// </summary>
    public override FitQuestion Settle(FitQuestion asked)
    {
        var options = asked.Options;
        var trained = asked.Model.TrainedContextLength ?? options.ContextLength;
        var settled = asked.Settled;
        if (options.ContextLength > trained)
        {
            settled = FormattableString.Invariant(
                $"Ollama cuts the context to the trained {trained} tokens, so {options.ContextLength} are not used");
            options = options with { ContextLength = trained };
        }

        var usual = new RuntimeOptions();
        var isNew = OllamaVersion.StartsServer(options.RuntimeVersion);
        if (isNew && (options.BatchSize, options.MicroBatchSize) == (usual.BatchSize, usual.MicroBatchSize))
        {
            var batch = OllamaVersion.Batch(options.TotalTokens);
            options = options with { BatchSize = batch, MicroBatchSize = batch };
        }

        if (!isNew && options.OutputCount is null) options = options with { OutputCount = 0 };
        var isFit = isNew && !asked.IsLaunched && asked.GpuLayers is null && asked.CpuMoeLayers is null
            && options.TensorSplit is null;
        var fit = asked.Fit ?? (isFit ? new RuntimeFit() : null);
        var isSame = options == asked.Options && fit == asked.Fit;
        var question = isSame ? asked : asked with { Options = options, Fit = fit, Settled = settled };
        if (!isNew) return question;
        return OllamaProjector.Placed(asked.IsLaunched ? question : OllamaProjector.With(question));
    }

    public override FitQuestion OnMachine(FitQuestion question) => OllamaCards.Chosen(base.OnMachine(question));

    public override FitQuestion Fit(FitQuestion question, ModelDefinition model, MachineBudget machine)
    {
        if (question.Fit is not { } fit) return question;
        var started = question;
        if (fit.ChoosesContext)
        {
            var trained = question.Model.TrainedContextLength ?? int.MaxValue;
            var bytes = machine.Cards.Sum(card => card.AvailableBytes - fit.WithheldBytes);
            var tokens = Math.Min(trained, OllamaVersion.Context(bytes));
            started = Settle(question with
            {
                Options = question.Options with { ContextLength = tokens },
                Settled = string.Join("; ", new[]
                {
                    question.Settled, FormattableString.Invariant($"Ollama takes {tokens} tokens with this GPU memory"),
                }.OfType<string>()),
            });
        }

        var foretold = OllamaVersion.Foretold(model, started.Options.TotalTokens);
        var cards = machine.Cards;
        if (cards.Count > 1 && !fit.Spreads
            && cards.OrderByDescending(card => card.AvailableBytes).First() is var largest
            && OllamaVersion.FitsOne(foretold, largest.AvailableBytes))
        {
            cards = new[] { largest };
            started = started with { Devices = new EquatableArray<int>(new[] { largest.Index }) };
        }

        started = WithBatch(started, foretold, cards, machine.Backend);
        return LlamaCppFit.Apply(fit with { ChoosesContext = false }, started, model, machine.WithCards(cards));
    }

    /// <summary>With a smaller batch where the one by the context leaves too little.</summary>
    private static FitQuestion WithBatch(
        FitQuestion question, long foretold, IReadOnlyList<CardBudget> cards, ComputeBackend backend)
    {
        var options = question.Options;
        var usual = OllamaVersion.Batch(options.TotalTokens);
        if ((options.BatchSize, options.MicroBatchSize) != (usual, usual)) return question;
        var batch = options.FlashAttention == FlashAttentionMode.Off && backend == ComputeBackend.Cuda
            ? OllamaVersion.BatchWithoutFlash(options.TotalTokens, cards.Min(card => card.AvailableBytes))
            : OllamaVersion.Batch(options.TotalTokens, foretold, cards.Sum(card => card.AvailableBytes));
        return question with { Options = options with { BatchSize = batch, MicroBatchSize = batch } };
    }

    public override FitQuestion Complete(LaunchLine line, FitQuestion question)
    {
        if (!OllamaVersion.StartsServer(question.Options.RuntimeVersion)) return question;
        var loaded = line.ModelIsPath ? question : OllamaProjector.With(question);
        return loaded with
        {
            IsLaunched = true,
            Fit = new RuntimeFit
            {
                ChoosesContext = line.SequenceContext is null,
                TargetBytes = line.FitTargets,
                Spreads = line.Spreads,
                WithheldBytes = line.WithheldBytes,
            },
        };
    }

    public override string? Refusal(FitQuestion question, ModelDefinition model) =>
        question.Options.KeyCacheType != question.Options.ValueCacheType
            ? "Ollama has one type for both caches: set it with -KvCacheType."
            : base.Refusal(question, model);

    /// <summary>None: its runner makes its own contexts.</summary>
    public override string? Refusal(MemoryEstimate memory) => null;

    public override RuntimeLaunch Launch(LaunchRequest request, IMessageSink messages)
    {
        WarnOfFile(request, "use its file instead", messages);
        return OllamaLaunch.Of(request);
    }

    /// <summary>A Modelfile is a line without a program.</summary>
    public override bool BeginsLine(string word) => word is "FROM" or "PARAMETER";

    public override bool Owns(string program) => program == "ollama";
}
