using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>amd-smi list|static|metric</c> as indented lines under <c>GPU: 0</c>, and the table of a bare <c>amd-smi</c>: the
/// same facts as its JSON, and read as that.
/// </summary>
internal static class AmdSmiText
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly Regex CardLine = new(@"^GPU:\s*(\d+)\s*$", Options);
    private static readonly Regex NameRow = new(
        @"^\|\s+([0-9a-f]{4,8}:[0-9a-f]{2}:[0-9a-f]{2}\.[0-7])\s+([^|\s](?:[^|]*[^|\s])?)\s*\|", Options);
    private static readonly Regex MemoryRow = new(@"^\|\s+(\d+)\s.*\|.*?(\d{1,9})/(\d{1,9}) MB\s*\|", Options);

    private static readonly Regex Driver = new(@"amdgpu version: ?([^\s|]{1,40})", Options);

    /// <summary>Whether there are cards as lines, or amd-smi's table.</summary>
    public static bool Recognizes(InventoryText text) =>
        Enumerable.Range(0, text.Lines.Count).Any(at => IsCard(text.Lines, at))
        || (text.Contains("AMD-SMI") && text.Lines.Any(line => NameRow.IsMatch(line)));

    /// <summary>Whether a line begins a card: its facts are below it, deeper.</summary>
    private static bool IsCard(IReadOnlyList<string> lines, int at) => CardLine.IsMatch(lines[at])
        && lines.Skip(at + 1).FirstOrDefault(line => line.Trim().Length > 0) is { } next && char.IsWhiteSpace(next[0]);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var blocks = Blocks(text.Lines).ToList();
        return AmdSmiJson.Machine(blocks.Count > 0 ? blocks : Rows(text.Lines));
    }

    private static IEnumerable<JObject> Blocks(IEnumerable<string> lines)
    {
        string? card = null;
        var block = new List<string>();
        foreach (var line in lines.Concat(new[] { "GPU: 0" }))
        {
            var start = CardLine.Match(line);
            if (!start.Success)
            {
                block.Add(line);
                continue;
            }

            if (card is not null)
            {
                var facts = OutlineText.Parse(block);
                facts["gpu"] = card;
                yield return facts;
            }

            card = start.Groups[1].Value;
            block.Clear();
        }
    }

    private static IEnumerable<JObject> Rows(IEnumerable<string> lines)
    {
        Match? name = null;
        string? driver = null;
        foreach (var line in lines)
        {
            driver ??= Fields.Text(Driver.Match(line).Groups[1].Value);
            if (NameRow.Match(line) is { Success: true } first)
            {
                name = first;
            }
            else if (name is not null && MemoryRow.Match(line) is { Success: true } memory)
            {
                yield return new JObject
                {
                    ["gpu"] = memory.Groups[1].Value,
                    ["bdf"] = name.Groups[1].Value,
                    ["asic"] = new JObject { ["market_name"] = name.Groups[2].Value },
                    ["driver"] = new JObject { ["version"] = driver },
                    ["mem_usage"] = new JObject
                    {
                        ["total_vram"] = memory.Groups[3].Value + " MB",
                        ["used_vram"] = memory.Groups[2].Value + " MB",
                    },
                };
                name = null;
            }
        }
    }
}
