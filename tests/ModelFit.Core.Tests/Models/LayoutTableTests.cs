using System.IO;
using System.Text;
using ModelFit.Catalog;
using ModelFit.Models;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Models;

/// <summary>
/// Catalog models against what llama.cpp says of the same files: every name, shape and type
/// (<c>tests/data/models/layouts.tsv</c>).
/// </summary>
public sealed class LayoutTableTests
{
    public static IEnumerable<ITheoryDataRow> Rows() =>
        File.ReadLines(RepositoryFolder.Path("tests", "data", "models", "layouts.tsv"))
            .Where(line => line[0] != '#')
            .Select(line => line.Split('\t'))
            .Select(cells => new TheoryDataRow<string, int, string>(cells[1], int.Parse(cells[2], null), cells[3]));

    [Theory]
    [MemberData(nameof(Rows))]
    public void Define_gives_every_tensor_of_the_real_file(string model, int tensors, string quantizations)
    {
        var layout = ModelCatalog.Resolve(model, NullSink.Instance).Layout!;
        var wrong = new List<string>();
        foreach (var expected in quantizations.Split(' '))
        {
            var definition = layout.Define(expected.Split(':')[0], new List<string>());
            Assert.Equal(tensors, definition.Tensors.Count);
            var actual = $"{expected.Split(':')[0]}:{definition.WeightBytes}:{Digest(definition)}";
            if (actual != expected) wrong.Add($"{actual} is not {expected}");
        }
        Assert.Empty(wrong);
    }

    private static string Digest(ModelDefinition definition)
    {
        var lines = definition.Tensors
            .Select(tensor => $"{tensor.Name} {(int)tensor.Type} {tensor.N0},{tensor.N1},{tensor.N2},{tensor.N3}\n")
            .OrderBy(line => line, System.StringComparer.Ordinal);
        var hash = 0x811c9dc5u;
        foreach (var value in Encoding.ASCII.GetBytes(string.Concat(lines))) hash = (hash ^ value) * 0x01000193;
        return hash.ToString("x8", null);
    }
}
