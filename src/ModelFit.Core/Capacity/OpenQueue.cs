using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>
/// A copy of a model to which requests come at random (Poisson) whether or not earlier ones are answered. With n of
/// them there, min(n, slots) are in work and complete at the curve's rate: a chain of births and deaths whose rate
/// depends on its state. Beyond the slots it is geometric, and the wait for a slot is Erlang's. Prompts of
/// those who find a slot wait for one another as for one server with work of one length; who waited for a slot gets it
/// when an answer ends, and so not while a prompt is read.
/// </summary>
internal static class OpenQueue
{
    private const double Bunching = 0.5;

    /// <summary>The state in balance; where more arrives than is completed there is none.</summary>
    /// <param name="curve">What the copy does.</param>
    /// <param name="slots">Requests that are in work at most.</param>
    /// <param name="arrivals">Requests that arrive in a second.</param>
    /// <param name="percentile">Percent of requests that the state is told for.</param>
    public static QueueState Of(ServiceCurve curve, int slots, double arrivals, double percentile)
    {
        var most = curve.RequestsPerSecond(slots);
        var utilization = arrivals / most;
        if (utilization >= 1)
        {
            const double endless = double.PositiveInfinity;
            return new QueueState(utilization, true, slots, endless, endless, endless, most);
        }

        var below = Below(curve, slots, arrivals);
        var waits = Waits(curve, slots, below.Waits);
        var slot = new Delay(waits, (1 + Variation(curve, slots)) / 2 / (most - arrivals));
        var requests = Seen(below.States, percentile / 100, slots);
        var read = curve.PromptSeconds(MeanRequests(below));
        var reading = Math.Min(arrivals * read, 1 - (1.0 / (slots + 1))) * (1 - waits);
        var prompt = new Delay(reading, read / (2 * (1 - reading)));
        var first = curve.FirstTokenSeconds(requests);
        return new QueueState(
            utilization,
            false,
            requests,
            slot.Mean,
            first + Delay.Percentile(slot, prompt, percentile / 100),
            curve.FirstTokenSeconds(MeanRequests(below)) + slot.Mean + prompt.Mean,
            arrivals);
    }

    /// <summary>
    /// Variance of a request's work over its mean squared: answers are of random length, prompts are not. Waits are as
    /// much shorter than Erlang's as work is less random (Allen and Cunneen).
    /// </summary>
    private static double Variation(ServiceCurve curve, int slots)
    {
        var writing = 1 - ReadingShare(curve, slots);
        return writing * writing;
    }

    /// <summary>
    /// The part of requests that wait for a slot. Prompts are read one after another while answers hardly go on, so
    /// that after a few arrivals at once slots stay taken for longer than in the chain, which forgets; the more of the
    /// time goes to prompts, the more (found by simulating 30 servers).
    /// </summary>
    private static double Waits(ServiceCurve curve, int slots, double chain) =>
        Math.Min(1, chain * (1 + (Bunching * ReadingShare(curve, slots) * (1 - chain))));

    /// <summary>The part of the time that goes to prompts where all slots are taken.</summary>
    private static double ReadingShare(ServiceCurve curve, int slots) =>
        slots * curve.PromptSeconds(slots) / curve.RequestSeconds(slots);

    /// <summary>The probability of each number of requests below the slots, and that of having to wait.</summary>
    private static (IReadOnlyList<double> States, double Waits) Below(ServiceCurve curve, int slots, double arrivals)
    {
        var states = new double[slots];
        var (weight, sum) = (1.0, 0.0);
        for (var n = 0; n < slots; n++)
        {
            states[n] = weight;
            sum += weight;
            weight *= arrivals / curve.RequestsPerSecond(n + 1);
        }

        var waits = weight / (1 - (arrivals / curve.RequestsPerSecond(slots)));
        for (var n = 0; n < slots; n++) states[n] /= sum + waits;
        return (states, waits / (sum + waits));
    }

    /// <summary>Requests in work that a part of those who arrive find at most, themselves counted.</summary>
    private static int Seen(IReadOnlyList<double> states, double part, int slots)
    {
        var reached = 0.0;
        for (var n = 0; n < states.Count; n++)
        {
            reached += states[n];
            if (reached >= part) return Math.Min(slots, n + 1);
        }

        return slots;
    }

    private static int MeanRequests((IReadOnlyList<double> States, double Waits) below)
    {
        var mean = below.Waits * below.States.Count;
        for (var n = 0; n < below.States.Count; n++) mean += below.States[n] * Math.Min(n + 1, below.States.Count);
        return Math.Max(1, (int)Math.Round(mean));
    }
}
