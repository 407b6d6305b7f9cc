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
var kinds = new (Func<FitRow, string> Kind, Func<FitRow, bool> Asked)[]
{
    (row => row.Cards[0].Name, RowSets.Decode),
    (row => row.Row.Model, RowSets.Decode),
    (row => row.Cards[0].Name, RowSets.Prefill),
    (row => row.Row.Model, RowSets.Prefill),
};
var outside = kinds.Select(kind => Validation.LeftOut(rows, kind.Kind, kind.Asked)).ToArray();
var results = new Results(
    Validation.LeftIn(constants, rows.Where(RowSets.Decode)),
    outside[0],
    outside[1],
    Validation.LeftIn(constants, rows.Where(RowSets.Prefill)),
    outside[2],
    outside[3]);
Spreads.OfClasses(constants, results.DecodeCards, results.PrefillCards);
Spreads.OfConditions(constants, rows);
DataFiles.Write(constants, Path.Combine(root, "src", "ModelFit.Core", "Speed", "Data"));
var template = File.ReadAllText(Path.Combine(root, "tools", "ModelFit.SpeedFit", "speed.template.md"));
var page = new SpeedPage(constants, rows).Write(template, results);
File.WriteAllText(Path.Combine(root, "docs", "internals", "speed.md"), page);
Console.WriteLine(page.Split('\n').Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Take(20)
    .Aggregate(string.Empty, (text, line) => text + line + "\n"));
