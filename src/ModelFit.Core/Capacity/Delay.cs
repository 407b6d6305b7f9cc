namespace ModelFit.Capacity;

/// <summary>
/// A delay that is nothing for most and, for a part of the requests, lasts at random without memory: the wait of a
/// queue with random arrivals (Erlang's C for a slot; Pollaczek and Khinchine's mean for prompts of one length).
/// </summary>
/// <param name="Share">Part of the requests that are delayed.</param>
/// <param name="Seconds">How long these are on average.</param>
internal readonly record struct Delay(double Share, double Seconds)
{
    /// <summary>The mean over all requests.</summary>
    public double Mean => Share * Seconds;

    /// <summary>Seconds within which a part of the requests have both delays behind them.</summary>
    public static double Percentile(Delay one, Delay other, double part)
    {
        var late = 1 - part;
        if (Later(one, other, 0) <= late) return 0;
        var (low, high) = (0.0, Math.Max(one.Seconds, other.Seconds));
        while (Later(one, other, high) > late) high *= 2;
        for (var i = 0; i < 50; i++)
        {
            var middle = (low + high) / 2;
            if (Later(one, other, middle) > late) low = middle;
            else high = middle;
        }

        return high;
    }

    /// <summary>
    /// Seconds within which a part of the requests have had their turn where so many others, completed at random, come
    /// before each: Erlang's distribution by Wilson's and Hilferty's cube root.
    /// </summary>
    public static double OfTurns(int others, double rate, double part)
    {
        if (others <= 0) return 0;
        var ninth = 1 / (9.0 * others);
        return others / rate * Math.Pow(Math.Max(0, 1 - ninth + (Normal(part) * Math.Sqrt(ninth))), 3);
    }

    /// <summary>The normal distribution's percentile (Abramowitz and Stegun 26.2.23, right to 0.0005).</summary>
    private static double Normal(double part)
    {
        if (part < 0.5) return -Normal(1 - part);
        var t = Math.Sqrt(-2 * Math.Log(1 - part));
        return t - ((2.515517 + (t * (0.802853 + (t * 0.010328))))
            / (1 + (t * (1.432788 + (t * (0.189269 + (t * 0.001308)))))));
    }

    /// <summary>Part of the requests whose delays together last longer.</summary>
    private static double Later(Delay one, Delay other, double seconds)
    {
        var (first, second) = (Tail(one.Seconds, seconds), Tail(other.Seconds, seconds));
        return (one.Share * (1 - other.Share) * first) + (other.Share * (1 - one.Share) * second)
            + (one.Share * other.Share * Both(one.Seconds, other.Seconds, seconds));
    }

    private static double Tail(double mean, double seconds) => mean > 0 ? Math.Exp(-seconds / mean) : 0;

    /// <summary>The tail of the sum of two delays that are both there.</summary>
    private static double Both(double one, double other, double seconds)
    {
        const double near = 1e-6;
        if (Math.Abs(one - other) <= near * Math.Max(one, other))
            return one > 0 ? Tail(one, seconds) * (1 + (seconds / one)) : 0;
        return ((one * Tail(one, seconds)) - (other * Tail(other, seconds))) / (one - other);
    }
}
