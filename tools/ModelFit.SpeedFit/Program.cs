using System;
using System.IO;
using System.Linq;
using System.Reflection;
using ModelFit.SpeedFit;

// Fits the constants of the speed model to tests/data/speed, and writes them and docs/internals/speed.md.
var root = typeof(Fitter).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
    .First(attribute => attribute.Key == "RepoRoot").Value!;
var rows = RowSets.Load(Path.Combine(root, "tests", "data", "speed", "measured.tsv.gz"));
Console.WriteLine($"{rows.Count} rows whose model, type and cards are known.");
var constants = Fitter.Fit(rows);
static string CardOf(FitRow row) => row.Cards[0].Name;
static string ModelOf(FitRow row) => row.Row.Model;
var results = new Results(
    Validation.LeftIn(constants, rows.Where(RowSets.Decode)),
    Validation.LeftOut(constants, rows, CardOf, isDecode: true),
    Validation.LeftOut(constants, rows, ModelOf, isDecode: true),
    Validation.LeftIn(constants, rows.Where(RowSets.Prefill)),
    Validation.LeftOut(constants, rows, CardOf, isDecode: false),
    Validation.LeftOut(constants, rows, ModelOf, isDecode: false));
Spreads.OfClasses(constants, results.DecodeCards, results.PrefillCards);
Spreads.OfConditions(constants, rows);
DataFiles.Write(constants, Path.Combine(root, "src", "ModelFit.Core", "Speed", "Data"));
var template = File.ReadAllText(Path.Combine(root, "tools", "ModelFit.SpeedFit", "speed.template.md"));
var page = new SpeedPage(constants, rows).Write(template, results);
File.WriteAllText(Path.Combine(root, "docs", "internals", "speed.md"), page);
Console.WriteLine(page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Take(20)
    .Aggregate(string.Empty, (text, line) => text + line + "\n"));
if (args.Contains("--rows"))
{
    foreach (var (row, miss) in results.DecodeCards.Concat(results.PrefillCards).OrderBy(one => one.Row.Device))
    {
        Console.WriteLine(
            $"{Math.Exp(-miss) - 1,7:P0} {row.Row.Kind} {row.Device} {row.Class} {row.Row.Model} "
            + $"{row.Row.Quantization} "
            + $"{row.Row.Length} ub{row.Row.MicroBatch} {row.Row.Date} {row.Row.TokensPerSecond}");
    }
}
