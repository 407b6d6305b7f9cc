using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>What the Speed room says of a placement, at an empty cache.</summary>
internal static class Predictions
{
    /// <summary>The prediction; null if a card's bandwidth is not known.</summary>
    /// <param name="fit">The question.</param>
    /// <param name="placed">Where the model is.</param>
    /// <param name="messages">Where assumptions are said; null says nothing.</param>
    public static SpeedEstimate? Of(FitCase fit, PlacedModel placed, IMessageSink? messages = null) =>
        SpeedModel.Estimate(
            fit.Definition, fit.Question.Options, placed, fit.Question.Machine, messages ?? NullSink.Instance);

    /// <summary>Tokens a second of one sequence; null if unknown.</summary>
    public static double? Decode(FitCase fit, PlacedModel placed) => Of(fit, placed)?.DecodeTokensPerSecond;
}
