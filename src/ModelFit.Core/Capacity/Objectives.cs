using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>What each request must keep, and the most load with which it does.</summary>
/// <param name="FirstTokenSeconds">Most seconds to the first token; null asks for nothing.</param>
/// <param name="TokensPerSecond">Least tokens a second of each user; null asks for nothing.</param>
/// <param name="Percentile">Percent of requests that must keep both.</param>
internal sealed record Objectives(double? FirstTokenSeconds, double? TokensPerSecond, double Percentile)
{
    /// <summary>
    /// Part of what is completed at most that a rate of random arrivals may be where no wait is limited.
    /// </summary>
    public const double UsualUtilization = 0.85;

    public static Objectives Of(FitQuestion question, CapacityDemand demand) => new(
        demand.MaximumTimeToFirstToken, question.Load.MinimumTokensPerSecond, demand.Percentile);

    /// <summary>Whether a state keeps them.</summary>
    public bool AreKept(ServiceCurve curve, QueueState state) => !state.IsSaturated
        && !(state.FirstTokenSeconds > FirstTokenSeconds)
        && !(curve.TokensPerSecond(state.Requests) < TokensPerSecond);

    /// <summary>
    /// The most requests in work, up to a number, with which each user's rate is kept; 1 where not even one's is.
    /// </summary>
    public int MostRequests(ServiceCurve curve, int most) => TokensPerSecond is { } least
        ? Largest(most, requests => curve.TokensPerSecond(requests) >= least)
        : most;

    /// <summary>The most users of a copy with so many slots; 0 if not even one keeps the objectives.</summary>
    public int MostUsers(ServiceCurve curve, int slots)
    {
        bool IsKept(int users) => AreKept(curve, ClosedQueue.Of(curve, slots, users, Percentile));
        return IsKept(1) ? Largest(slots, IsKept) : 0;
    }

    /// <summary>
    /// The most requests a second of a copy with so many slots; 0 if not even few keep the objectives. Where no wait is
    /// limited, <see cref="UsualUtilization"/> of what is completed at most.
    /// </summary>
    public double MostArrivals(ServiceCurve curve, int slots)
    {
        const double few = 1e-3;
        var most = curve.RequestsPerSecond(slots);
        bool IsKept(double share) => AreKept(curve, OpenQueue.Of(curve, slots, most * share, Percentile));
        if (!IsKept(few)) return 0;
        var (low, high) = (few, FirstTokenSeconds is null ? UsualUtilization : 1);
        if (high < 1 && IsKept(high)) return most * high;
        for (var i = 0; i < 20; i++)
        {
            var middle = (low + high) / 2;
            if (IsKept(middle)) low = middle;
            else high = middle;
        }

        return most * low;
    }

    private static int Largest(int most, Func<int, bool> isKept)
    {
        var (low, high) = (1, most + 1);
        while (high - low > 1)
        {
            var middle = low + ((high - low) / 2);
            if (isKept(middle)) low = middle;
            else high = middle;
        }

        return low;
    }
}
