using System.Globalization;
using System.Text;
using ModelFit.Fit;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>Writes docs/internals/speed.md: the words from a template, the tables from the fit.</summary>
internal sealed class SpeedPage
{
    private readonly StringBuilder _text = new();
    private readonly Constants _constants;
    private readonly IReadOnlyList<(FitRow Row, SpeedFigure Figure)> _reports;

    public SpeedPage(Constants constants, IReadOnlyList<(FitRow Row, SpeedFigure Figure)> reports)
    {
        _constants = constants;
        _reports = reports;
    }

    /// <summary>The page.</summary>
    /// <param name="template">The words, with a line <c>{{name}}</c> where a table goes.</param>
    /// <param name="results">Rows left in and out, by kind of test.</param>
    public string Write(string template, Results results)
    {
        foreach (var line in template.Replace("\r\n", "\n", StringComparison.Ordinal).Split('\n'))
        {
            switch (line.Trim())
            {
                case "{{accuracy}}": Accuracy(results.Cards, "cards"); break;
                case "{{processors}}": Accuracy(results.Processors, "processors"); break;
                case "{{peers}}": PeersTable(results); break;
                case "{{formulas}}": Formulas(); break;
                case "{{field}}": Field(); break;
                case "{{calibration}}": Calibration(results); break;
                case "{{classes}}": Classes(results); break;
                case "{{conditions}}": Conditions(results); break;
                case "{{engines}}": Engines(); break;
                case "{{terms}}": Terms(); break;
                default: _text.Append(line).Append('\n'); break;
            }
        }

        return _text.ToString().TrimEnd('\n') + "\n";
    }

