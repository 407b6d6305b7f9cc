using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>
/// Finds the constants: engine by engine, then what all share, then each class's own factor, several times over. The
/// loss is the mean of |ln(measured / predicted)|, softened for outliers, each card counted by the root of its rows.
/// </summary>
internal static class Fitter
{
    private const double Prior = 0.02, ClassPrior = 0.02, Outlier = 0.3;

    /// <summary>The constants of rows.</summary>
    public static Constants Fit(IReadOnlyList<FitRow> rows)
    {
        const int rounds = 3;
        var constants = new Constants();
        FitDecode(constants, rows, rounds);
        FitPrefill(constants, rows, rounds);
        FitProcessors(constants, rows, rounds, isDecode: true);
        FitProcessors(constants, rows, rounds, isDecode: false);
        foreach (var stage in new[]
        {
            Stage.Depth, Stage.Cards, Stage.Host, Stage.Users, Stage.Vllm, Stage.VllmPrefill, Stage.VllmUsers,
            Stage.Shared, Stage.VllmUsers,
        })
            FitStage(constants, rows, stage);
        return constants;
    }

    /// <summary>Fits what decoding on one card depends on.</summary>
    public static void FitDecode(Constants constants, IReadOnlyList<FitRow> rows, int rounds)
    {
        var own = rows.Where(RowSets.Decode).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            FitStage(constants, rows, Stage.Decode);
            FitClasses(constants, own, isDecode: true);
        }

        Vendors.Add(constants, own);
    }

    /// <summary>Fits what reading a prompt on one card depends on beside that.</summary>
    public static void FitPrefill(Constants constants, IReadOnlyList<FitRow> rows, int rounds)
    {
        var own = rows.Where(RowSets.Prefill).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            FitStage(constants, rows, Stage.Prefill);
            FitClasses(constants, own, isDecode: false);
        }

        Vendors.Add(constants, own);
    }

    /// <summary>Fits what processors depend on.</summary>
    public static void FitProcessors(Constants constants, IReadOnlyList<FitRow> rows, int rounds, bool isDecode)
    {
        var stage = isDecode ? Stage.Processor : Stage.ProcessorPrefill;
        var own = rows.Where(row => RowSets.Of(stage, row)).ToArray();
        for (var round = 0; round < rounds; round++)
        {
            FitStage(constants, rows, stage);
            FitClasses(constants, own, isDecode);
        }

        Vendors.Add(constants, own);
    }

    /// <summary>The mean loss of rows under constants.</summary>
    public static double Loss(Constants constants, IReadOnlyList<FitRow> rows)
    {
        var table = constants.Table();
        double sum = 0, weight = 0;
        foreach (var row in rows)
        {
            if (row.Miss(table, constants.OldLayerSeconds) is not { } miss) continue;
            var size = Math.Abs(miss);
            sum += row.Weight * (size < Outlier ? size : Outlier + (0.4 * (size - Outlier)));
            weight += row.Weight;
        }

        return weight > 0 ? sum / weight : 0;
    }

    /// <summary>Fits the parameters of a stage to its rows, engine by engine, those of all engines last.</summary>
    public static void FitStage(Constants constants, IReadOnlyList<FitRow> all, Stage stage)
    {
        var rows = all.Where(row => RowSets.Of(stage, row)).ToArray();
        var parameters = Parameters.All.Where(parameter => parameter.Stage == stage).ToArray();
        var groups = parameters.GroupBy(EngineOf).OrderByDescending(group => group.Key.Length);
        foreach (var group in groups)
        {
            var own = group.Key.Length == 0
                ? rows
                : rows.Where(row => row.Class.Engine == group.Key).ToArray();
            if (own.Length > 0) FitGroup(constants, own, group.ToArray());
        }
    }

    private static void FitGroup(Constants constants, IReadOnlyList<FitRow> rows, Parameter[] parameters)
    {
        double Value(double[] point)
        {
            var trial = constants.Copy();
            var penalty = 0.0;
            for (var i = 0; i < parameters.Length; i++)
            {
                var value = Math.Exp(point[i]);
                if (value > parameters[i].Most) return 10;
                trial.Values[parameters[i].Name] = value;
                var distance = point[i] - Math.Log(parameters[i].Start);
                penalty += Prior * distance * distance;
            }

            return Loss(trial, rows) + penalty;
        }

        var start = parameters.Select(parameter => Math.Log(constants.Values[parameter.Name])).ToArray();
        var best = Simplex.Minimize(Value, start, 0.1, 60 * parameters.Length);
        for (var i = 0; i < parameters.Length; i++) constants.Values[parameters[i].Name] = Math.Exp(best[i]);
    }

    /// <summary>A class is drawn to its engine: few rows move it little.</summary>
    private static void FitClasses(Constants constants, IReadOnlyList<FitRow> rows, bool isDecode)
    {
        foreach (var group in rows.GroupBy(row => row.Class))
        {
            var own = group.ToArray();
            var row = constants.Classes.TryGetValue(group.Key, out var known)
                ? known
                : new SpeedClass { Name = group.Key.Class, Engine = group.Key.Engine };
            var share = constants.Values[group.Key.Engine + ".PrefillShare"];
            double Value(double[] point)
            {
                var trial = constants.Copy();
                trial.Classes[group.Key] = With(row, point);
                return Loss(trial, own) + (ClassPrior * point.Take(1).Sum(Math.Abs));
            }

            SpeedClass With(SpeedClass old, double[] point) => isDecode
                ? old with { OperationsFactor = Math.Exp(point[0]) }
                : old with
                {
                    PrefillShare = share * Math.Exp(point[0]),
                    FlopsPerWatt = point.Length > 1 ? Math.Exp(point[1]) * 1e12 : null,
                };

            var hasPower = !isDecode && own.Any(one => one.Cards.Count > 0 && one.Cards[0].TdpWatts is > 0)
                && own.Select(one => one.Device).Distinct().Count() >= MinimumCardsForPower;
            double[] start = isDecode ? [Math.Log(row.OperationsFactor)]
                : hasPower ? [Math.Log((row.PrefillShare ?? share) / share),
                    Math.Log((row.FlopsPerWatt ?? 0.6e12) / 1e12)]
                : [Math.Log((row.PrefillShare ?? share) / share)];
            var best = Simplex.Minimize(Value, start, 0.15, 50 * start.Length);
            if (isDecode)
            {
                // Operations that memory hides have no slope: a search from far off finds those that do limit.
                var far = Simplex.Minimize(Value, [start[0] + FarStart], 0.3, 50);
                if (Value(far) < Value(best)) best = far;
            }

            constants.Classes[group.Key] = With(row, best);
        }
    }

    private const int MinimumCardsForPower = 4;

    private const double FarStart = 1.5;

    private static string EngineOf(Parameter parameter) =>
        parameter.Name.IndexOf('.') is > 0 and var dot ? parameter.Name[..dot] : string.Empty;
}
