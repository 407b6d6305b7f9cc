using System.Collections.Concurrent;

namespace ModelFit.Fit;

/// <summary>
/// The weights of a model in a quantization: enough to pass most candidates over before they are laid out again.
/// </summary>
/// <param name="AllBytes">Bytes of all weights.</param>
/// <param name="CardBytes">Bytes that are on cards where all of the model is; 0 where the runtime decides that.</param>
internal sealed record CandidateWeights(long AllBytes, long CardBytes)
{
    private const int MaxRemembered = 256;

    /// <summary>The weights of a question's model, found once for its settings and a quantization.</summary>
    public static CandidateWeights Of(FitQuestion question, string quantization)
    {
        var known = question.Model.Prepared.Get(
            _ => new ConcurrentDictionary<(RuntimeOptions Options, string Quantization), CandidateWeights>());
        var key = (question.Options, quantization);
        if (known.TryGetValue(key, out var weights)) return weights;
        if (known.Count >= MaxRemembered) known.Clear();
        return known[key] = Of(FitCase.Of(question with { Quantization = quantization }, NullSink.Instance));
    }

    private static CandidateWeights Of(FitCase fit) =>
        new(fit.Definition.WeightBytes, fit.Search.UsesHost ? fit.Search.Costs.WholeBytes : 0);
}
