using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>
/// A row for each vendor, and each family of its cards or of processors, under each engine: the middle of its classes,
/// for those that have none.
/// </summary>
internal static class Vendors
{
    /// <summary>Adds the rows.</summary>
    public static void Add(Constants constants, IReadOnlyList<FitRow> rows)
    {
        Add(constants, rows, row => row.Cards.Count > 0 ? row.Cards[0].Vendor : ProcessorKind.Any);
        Add(constants, rows, row => row.Cards.Count > 0
            ? SpeedClass.FamilyOf(row.Cards[0])
            : ProcessorKind.Of(row.Row.Cpu)!.Kernels);
    }

    private static void Add(Constants constants, IReadOnlyList<FitRow> rows, Func<FitRow, string?> kind)
    {
        foreach (var group in rows.GroupBy(row => (Kind: kind(row)!, row.Class.Engine))
            .Where(group => group.Key.Kind is not null))
        {
            var classes = group.Select(row => row.Class).Distinct()
                .Where(constants.Classes.ContainsKey).Select(key => constants.Classes[key]).ToArray();
            var old = constants.Classes.TryGetValue((group.Key.Kind, group.Key.Engine), out var known) ? known : null;
            var shares = classes.Select(row => row.PrefillShare).OfType<double>().ToArray();
            constants.Classes[(group.Key.Kind, group.Key.Engine)] = new SpeedClass
            {
                Name = group.Key.Kind,
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
