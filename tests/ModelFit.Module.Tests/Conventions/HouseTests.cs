using System.IO;
using System.Text.RegularExpressions;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Conventions;

/// <summary>
/// The house of ARCHITECTURE.md, held by what the compiler wrote: which room of Core uses which, and that files do not
/// use each other in circles.
/// </summary>
public sealed partial class HouseTests
{
    /// <summary>What each room may use. Common is anybody's.</summary>
    private static readonly Dictionary<string, string[]> Allowed = new()
    {
        ["Common"] = [],
        ["Models"] = [],
        ["Hardware"] = [],
        ["Questions"] = ["Models", "Hardware"],
        ["Answers"] = ["Questions", "Models", "Hardware"],
        ["Quantization"] = ["Models", "Questions"],
        ["Graph"] = ["Quantization", "Models", "Questions"],
        ["Architectures"] = ["Graph", "Quantization", "Models", "Questions"],
        ["Memory"] = ["Architectures", "Graph", "Quantization", "Models", "Hardware", "Answers", "Questions"],
        ["Formats"] = ["Architectures", "Quantization", "Models", "Questions"],
        ["Catalog"] = ["Formats", "Architectures", "Quantization", "Models", "Hardware", "Questions"],
        ["Placement"] =
            ["Memory", "Architectures", "Graph", "Quantization", "Models", "Hardware", "Answers", "Questions"],
        ["Speed"] =
        [
            "Placement", "Memory", "Architectures", "Graph", "Quantization", "Models", "Hardware", "Answers",
            "Questions",
        ],
        ["Runtimes"] =
        [
            "Placement", "Speed", "Catalog", "Memory", "Architectures", "Graph", "Quantization", "Models", "Hardware",
            "Answers", "Questions",
        ],
        ["Fit"] =
        [
            "Runtimes", "Placement", "Speed", "Catalog", "Memory", "Architectures", "Graph", "Quantization", "Models",
            "Hardware", "Answers", "Questions",
        ],
        ["Capacity"] =
            ["Fit", "Runtimes", "Placement", "Speed", "Catalog", "Models", "Hardware", "Answers", "Questions"],
        ["Fleet"] =
        [
            "Fit", "Capacity", "Runtimes", "Formats", "Catalog", "Quantization", "Models", "Hardware", "Answers",
            "Questions",
        ],
    };

    private static readonly string Core = RepositoryFolder.Path("src", "ModelFit.Core");

    /// <summary>The file of each type, relative to the sources of Core.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string>> Files = new(FindFiles);

    /// <summary>The files that each file uses.</summary>
    private static readonly Lazy<IReadOnlyDictionary<string, string[]>> Uses = new(FindUses);

    [Fact]
    public void Rooms_use_only_the_rooms_below_them()
    {
        var upward =
            from file in Uses.Value
            from used in file.Value
            let room = Room(file.Key)
            let other = Room(used)
            where room != other && other != "Common" && !Allowed[room].Contains(other)
            group file.Key by $"{room} uses {other}" into breach
            orderby breach.Key
            select $"{breach.Key}: {string.Join(", ", breach.Distinct().Order())}";
        AssertNone(upward);
    }

    [Fact]
    public void Every_room_has_a_rule() =>
        Assert.Empty(Files.Value.Values.Select(Room).Distinct().Except(Allowed.Keys));

    [Fact]
    public void No_more_than_three_files_use_each_other_in_a_circle() => AssertNone(
        Circles(Uses.Value)
            .Where(circle => circle.Count > 3)
            .Select(circle => string.Join(" ", circle.Order())));

    [Fact]
    public void The_namespace_of_a_file_is_its_folder()
    {
        var wrong =
            from path in Sources()
            let text = File.ReadAllText(path)
            let found = NamespaceOf().Match(text).Groups[1].Value
            let folder = "ModelFit." + Path.GetRelativePath(Core, Path.GetDirectoryName(path)!)
                .Replace(Path.DirectorySeparatorChar, '.')
            where found != folder && !(found == "ModelFit" && PublicType().IsMatch(text))
            select $"{Path.GetRelativePath(Core, path)} is {found}";
        AssertNone(wrong);
    }

    /// <summary>Shows every breach whole, which a collection's own assertion would cut.</summary>
    private static void AssertNone(IEnumerable<string> breaches)
    {
        if (string.Join("\n", breaches) is { Length: > 0 } text) Assert.Fail(text);
    }

    private static string Room(string file) => file.Split('/')[0];

    private static IEnumerable<string> Sources() =>
        Directory.GetFiles(Core, "*.cs", SearchOption.AllDirectories)
            .Where(path => !Path.GetRelativePath(Core, path).StartsWith("obj", StringComparison.Ordinal)
                && !Path.GetRelativePath(Core, path).StartsWith("bin", StringComparison.Ordinal));

    private static Dictionary<string, string> FindFiles()
    {
        var files = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in Sources().Order(StringComparer.Ordinal))
        {
            var text = File.ReadAllText(path);
            var space = NamespaceOf().Match(text).Groups[1].Value;
            foreach (Match type in TypeName().Matches(text))
            {
                // A type in parts counts as the file that is named like it, else as the first.
                var name = $"{space}.{type.Groups[1].Value}";
                var file = Path.GetRelativePath(Core, path).Replace(Path.DirectorySeparatorChar, '/');
                if (!files.ContainsKey(name) || Path.GetFileNameWithoutExtension(path) == type.Groups[1].Value)
                    files[name] = file;
            }
        }

        return files;
    }

    private static Dictionary<string, string[]> FindUses() =>
        CompiledReferences.Of(typeof(ModelFitException).Assembly.Location)
            .Where(type => Files.Value.ContainsKey(type.Key))
            .GroupBy(type => Files.Value[type.Key])
            .ToDictionary(
                file => file.Key,
                file => file.SelectMany(type => type.Value).Where(Files.Value.ContainsKey)
                    .Select(type => Files.Value[type]).Where(used => used != file.Key).Distinct().ToArray());

    /// <summary>The strongly connected parts of a graph (Tarjan).</summary>
    private static List<List<string>> Circles(IReadOnlyDictionary<string, string[]> edges)
    {
        var (index, low, stack, circles) = (
            new Dictionary<string, int>(), new Dictionary<string, int>(), new Stack<string>(),
                new List<List<string>>());
        foreach (var node in edges.Keys.Where(node => !index.ContainsKey(node)).ToArray()) Visit(node);
        return circles;

        void Visit(string node)
        {
            low[node] = index[node] = index.Count;
            stack.Push(node);
            foreach (var next in edges.TryGetValue(node, out var used) ? used : [])
            {
                if (!index.ContainsKey(next)) Visit(next);
                if (stack.Contains(next)) low[node] = Math.Min(low[node], low[next]);
            }

            if (low[node] != index[node]) return;
            var circle = new List<string>();
            do circle.Add(stack.Pop());
            while (circle[^1] != node);
            circles.Add(circle);
        }
    }

    [GeneratedRegex(@"^namespace ([\w.]+);", RegexOptions.Multiline)]
    private static partial Regex NamespaceOf();

    [GeneratedRegex(@"^public ", RegexOptions.Multiline)]
    private static partial Regex PublicType();

    [GeneratedRegex(
        @"^(?:(?:public|internal|sealed|static|abstract|readonly|partial|ref) )*"
        + @"(?:class|struct|interface|enum|record struct|record|delegate [\w<>\[\],? ]+) (\w+)",
        RegexOptions.Multiline)]
    private static partial Regex TypeName();
}
