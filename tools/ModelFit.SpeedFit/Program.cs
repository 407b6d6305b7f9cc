using System.IO;
using ModelFit.SpeedFit;

// Fits the constants of the speed model to tests/data/speed, and writes them and docs/internals/speed.md.
var root = Repository.Root;
var rows = RowSets.Load(Path.Combine(root, "tests", "data", "speed", "measured.tsv.gz"));
Console.WriteLine($"{rows.Count} rows whose model, type and cards are known.");
var constants = Fitter.Fit(rows);
static string NameOf(FitRow row) => row.Name;
static string ModelOf(FitRow row) => row.Row.Model;
var results = new Results(
    [
        new("decode", "to these rows", true, Validation.LeftIn(constants, rows.Where(RowSets.Decode))),
        new("decode", Figure.NoCard, true, Validation.Decode(rows, NameOf)),
        new("decode", Figure.NoModel, true, Validation.Decode(rows, ModelOf)),
        new("prefill", "to these rows", false, Validation.LeftIn(constants, rows.Where(RowSets.Prefill))),
        new("prefill", Figure.NoCard, false, Validation.Prefill(constants, rows, NameOf)),
        new("prefill", Figure.NoModel, false, Validation.Prefill(constants, rows, ModelOf)),
    ],
    [
        new("decode", "to these rows", true, Validation.LeftIn(constants, rows.Where(RowSets.ProcessorDecode))),
        new("decode", Figure.NoCard, true, Validation.Processors(constants, rows, NameOf, isDecode: true)),
        new("prefill", "to these rows", false, Validation.LeftIn(constants, rows.Where(RowSets.ProcessorPrefill))),
        new("prefill", Figure.NoCard, false, Validation.Processors(constants, rows, NameOf, isDecode: false)),
    ],
    Condition.All.Select(condition => (
        condition,
        Validation.LeftIn(constants, rows.Where(condition.IsOf)),
        Validation.Condition(constants, rows, condition))).ToArray());
Spreads.OfClasses(
    constants,
    [
        [.. results.Of("decode", Figure.NoCard), .. results.OutOf(Stage.Vllm)],
        [.. results.Of("decode", Figure.NoModel)],
    ],
    [
        [.. results.Of("prefill", Figure.NoCard), .. results.OutOf(Stage.VllmPrefill)],
        [.. results.Of("prefill", Figure.NoModel)],
    ]);
Spreads.OfConditions(constants, results.Conditions);
DataFiles.Write(constants, Path.Combine(root, "src", "ModelFit.Core", "Speed", "Data"));
var template = File.ReadAllText(Path.Combine(root, "tools", "ModelFit.SpeedFit", "speed.template.md"));
var page = new SpeedPage(constants, FieldReports.Of(rows, results)).Write(template, results);
File.WriteAllText(Path.Combine(root, "docs", "internals", "speed.md"), page);
Console.WriteLine(page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Take(45)
    .Aggregate(string.Empty, (text, line) => text + line + "\n"));
if (args.Contains("--rows"))
{
    var missed = results.Of("decode", Figure.NoCard).Concat(results.Of("prefill", Figure.NoCard));
    foreach (var (row, miss) in missed.OrderBy(one => one.Row.Device))
    {
        Console.WriteLine(
            $"{Math.Exp(-miss) - 1,7:P0} {row.Row.Kind} {row.Device} {row.Class} {row.Row.Model} "
            + $"{row.Row.Quantization} "
            + $"{row.Row.Length} ub{row.Row.MicroBatch} {row.Row.Date} {row.Row.TokensPerSecond}");
    }
}
