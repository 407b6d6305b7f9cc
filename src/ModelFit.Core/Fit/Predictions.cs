using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>How fast a placement is.</summary>
/// <param name="DecodeTokensPerSecond">Tokens a second of one sequence at an empty cache.</param>
/// <param name="PrefillTokensPerSecond">Tokens a second of prompt processing.</param>
/// <param name="Bottleneck">What limits decoding.</param>
internal sealed record Prediction(
    double? DecodeTokensPerSecond, double? PrefillTokensPerSecond, string? Bottleneck);

/// <summary>What the Speed room says of a placement.</summary>
internal static class Predictions
{
    /// <summary>The prediction; null if nothing is known.</summary>
    public static Prediction? Of(FitCase fit, PlacedModel placed) => null;

    /// <summary>Tokens a second of one sequence at an empty cache; null if unknown.</summary>
    public static double? Decode(FitCase fit, PlacedModel placed) => Of(fit, placed)?.DecodeTokensPerSecond;
}
