using System.IO;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using ModelFit.Tools.Help;
using ModelFit.Tools.Packaging;

namespace ModelFit.Tools.Pages;

/// <summary>
/// The pages that are made from what was measured and from the cmdlets. A test compares each with what this writes.
/// </summary>
internal static class GeneratedPages
{
    private static readonly Lazy<MemoryTruth> Truth = new();

    /// <summary>Each page by name: where it lies, and how it is made.</summary>
    private static readonly Dictionary<string, (string Path, Func<string> Make)> All = new()
    {
        ["baseline"] = (RepositoryFolder.Path("tests", "data", "memory", "baseline.txt"), Baseline),
        ["accuracy"] = (AccuracyPage.FullPath, () => AccuracyPage.Write(Truth.Value)),
        ["plan"] = (PlanPage.FullPath, () => PlanPage.Write(new FitComparison())),
        ["inventories"] = (InventoriesPage.FullPath, InventoriesPage.Write),
        ["notices"] = (NoticesFile.FullPath, NoticesFile.Make),
        ["help"] = (MamlFile.FullPath, () => MamlFile.Make(BuiltModule.Cmdlets())),
    };

    /// <summary>Writes the pages that are named, or all.</summary>
    public static Tool Tool { get; } = new("pages", $"Writes generated pages: {string.Join(", ", All.Keys)}.", Run);

    private static int Run(IReadOnlyList<string> names)
    {
        foreach (var name in names.Count == 0 ? [.. All.Keys] : names)
        {
            if (!All.TryGetValue(name, out var page))
            {
                Console.Error.WriteLine($"No page is called '{name}'. There are {string.Join(", ", All.Keys)}.");
                return 2;
            }

            File.WriteAllText(page.Path, page.Make());
            Console.WriteLine(Path.GetRelativePath(RepositoryFolder.Path(), page.Path));
        }

        return 0;
    }

    private static string Baseline() => string.Concat(Truth.Value.Table.Select(line => line.ToLine() + "\n"));
}
