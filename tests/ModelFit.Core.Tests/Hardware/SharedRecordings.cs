using System.IO;
using System.Text.Json.Nodes;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>The recorded outputs beside the repository, where they are: what INDEX.jsonl says of a file.</summary>
internal static class SharedRecordings
{
    public const string Absent = "the recorded outputs (../shared/hardware) are not here";

    /// <summary>The folder; null where it is absent.</summary>
    public static string? Folder { get; } = Find();

    /// <summary>Files of the kinds; one row of a placeholder where they are absent, so that the skip is seen.</summary>
    public static TheoryData<string> Files(params string[] kinds)
    {
        var rows = new TheoryData<string>();
        foreach (var entry in Index().Where(entry => kinds.Contains(entry["kind"]!.GetValue<string>())))
            rows.Add(entry["file"]!.GetValue<string>());
        if (rows.Count == 0) rows.Add(string.Empty);
        return rows;
    }

    /// <summary>What the index says of a file.</summary>
    public static JsonNode Entry(string file) => Index().First(entry => entry["file"]!.GetValue<string>() == file);

    /// <summary>The text of a recording.</summary>
    public static string Text(string file) => File.ReadAllText(Path.Combine(Folder!, file));

    /// <summary>The machines that are read from a recording, joined with the real catalog.</summary>
    public static List<MachineSpec> Read(string file) =>
        InventoryReader.ReadText(Text(file), file, GpuCatalogLookup.Instance, NullSink.Instance).ToList();

    private static IEnumerable<JsonNode> Index() => Folder is null
        ? Array.Empty<JsonNode>()
        : File.ReadLines(Path.Combine(Folder, "INDEX.jsonl")).Select(line => JsonNode.Parse(line)!);

    private static string? Find()
    {
        var shared = Environment.GetEnvironmentVariable("MODELFIT_SHARED");
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); shared is null && at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "ModelFit.sln")))
                shared = Path.Combine(at.Parent!.FullName, "shared");
        }

        var folder = Path.Combine(shared ?? string.Empty, "hardware");
        return File.Exists(Path.Combine(folder, "INDEX.jsonl")) ? folder : null;
    }
}
