using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>
/// Reports by users of a model that was new, on cards of all kinds, predicted by constants and intervals that no report
/// had a part in.
/// </summary>
internal static class FieldReports
{
    /// <summary>The reports with what is predicted for each.</summary>
    public static IReadOnlyList<(FitRow Row, SpeedFigure Figure)> Of(IReadOnlyList<FitRow> rows, Results results)
    {
        const int rounds = 2;
        var others = rows.Where(row => !IsReport(row)).ToArray();
        var constants = new Constants();
        Fitter.FitDecode(constants, others, rounds);
        Fitter.FitStage(constants, others, Stage.Cards);
        Spreads.OfClasses(
            constants,
            [.. new[] { Figure.NoCard, Figure.NoModel }.Select(left => Others(results.OfCards("decode", left)))],
            [[]]);
        Spreads.OfConditions(constants, results.Conditions
            .Select(one => (one.Condition, Others(one.In), Others(one.Out))));
        var table = constants.Table();
        return rows.Where(row => IsReport(row) && row.IsDecode)
            .Select(row => (row, row.Predict(table, constants.OldLayerSeconds)))
            .Where(pair => pair.Item2 is not null)
            .Select(pair => (pair.row, pair.Item2!.Decode)).ToArray();
    }

    private static bool IsReport(FitRow row) => row.Row.Tool == "field";

    private static IReadOnlyList<Missed> Others(IReadOnlyList<Missed> missed) =>
        missed.Where(one => !IsReport(one.Row)).ToArray();
}
