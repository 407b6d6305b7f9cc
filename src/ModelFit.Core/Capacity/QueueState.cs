namespace ModelFit.Capacity;

/// <summary>How one copy of a model stands under a load, once it has gone on for long.</summary>
/// <param name="Utilization">Load over the most that it carries; more than 1 never ends.</param>
/// <param name="IsSaturated">Whether more arrives than is served, or more users are there than slots.</param>
/// <param name="Requests">Requests in work that the percentile sees at most, its own counted.</param>
/// <param name="WaitSeconds">Seconds until a slot is free, on average; endless where the queue is.</param>
/// <param name="FirstTokenSeconds">Seconds to the first token that the percentile keeps.</param>
/// <param name="MeanFirstTokenSeconds">Seconds to the first token on average.</param>
/// <param name="RequestsPerSecond">Requests that are completed in a second.</param>
internal readonly record struct QueueState(
    double Utilization,
    bool IsSaturated,
    int Requests,
    double WaitSeconds,
    double FirstTokenSeconds,
    double MeanFirstTokenSeconds,
    double RequestsPerSecond);
