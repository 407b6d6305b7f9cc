namespace ModelFit.SpeedFit;

/// <summary>Rows by constants that were fitted in one way.</summary>
/// <param name="Name"><c>decode</c> or <c>prefill</c>.</param>
/// <param name="Fitted">What the constants were fitted to.</param>
/// <param name="IsDecode">Whether it is decode.</param>
/// <param name="Missed">The rows.</param>
internal sealed record Figure(string Name, string Fitted, bool IsDecode, IReadOnlyList<Missed> Missed)
{
    public const string NoCard = "without the card", NoModel = "without the model";
}

/// <summary>Rows left in and left out.</summary>
/// <param name="Cards">One card.</param>
/// <param name="Processors">No card.</param>
/// <param name="Conditions">All else, left in and left out.</param>
internal sealed record Results(
    IReadOnlyList<Figure> Cards,
    IReadOnlyList<Figure> Processors,
    IReadOnlyList<(Condition Condition, IReadOnlyList<Missed> In, IReadOnlyList<Missed> Out)> Conditions)
{
    /// <summary>The rows of cards and processors by constants of one way.</summary>
    public IReadOnlyList<Missed> Of(string name, string fitted) => Cards.Concat(Processors)
        .Where(one => one.Name == name && one.Fitted == fitted).SelectMany(one => one.Missed).ToArray();

    /// <summary>The rows of a condition by constants that were fitted without them.</summary>
    public IReadOnlyList<Missed> OutOf(Stage stage) =>
        Conditions.First(one => one.Condition.Stages.Contains(stage)).Out;

    /// <summary>The rows of cards alone.</summary>
    public IReadOnlyList<Missed> OfCards(string name, string fitted) =>
        Cards.First(one => one.Name == name && one.Fitted == fitted).Missed;
}
