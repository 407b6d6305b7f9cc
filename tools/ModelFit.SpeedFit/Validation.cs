using System;
using System.Collections.Generic;
using System.Linq;

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
    private const int Folds = 10;

    /// <summary>All rows by constants that were fitted to all.</summary>
    public static IReadOnlyList<Missed> LeftIn(Constants constants, IEnumerable<FitRow> rows) =>
        Misses(constants, rows);

    /// <summary>
    /// Every row by constants that no row of the same kind was fitted to: the kinds (cards, models) are dealt to ten
    /// folds in the order of their names.
    /// </summary>
    /// <param name="fitted">The constants of all rows; prefill takes the launches from them.</param>
    /// <param name="rows">All rows.</param>
    /// <param name="kind">What is left out together.</param>
    /// <param name="isDecode">Decode or prefill.</param>
    public static IReadOnlyList<Missed> LeftOut(
        Constants fitted, IReadOnlyList<FitRow> rows, Func<FitRow, string> kind, bool isDecode)
    {
        const int rounds = 2;
        Func<FitRow, bool> asked = isDecode ? RowSets.Decode : RowSets.Prefill;
        var folds = rows.Where(asked).Select(kind).Distinct().OrderBy(name => name, StringComparer.Ordinal)
            .Select((name, index) => (name, index)).ToDictionary(pair => pair.name, pair => pair.index % Folds);
        var missed = new List<Missed>();
        for (var fold = 0; fold < Folds; fold++)
        {
            bool IsOut(FitRow row) => folds.TryGetValue(kind(row), out var own) && own == fold;
            var others = rows.Where(row => !IsOut(row)).ToArray();
            var constants = isDecode ? new Constants() : fitted.WithoutPrefill();
            if (isDecode) Fitter.FitDecode(constants, others, rounds);
            else Fitter.FitPrefill(constants, others, rounds);
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
