using ModelFit.Speed;

namespace ModelFit.Capacity;

/// <summary>
/// A copy of a model with users who each send the next request when the last is answered: their number is the number
/// of requests that are there. Those beyond the slots wait, all the time and in turn. An answer can only end with a
/// token, so that prompts meet as often as others end while one is read, which they do once in the tokens of an answer.
/// </summary>
internal static class ClosedQueue
{
    /// <summary>The state in balance.</summary>
    /// <param name="curve">What the copy does.</param>
    /// <param name="slots">Requests that are in work at most.</param>
    /// <param name="users">Users.</param>
    /// <param name="percentile">Percent of requests that the state is told for.</param>
    public static QueueState Of(ServiceCurve curve, int slots, int users, double percentile)
    {
        var requests = Math.Min(users, slots);
        var all = curve.RequestSeconds(requests);
        var rate = curve.RequestsPerSecond(requests);
        var wait = (users / rate) - all;
        var read = curve.PromptSeconds(requests);
        var others = Math.Min((requests - 1) * curve.Chunks / (double)curve.AnswerLength, 1 - (1.0 / requests));
        var prompt = new Delay(others, read / (2 * (1 - others)));
        var turn = Delay.OfTurns(users - requests, rate, percentile / 100);
        return new QueueState(
            users / (double)slots,
            users > slots,
            requests,
            wait,
            turn + read + Delay.Percentile(prompt, default, percentile / 100),
            wait + read + prompt.Mean,
            rate);
    }
}
