using System.Collections.Generic;
using System.Linq;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>A row for each vendor under each engine: the middle of its classes, for those that have none.</summary>
internal static class Vendors
{
    /// <summary>Adds the rows.</summary>
    public static void Add(Constants constants, IReadOnlyList<FitRow> rows)
    {
        foreach (var group in rows.GroupBy(row => (Vendor: row.Cards[0].Vendor!, row.Class.Engine)))
        {
            var classes = group.Select(row => row.Class).Distinct()
                .Where(constants.Classes.ContainsKey).Select(key => constants.Classes[key]).ToArray();
            var old = constants.Classes.TryGetValue((group.Key.Vendor, group.Key.Engine), out var known) ? known : null;
            var shares = classes.Select(row => row.PrefillShare).OfType<double>().ToArray();
            constants.Classes[(group.Key.Vendor, group.Key.Engine)] = new SpeedClass
            {
                Name = group.Key.Vendor,
                Engine = group.Key.Engine,
                OperationsFactor = Quantiles.Median(classes.Select(row => row.OperationsFactor)),
                PrefillShare = shares.Length > 0 ? Quantiles.Median(shares) : old?.PrefillShare,
                Decode = Unknown(constants),
                Prefill = Wide(constants),
            };
        }
    }

    private static Spread Unknown(Constants constants) =>
        new(constants.Values["UnknownLow"], constants.Values["UnknownHigh"]);

    private static Spread Wide(Constants constants) => Unknown(constants).Widened(Unknown(constants));
}
