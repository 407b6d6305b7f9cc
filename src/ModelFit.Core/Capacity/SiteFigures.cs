using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>What users get of a site.</summary>
internal sealed record SiteFigures
{
    /// <summary>Requests that are completed in a minute.</summary>
    public double? RequestsPerMinute { get; private init; }

    /// <summary>Tokens a second of each user.</summary>
    public SpeedFigure? Rate { get; private init; }

    /// <summary>Seconds to the first token; null if the queue never ends.</summary>
    public SpeedFigure? FirstToken { get; private init; }

    /// <summary>Tokens a second on all machines.</summary>
    public double? TotalTokensPerSecond { get; private init; }

    /// <summary>The figures of a site that runs.</summary>
    public static SiteFigures Of(Site site)
    {
        var (curve, state) = (site.Replica.Curve!, site.State!.Value);
        var seconds = state.FirstTokenSeconds;
        var total = state.RequestsPerSecond * site.Replicas;
        return new SiteFigures
        {
            RequestsPerMinute = 60 * total,
            Rate = SpeedFigure.Of(curve.TokensPerSecond(state.Requests), curve.Decode(state.Requests)),
            FirstToken = double.IsInfinity(seconds)
                ? null
                : new SpeedFigure(seconds / curve.Read.High, seconds, seconds / curve.Read.Low),
            TotalTokensPerSecond = total * curve.AnswerLength,
        };
    }
}
