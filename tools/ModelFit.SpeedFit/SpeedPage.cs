using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>Writes docs/internals/speed.md: the words from a template, the tables from the fit.</summary>
internal sealed class SpeedPage
{
    private readonly StringBuilder _text = new();
    private readonly Constants _constants;
    private readonly IReadOnlyList<FitRow> _rows;

    public SpeedPage(Constants constants, IReadOnlyList<FitRow> rows)
    {
        _constants = constants;
        _rows = rows;
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
                case "{{accuracy}}": Accuracy(results); break;
                case "{{peers}}": PeersTable(results); break;
                case "{{formulas}}": Formulas(); break;
                case "{{calibration}}": Calibration(results); break;
                case "{{classes}}": Classes(results); break;
                case "{{conditions}}": Conditions(); break;
                case "{{engines}}": Engines(); break;
                case "{{terms}}": Terms(); break;
                default: _text.Append(line).Append('\n'); break;
            }
        }

        return _text.ToString().TrimEnd('\n') + "\n";
    }

    private void Accuracy(Results results)
    {
        Row("figure", "constants fitted", "rows", "cards", "median", "mean", "90 % are below", "cards: median / mean",
            "in the interval, by cards");
        Row("---", "---", "---:", "---:", "---:", "---:", "---:", "---:", "---:");
        Accuracy("decode", "to these rows", results.DecodeIn, true);
        Accuracy("decode", "without the card", results.DecodeCards, true);
        Accuracy("decode", "without the model", results.DecodeModels, true);
        Accuracy("prefill", "to these rows", results.PrefillIn, false);
        Accuracy("prefill", "without the card", results.PrefillCards, false);
        Accuracy("prefill", "without the model", results.PrefillModels, false);
        _text.Append('\n');
    }

    private void Accuracy(string figure, string fitted, IReadOnlyList<Missed> all, bool isDecode)
    {
        var missed = all.Where(one => !one.Row.Row.IsOld).ToArray();
        var errors = missed.Select(one => one.Error).ToArray();
        var cards = missed.GroupBy(one => one.Row.Device)
            .Select(card => Quantiles.Median(card.Select(one => one.Error))).ToArray();
        Row(figure, fitted, Number(errors.Length), Number(cards.Length), Percent(Quantiles.Median(errors)),
            Percent(errors.Average()), Percent(Quantiles.Of(errors.Select(error => (error, 1.0)), 0.9)),
            $"{Percent(Quantiles.Median(cards))} / {Percent(cards.Average())}", Percent(Held(missed, isDecode)));
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
        var rows = results.DecodeCards.Where(one => !one.Row.Row.IsOld).ToArray();
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
    /// Cards whose rows were left out, then corrected by the middle of three of their own, each of another model or
    /// quantization: what is left on the others.
    /// </summary>
    private void Calibration(Results results)
    {
        const int given = 3;
        Row("figure", "cards", "rows", "before: median", "after three rows: median", "mean");
        Row("---", "---:", "---:", "---:", "---:", "---:");
        foreach (var (figure, all) in new[] { ("decode", results.DecodeCards), ("prefill", results.PrefillCards) })
        {
            var cards = all.Where(one => !one.Row.Row.IsOld).GroupBy(one => one.Row.Device)
                .Select(card => card.GroupBy(one => (one.Row.Row.Model, one.Row.Row.Quantization))
                    .OrderBy(kind => kind.Key.Model, StringComparer.Ordinal)
                    .ThenBy(kind => kind.Key.Quantization, StringComparer.Ordinal).ToArray())
                .Where(kinds => kinds.Length > given).ToArray();
            var others = cards.SelectMany(kinds => kinds.Skip(given).SelectMany(kind => kind)).ToArray();
            var corrected = cards.SelectMany(kinds =>
            {
                var shift = Quantiles.Median(kinds.Take(given).Select(kind => kind.First().Miss));
                return kinds.Skip(given).SelectMany(kind => kind).Select(one => one with { Miss = one.Miss - shift });
            }).ToArray();
            if (others.Length == 0) continue;
            Row(figure, Number(cards.Length), Number(others.Length),
                Percent(Quantiles.Median(others.Select(one => one.Error))),
                Percent(Quantiles.Median(corrected.Select(one => one.Error))),
                Percent(corrected.Average(one => one.Error)));
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
            string Both(IReadOnlyList<Missed> inside, IReadOnlyList<Missed> outside) => Errors(inside).Length == 0
                ? string.Empty
                : $"{Percent(Quantiles.Median(Errors(inside)))} / {Percent(Quantiles.Median(Errors(outside)))}";
            var decode = results.DecodeCards.Where(one => one.Row.Class == key).ToArray();
            string Of(int peer) => decode.Length == 0 ? string.Empty : Percent(Quantiles.Median(decode.Select(one =>
                Math.Abs((Peers.All[peer].TokensPerSecond(one.Row) / one.Row.Row.TokensPerSecond) - 1))));
            Row(row.Name, row.Engine, Number(row.Cards), Number(row.Rows),
                Both(results.DecodeIn, results.DecodeCards), Spread(row.Decode),
                Both(results.PrefillIn, results.PrefillCards), Spread(row.Prefill), Of(0), Of(1), Of(2));
        }

        _text.Append('\n');
    }

    private void Conditions()
    {
        Row("rows", "count", "median", "mean");
        Row("---", "---:", "---:", "---:");
        Condition("decode at a filled cache (2,048 tokens and more)", RowSets.DepthDecode);
        Condition("decode over several cards, layers split", RowSets.CardsDecode);
        Condition("prefill over several cards, layers split", RowSets.CardsPrefill);
        Condition("cards that share layers (vLLM on 2 and 4 RTX 3090 without NVLink)", RowSets.SharedDecode);
        Condition("experts in system memory", RowSets.HostDecode);
        Condition("llama-server, 2 to 32 users, prompts included", RowSets.Users);
        Condition("vLLM, one user", RowSets.VllmDecode);
        Condition("vLLM, 2 to 64 users", RowSets.VllmUsers);
        Condition("vLLM, prompts", RowSets.VllmPrefill);
        _text.Append('\n');
    }

    private void Condition(string name, Func<FitRow, bool> set)
    {
        var missed = Validation.LeftIn(_constants, _rows.Where(set));
        if (missed.Count > 0)
            Row(name, Number(missed.Count), Percent(Quantiles.Median(missed.Select(one => one.Error))),
                Percent(missed.Average(one => one.Error)));
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

/// <summary>Rows left in and left out.</summary>
internal sealed record Results(
    IReadOnlyList<Missed> DecodeIn,
    IReadOnlyList<Missed> DecodeCards,
    IReadOnlyList<Missed> DecodeModels,
    IReadOnlyList<Missed> PrefillIn,
    IReadOnlyList<Missed> PrefillCards,
    IReadOnlyList<Missed> PrefillModels);
