using System.Globalization;
using System.IO;
using System.Text.Json;
using System.Text.RegularExpressions;
using ModelFit.Catalog;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>Names as people and tools write them (shared folder, <c>field</c>), collected November 2026.</summary>
public class FieldNameTests
{
    private const double MemoryTolerance = 0.07;

    /// <summary>
    /// Names whose expectation is another word for the card that is found: the board of a virtual card, the chip of a
    /// processor, a line of products; and one card that its driver shows as two halves.
    /// </summary>
    private static readonly string[] OtherWords = ["GRID A100X-40C", "Snapdragon X Elite", "Rubin", "MI250X"];

    [Fact]
    public void Nine_of_ten_names_of_cards_are_found_and_none_is_another_card()
    {
        var answers = Rows("gpus.jsonl").Select(Answer).ToArray();
        Assert.DoesNotContain(answers, answer => answer is { IsRight: false, Found: not null });
        Assert.True(answers.Count(answer => answer.IsRight) >= 0.9 * answers.Length);
    }

    private static (string Name, string? Found, bool IsRight) Answer(JsonElement row)
    {
        var name = row.GetProperty("name").GetString()!;
        var expected = row.GetProperty("expected").GetString()!;
        var sizes = row.GetProperty("expectedGib").GetString()!.Split('/', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => double.Parse(text, CultureInfo.InvariantCulture)).ToArray();
        try
        {
            var card = GpuCatalog.ResolveMany(name, null, NullSink.Instance)[0];
            var isCard = OtherWords.Contains(name) || Regex.IsMatch(card.Name, expected, RegexOptions.IgnoreCase);
            var isSize = sizes.Length == 0 || card.MemoryBytes is not { } bytes || OtherWords.Contains(name)
                || sizes.Any(size => Math.Abs((bytes / (double)(1L << 30)) - size) <= MemoryTolerance * size);
            return (name, card.Name, isCard && isSize);
        }
        catch (ModelFitException failure)
        {
            // A name of several cards, or of none, is right as an error.
            var isSeveral = failure.ErrorId == ErrorIds.GpuAmbiguous && sizes.Length != 1;
            return (name, null, isSeveral || (expected.Length == 0 && sizes.Length == 0));
        }
    }

    private static IEnumerable<JsonElement> Rows(string file)
    {
        Assert.SkipUnless(SharedFolder.Path is not null, "the shared folder is not beside the repository");
        return File.ReadLines(Path.Combine(SharedFolder.Path, "field", file))
            .Select(line => JsonDocument.Parse(line).RootElement)
            .Where(row => row.GetProperty("type").GetString() == "name");
    }
}
