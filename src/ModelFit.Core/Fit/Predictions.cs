using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>What the Speed room says of a placement.</summary>
internal static class Predictions
{
    /// <summary>The prediction; null if a card's bandwidth is not known.</summary>
    public static SpeedPrediction? Of(FitCase fit, PlacedModel placed, IMessageSink messages) => SpeedModel.Estimate(
        fit.Definition, fit.Question.Options, placed, fit.Question.Machine, fit.Question.Load, messages);

    /// <summary>Tokens a second of each active sequence; null if unknown.</summary>
    public static double? Decode(FitCase fit, PlacedModel placed) =>
        Of(fit, placed, NullSink.Instance)?.Decode.Expected;
}
