using System.Globalization;
using System.IO;
using ModelFit.Fuzz;
using ModelFit.Testing;

// modelfit-fuzz [models|inventories|questions|lines|honesty|documents|layouts|fleets|stops] [seconds, 60] [first seed]
// [files] prints each seed that ends in anything but an answer or an error of its own, contradicts itself or takes too
// long.
var kind = args.FirstOrDefault() ?? "models";
var seconds = args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 60;
var seed = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : Environment.TickCount & 0xFFFFFF;
var paths = args.Skip(3).ToArray();
var texts = new Lazy<IReadOnlyList<string>>(() =>
    paths.Length > 0 ? paths.Select(File.ReadAllText).ToArray() : InventoryMixes.Originals);
return kind switch
{
    "models" => ModelFuzz.Run(seconds, seed, paths),
    "inventories" => SeedFuzz.Run(
        "texts", mix => InventoryMixes.Problem(InventoryMixes.Mix(texts.Value, mix)), seconds, seed),
    "questions" => SeedFuzz.Run("questions", HostileQuestions.Problem, seconds, seed),
    "lines" => SeedFuzz.Run("lines", HostileQuestions.ProblemOfLine, seconds, seed),
    "honesty" => SeedFuzz.Run("lines", HonestLines.Problem, seconds, seed),
    "documents" => SeedFuzz.Run("documents", HostileDocuments.Problem, seconds, seed),
    "layouts" => SeedFuzz.Run("layouts", RandomLayouts.Problem, seconds, seed),
    "fleets" => SeedFuzz.Run("fleets", RandomFleets.Problem, seconds, seed),
    "stops" => StopTimes.Run(seconds, seed),
    _ => throw new ArgumentException(
        $"'{kind}' is none of models, inventories, questions, lines, honesty, documents, layouts, fleets, stops."),
};
