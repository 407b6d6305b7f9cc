using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>
/// The best quantization of each model on one machine. Ranked by verdict, then by effective size (see
/// <see cref="EffectiveSize"/>), then by speed.
/// </summary>
internal static class Finder
{
    /// <summary>
    /// How perplexity falls with size: the Llama family's 5.68 at 7B and 3.53 at 65B make an exponent of 0.21, so a
    /// loss of 1 % in perplexity is worth about 5 % of the parameters.
    /// </summary>
    private const double SizePerPerplexity = 5;

    /// <summary>Lowest bits a weight that anything in the ladder has, to pass over what cannot fit.</summary>
    private const double LeastBitsPerWeight = 2.5;

    /// <summary>Answers for every model that runs, best first, with their ranks.</summary>
    public static IReadOnlyList<ModelFitResult> Find(
        FitQuestion template,
        IEnumerable<ModelSpec> models,
        IReadOnlyList<string>? quantizations,
        double? minimumTokensPerSecond,
        IMessageSink messages,
        CancellationToken cancellation)
    {
        var machine = MachineBudget.For(template);
        var room = machine.PoolBytes ?? machine.Cards.Sum(card => card.AvailableBytes) + (machine.HostBytes ?? 0);
        var found = new List<(FitCase Fit, Decision Decision, double Size, double? Speed, double? Loss)>();
        foreach (var model in models)
        {
            cancellation.ThrowIfCancellationRequested();
            if (model.Layout is null) continue;
            if (quantizations is null && model.ParameterCount * LeastBitsPerWeight / 8 > room) continue;
            var ladder = quantizations ?? Quantizations.Ladder(model);
            if (Best(template, model, ladder, room, minimumTokensPerSecond, messages) is { } best) found.Add(best);
        }

        return found
            .OrderByDescending(answer => answer.Decision.Verdict)
            .ThenByDescending(answer => answer.Size)
            .ThenByDescending(answer => answer.Speed ?? 0)
            .Select((answer, index) => Results.Of(
                answer.Fit, answer.Decision, NullSink.Instance, index + 1, answer.Loss))
            .ToList();
    }

    /// <summary>
    /// Parameters as a dense unquantized model would have them: the geometric mean of all and of active ones, less
    /// what the loss of the quantization is worth.
    /// </summary>
    internal static double EffectiveSize(ModelSpec model, double? qualityLoss)
    {
        var all = (double)(model.ParameterCount ?? 0);
        var active = model.ActiveParameterCount ?? all;
        return Math.Sqrt(all * active) * Math.Pow(1 + ((qualityLoss ?? 0) / 100), -SizePerPerplexity);
    }

    /// <summary>The largest quantization with the best verdict that is fast enough; null if none runs.</summary>
    private static (FitCase, Decision, double, double?, double?)? Best(
        FitQuestion template,
        ModelSpec model,
        IReadOnlyList<string> ladder,
        long room,
        double? minimumTokensPerSecond,
        IMessageSink messages)
    {
        (FitCase, Decision Decision, double Size, double?, double?)? best = null;
        foreach (var name in ladder)
        {
            var quantization = QuantizationCatalog.Find(name);
            if (model.ParameterCount * quantization?.BitsPerWeight / 8 * 0.9 > room) continue;
            var fit = FitCase.Of(template with { Model = model, Quantization = name }, messages);
            if (fit.Definition.WeightBytes > room) continue;
            var decision = Decision.Judge(fit);
            if (decision.Verdict == Verdict.NoFit || decision.Verdict <= best?.Decision.Verdict) continue;
            var speed = Predictions.Decode(fit, decision.Placed);
            if (speed < minimumTokensPerSecond) continue;
            var loss = quantization?.QualityLoss;
            best = (fit, decision, EffectiveSize(model, loss), speed, loss);
            if (decision.Verdict == Verdict.Fits) break;
        }

        return best;
    }
}