    private void Accuracy(IReadOnlyList<Figure> figures, string kind)
    {
        Row("figure", "constants fitted", "rows", kind, "median", "mean", "90 % are below", $"{kind}: median / mean",
            $"in the interval, by {kind}");
        Row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var figure in figures) Accuracy(figure);
        _text.Append('\n');
    }

    private void Accuracy(Figure figure)
    {
        var missed = figure.Missed.Where(one => !one.Row.Row.IsOld).ToArray();
        var errors = missed.Select(one => one.Error).ToArray();
        var cards = missed.GroupBy(one => one.Row.Device)
            .Select(card => Quantiles.Median(card.Select(one => one.Error))).ToArray();
        Row(figure.Name, figure.Fitted, Number(errors.Length), Number(cards.Length), Percent(Quantiles.Median(errors)),
            Percent(errors.Average()), Percent(Quantiles.Of(errors.Select(error => (error, 1.0)), 0.9)),
            $"{Percent(Quantiles.Median(cards))} / {Percent(cards.Average())}", Percent(Held(missed, figure.IsDecode)));
    }

    /// <summary>The share of rows inside the interval of their class, each card counted alike.</summary>
    private double Held(IReadOnlyList<Missed> missed, bool isDecode)
    {
        var terms = _constants.Table().Terms;
        bool IsHeld(Missed one)
        {
            var row = _constants.Classes.TryGetValue(one.Row.Class, out var known) ? known : null;
            var spread = (isDecode ? row?.Decode : row?.Prefill) ?? terms.Unknown;
            return Math.Exp(one.Miss) is var ratio && ratio >= spread.Low && ratio <= spread.High;
        }

        return missed.GroupBy(one => one.Row.Device)
            .Average(card => card.Count(IsHeld) / (double)card.Count());
    }

    private void PeersTable(Results results)
    {
        var rows = results.OfCards("decode", Figure.NoCard).Where(one => !one.Row.Row.IsOld).ToArray();
        Row("formula", "median", "mean", "90 % are below");
        Row("---", "---:", "---:", "---:");
        Peer("ModelFit, card left out", rows.Select(one => one.Error).ToArray());
        foreach (var peer in Peers.All)
        {
            Peer(peer.Name, rows.Select(one =>
                Math.Abs((peer.TokensPerSecond(one.Row) / one.Row.Row.TokensPerSecond) - 1)).ToArray());
        }

        _text.Append('\n');
        void Peer(string name, double[] errors) => Row(name, Percent(Quantiles.Median(errors)),
            Percent(errors.Average()), Percent(Quantiles.Of(errors.Select(error => (error, 1.0)), 0.9)));
    }

    /// <summary>
    /// Cards whose rows were left out, then corrected by three of their own, each of another model or quantization:
    /// what is left on the others, over many choices of the three.
    /// </summary>
    private void Calibration(Results results)
    {
        const int given = 3, choices = 40;
        Row("figure", "cards", "rows", "before: median", "mean", "after three rows: median", "mean",
            "by cards, before", "after");
        Row("---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var figure in new[] { "decode", "prefill" })
        {
            var cards = results.OfCards(figure, Figure.NoCard).Where(one => !one.Row.Row.IsOld)
                .GroupBy(one => one.Row.Device)
                .Select(card => card.GroupBy(one => (one.Row.Row.Model, one.Row.Row.Quantization)).ToArray())
                .Where(kinds => kinds.Length > given).ToArray();
            var random = new Random(1);
            var tried = Enumerable.Range(0, choices).SelectMany(_ => cards).SelectMany(kinds =>
            {
                var mixed = kinds.OrderBy(_ => random.Next()).ToArray();
                var shift = Calibrations.Shift(mixed.Take(given).Select(kind => kind.First().Miss).ToArray());
                return mixed.Skip(given).SelectMany(kind => kind)
                    .Select(one => (Before: one, After: one with { Miss = one.Miss - shift }));
            }).ToArray();
            string ByCards(Func<(Missed Before, Missed After), Missed> which) => Percent(tried.Select(which)
                .GroupBy(one => one.Row.Device)
                .Average(card => Quantiles.Median(card.Select(one => one.Error))));
            Row(figure, Number(cards.Length), Number(cards.Sum(kinds => kinds.Sum(kind => kind.Count()))),
                Median(tried.Select(one => one.Before)), Mean(tried.Select(one => one.Before)),
                Median(tried.Select(one => one.After)), Mean(tried.Select(one => one.After)),
                ByCards(one => one.Before), ByCards(one => one.After));
        }

        _text.Append('\n');
    }

    private void Formulas()
    {
        foreach (var peer in Peers.All)
            _text.Append("- **").Append(peer.Name).Append("**: ").Append(peer.Words).Append(".\n");
        _text.Append('\n');
    }

    private void Classes(Results results)
    {
        Row("class", "engine", "cards", "rows", "decode left in / out", "interval", "prefill left in / out", "interval",
            "llmfit", "whichllm", "canirun");
        Row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        foreach (var row in _constants.Classes.Values.Where(row => row.Rows > 0)
            .OrderBy(row => row.Engine, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal))
        {
            var key = (row.Name, row.Engine);
            double[] Errors(IReadOnlyList<Missed> missed) =>
                missed.Where(one => one.Row.Class == key).Select(one => one.Error).ToArray();
            string Both(string figure)
            {
                var inside = Errors(results.Of(figure, "to these rows"));
                return inside.Length == 0
                    ? string.Empty
                    : $"{Percent(Quantiles.Median(inside))} / "
                        + Percent(Quantiles.Median(Errors(results.Of(figure, Figure.NoCard))));
            }

            var decode = results.Of("decode", Figure.NoCard)
                .Where(one => one.Row.Class == key && one.Row.Cards.Count > 0).ToArray();
            string Of(int peer) => decode.Length == 0 ? string.Empty : Percent(Quantiles.Median(decode.Select(one =>
                Math.Abs((Peers.All[peer].TokensPerSecond(one.Row) / one.Row.Row.TokensPerSecond) - 1))));
            Row(row.Name, row.Engine, Number(row.Cards), Number(row.Rows),
                Both("decode"), Spread(row.Decode),
                Both("prefill"), Spread(row.Prefill), Of(0), Of(1), Of(2));
        }

        _text.Append('\n');
    }

    private void Conditions(Results results)
    {
        Row("rows", "count", "left in: median", "mean", "left out: median", "mean");
        Row("---", "---:", "---:", "---:", "---:", "---:");
        foreach (var (condition, inside, outside) in results.Conditions.Where(one => one.In.Count > 0))
        {
            string[] outer = condition.Stages.Length == 0 ? ["nothing fitted", ""] : [Median(outside), Mean(outside)];
            Row([condition.Name, Number(inside.Count), Median(inside), Mean(inside), .. outer]);
        }

        _text.Append('\n');
    }

    private static string Median(IEnumerable<Missed> missed) =>
        Percent(Quantiles.Median(missed.Select(one => one.Error)));

    private static string Mean(IEnumerable<Missed> missed) => Percent(missed.Average(one => one.Error));

    private void Field()
    {
        Row("cards", "backend", "model", "measured", "predicted", "interval", "inside");
        Row("---", "---", "---", "---:", "---:", "---:", "---");
        foreach (var (row, figure) in _reports)
        {
            var (rate, copies) = (row.Row.TokensPerSecond, row.Cards.Count > 1 ? $"{row.Cards.Count}x " : string.Empty);
            Row(copies + row.Name, row.Row.Backend, $"{row.Row.Model.Split('/')[^1]} {row.Row.Quantization}",
                Digits(rate), Digits(figure.Expected), $"{Digits(figure.Low)}-{Digits(figure.High)}",
                rate >= figure.Low && rate <= figure.High ? "yes" : "no");
        }

        _text.Append('\n');
    }

    private void Engines()
    {
        Row(["constant", .. Parameters.Engines]);
        Row(["---", .. Parameters.Engines.Select(_ => "---:")]);
        foreach (var column in Engine.Columns)
            Row([column, .. Parameters.Engines.Select(engine => Digits(_constants.Values[$"{engine}.{column}"]))]);
        _text.Append('\n');
    }

    private void Terms()
    {
        Row("constant", "value");
        Row("---", "---:");
        foreach (var parameter in Parameters.All.Where(one => !one.Name.Contains('.', StringComparison.Ordinal)))
            Row(parameter.Name, Digits(_constants.Values[parameter.Name]));
        _text.Append('\n');
    }

    private void Row(params string[] cells) => _text.Append("| ").Append(string.Join(" | ", cells)).Append(" |\n");

    private static string Spread(Spread spread) =>
        string.Format(CultureInfo.InvariantCulture, "{0:0.00}-{1:0.00}", spread.Low, spread.High);

    private static string Percent(double value) => (value * 100).ToString("0.0", CultureInfo.InvariantCulture) + " %";

    private static string Number(int value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Digits(double value) => value.ToString("G3", CultureInfo.InvariantCulture);
}
