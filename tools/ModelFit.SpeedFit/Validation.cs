namespace ModelFit.SpeedFit;

/// <summary>A row and how far it was missed: the logarithm of measured over predicted.</summary>
internal sealed record Missed(FitRow Row, double Miss)
{
    /// <summary>|predicted / measured - 1|.</summary>
    public double Error => Math.Abs(Math.Exp(-Miss) - 1);
}

/// <summary>Predictions of rows by constants that were fitted without them.</summary>
internal static class Validation
{
    private const int Folds = 10, Rounds = 2;

    /// <summary>All rows by constants that were fitted to all.</summary>
    public static IReadOnlyList<Missed> LeftIn(Constants constants, IEnumerable<FitRow> rows) =>
        Misses(constants, rows);

    /// <summary>Decode on one card; all constants of it are fitted again.</summary>
    public static IReadOnlyList<Missed> Decode(IReadOnlyList<FitRow> rows, Func<FitRow, string> kind) =>
        LeftOut(rows, RowSets.Decode, kind, others =>
        {
            var constants = new Constants();
            Fitter.FitDecode(constants, others, Rounds);
            return constants;
        });

    /// <summary>Prefill on one card, with the launches of all rows.</summary>
    public static IReadOnlyList<Missed> Prefill(
        Constants fitted, IReadOnlyList<FitRow> rows, Func<FitRow, string> kind) =>
        LeftOut(rows, RowSets.Prefill, kind, others =>
        {
            var constants = fitted.Without(Stage.Prefill);
            Fitter.FitPrefill(constants, others, Rounds);
            return constants;
        });

    /// <summary>Processors, with the rest of the constants of all rows.</summary>
    public static IReadOnlyList<Missed> Processors(
        Constants fitted, IReadOnlyList<FitRow> rows, Func<FitRow, string> kind, bool isDecode)
    {
        var stage = isDecode ? Stage.Processor : Stage.ProcessorPrefill;
        return LeftOut(rows, row => RowSets.Of(stage, row), kind, others =>
        {
            var constants = fitted.Without(stage);
            Fitter.FitProcessors(constants, others, Rounds, isDecode);
            return constants;
        });
    }

    /// <summary>Rows of a condition; its own constants are fitted again, those of one card stay.</summary>
    public static IReadOnlyList<Missed> Condition(
        Constants fitted, IReadOnlyList<FitRow> rows, Condition condition) =>
        LeftOut(rows, condition.IsOf, condition.Kind, others =>
        {
            var constants = condition.Stages.Aggregate(fitted, (all, stage) => all.Without(stage));
            foreach (var stage in condition.Stages) Fitter.FitStage(constants, others, stage);
            return constants;
        });

    /// <summary>
    /// Every row by constants that no row of the same kind was fitted to: the kinds (cards, models) are dealt to ten
    /// folds in the order of their names.
    /// </summary>
    private static List<Missed> LeftOut(
        IReadOnlyList<FitRow> rows,
        Func<FitRow, bool> asked,
        Func<FitRow, string> kind,
        Func<IReadOnlyList<FitRow>, Constants> fit)
    {
        var folds = rows.Where(asked).Select(kind).Distinct().OrderBy(name => name, StringComparer.Ordinal)
            .Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index % Folds);
        var missed = new List<Missed>();
        for (var fold = 0; fold < Math.Min(Folds, folds.Count); fold++)
        {
            bool IsOut(FitRow row) => folds.TryGetValue(kind(row), out var own) && own == fold;
            var constants = fit(rows.Where(row => !IsOut(row)).ToArray());
            missed.AddRange(Misses(constants, rows.Where(row => asked(row) && IsOut(row))));
        }

        return missed;
    }

    private static List<Missed> Misses(Constants constants, IEnumerable<FitRow> rows)
    {
        var table = constants.Table();
        return rows.Select(row => (row, miss: row.Miss(table, constants.OldLayerSeconds)))
            .Where(pair => pair.miss is not null)
            .Select(pair => new Missed(pair.row, pair.miss!.Value))
            .ToList();
    }
}
