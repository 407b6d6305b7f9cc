namespace ModelFit;

/// <summary>
/// What a model has to serve, beside what the question's load says of a request: prompt, cache already used, and tokens
/// a second that each user must get.
/// </summary>
public sealed record CapacityDemand
{
    /// <summary>Tokens of an answer where nobody says.</summary>
    public const int DefaultAnswerLength = 256;

    /// <summary>Percent of requests where nobody says.</summary>
    public const double DefaultPercentile = 95;

    /// <summary>
    /// Requests in work at the same time, each followed by the next at once; null where a rate is said.
    /// </summary>
    public int? Users { get; init; }

    /// <summary>Requests that arrive in a minute, at random; null where users are said.</summary>
    public double? RequestsPerMinute { get; init; }

    /// <summary>Tokens of an answer.</summary>
    public int AnswerLength { get; init; } = DefaultAnswerLength;

    /// <summary>Seconds to the first token that the percentile of requests must keep; null asks for nothing.</summary>
    public double? MaximumTimeToFirstToken { get; init; }

    /// <summary>Percent of requests that must keep the objectives.</summary>
    public double Percentile { get; init; } = DefaultPercentile;

    /// <summary>Machines of the question's kind that there are; null is as many as it takes.</summary>
    public int? MachineCount { get; init; }

    /// <summary>
    /// Cards that a machine may have where the question leaves their number open; null is as it says.
    /// </summary>
    public int? MostCards { get; init; }

    /// <summary>Price of a kilowatt-hour in the site's own money; null is that of its catalogs.</summary>
    public double? PowerPrice { get; init; }
}
