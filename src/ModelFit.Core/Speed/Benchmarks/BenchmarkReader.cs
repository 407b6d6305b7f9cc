using System.Globalization;
using System.Text.RegularExpressions;
using System.Threading;
using ModelFit.Common;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Speed.Benchmarks;

/// <summary>
/// Reads what benchmarks write: JSON and JSON Lines (llama-bench, llama-batched-bench, llama-server's timings, vLLM,
/// LocalScore), CSV and Markdown tables (llama-bench), and the log of llama-server.
/// </summary>
internal static class BenchmarkReader
{
    /// <summary>A line beyond it is no measurement.</summary>
    private const int MaxLine = 8192;

    private static readonly Regex LogTime = new(
        @"^.*?(?<prompt>prompt )?eval time =\s*[\d.]+ ms /\s*(?<tokens>\d{1,9}) (?:tokens|runs)[^,]*,\s*" +
        @"(?<rate>\d{1,9}(?:\.\d{0,9})?) tokens");

    private static readonly Regex LogModel = new(
        @"(?:from|loading model|model path:?|loaded meta data .* from)\s+'?(?<model>\S+\.gguf)");

    private static readonly Regex JsonStart = new(
        @"^[ \t]*[\[{]", RegexOptions.Multiline);

    private static readonly Regex TableTest = new(@"^(?<kind>pp|tg)(?<tokens>\d{1,9})(?:\s*@\s*d(?<depth>\d{1,9}))?$");

    /// <summary>Columns of llama-batched-bench's table, and what its JSON calls them.</summary>
    private static readonly (string Column, string Field)[] Batched =
    {
        ("PP", "pp"), ("TG", "tg"), ("B", "pl"), ("S_PP t/s", "speed_pp"), ("S_TG t/s", "speed_tg"),
    };

    /// <summary>The cards as llama.cpp lists them when it starts (CUDA and ROCm, Vulkan, any backend, Metal).</summary>
    private static readonly Regex[] LogCards =
    {
        new(@"^\s*Device (?<id>\d{1,3}): (?<name>[^,]+), (?:compute capability|gfx)"),
        new(@"^ggml_vulkan: (?<id>\d{1,3}) = (?<name>.+?) \([^()]*\) \|"),
        new(@"using device [A-Za-z]+(?<id>\d{1,3}) \((?<name>.+?)\)(?: \(|$| -)"),
        new(@"^ggml_metal_(?:device_)?init: (?<id>)(?:picking default device|GPU name): +(?<name>Apple .+)$"),
    };

    /// <summary>The rows of a text; empty where nothing in it is a measurement.</summary>
    public static IReadOnlyList<BenchmarkRow> Read(string text, CancellationToken stop = default)
    {
        var start = text.TrimStart();
        var rows = start.StartsWith("[", StringComparison.Ordinal) || start.StartsWith("{", StringComparison.Ordinal)
            ? Measured(Json(text, stop), stop)
            : JsonStart.Match(text) is { Success: true } inside
            ? Measured(Json(text.Substring(inside.Index), stop), stop)
            : start.IndexOf("avg_ts", StringComparison.Ordinal) >= 0 ? Measured(Csv(text, stop), stop)
            : Array.Empty<BenchmarkRow>();
        return rows.Length > 0 ? rows : Measured(Lines(text, stop), stop);
    }

    private static BenchmarkRow[] Measured(IEnumerable<BenchmarkRow> rows, CancellationToken stop) => rows.Until(stop)
        .Where(row => row.TokensPerSecond > 0 && !double.IsInfinity(row.TokensPerSecond)).ToArray();

    private static IEnumerable<BenchmarkRow> Json(string text, CancellationToken stop)
    {
        var tokens = new List<JToken>();
        try
        {
            using var reader = new JsonTextReader(new StoppableReader(text, stop))
            {
                SupportMultipleContent = true, DateParseHandling = DateParseHandling.None, MaxDepth = 32,
            };
            while (reader.Read()) tokens.Add(JToken.ReadFrom(reader));
        }
        catch (JsonException)
        {
            // A log may begin with a brace and be no JSON; what was read before the fault counts.
        }

        return tokens.SelectMany(Objects).SelectMany(one => BenchmarkRecord.Rows(Fields(one)));
    }

    /// <summary>All objects inside, the outer before the inner.</summary>
    private static IEnumerable<JObject> Objects(JToken token) =>
        token is JContainer container ? container.DescendantsAndSelf().OfType<JObject>() : Array.Empty<JObject>();

    private static Dictionary<string, string> Fields(JObject one)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var property in one.Properties())
            if (property.Value is JValue { Value: not null } value)
                fields[property.Name] = Convert.ToString(value.Value, CultureInfo.InvariantCulture)!;
        Inherit(one, fields, "model", outer => ModelOf(outer["model"]));
        Inherit(one, fields, "gpu", outer => (outer["accelerator_info"] ?? outer["accelerator"]) is JObject card
            ? (string?)(card["name"] as JValue)
            : null);
        return fields;
    }

    /// <summary>A field that an object has not, of the nearest outer object that says it.</summary>
    private static void Inherit(
        JObject one, Dictionary<string, string> fields, string name, Func<JObject, string?> said)
    {
        if (fields.ContainsKey(name)) return;
        foreach (var outer in one.AncestorsAndSelf().OfType<JObject>())
        {
            if (said(outer) is not { Length: > 0 } text) continue;
            fields[name] = text;
            return;
        }
    }

    /// <summary>A model by name, or by name and quantization (LocalScore).</summary>
    private static string? ModelOf(JToken? model) => model switch
    {
        JValue value => Convert.ToString(value.Value, CultureInfo.InvariantCulture),
        JObject named when named["name"] is JValue name => $"{name} {named["quant"] as JValue}".Trim(),
        _ => null,
    };

    private static IEnumerable<BenchmarkRow> Csv(string text, CancellationToken stop)
    {
        string[]? header = null;
        foreach (var line in LinesOf(text).Until(stop))
        {
            var cells = Regex.Matches(line, "(?:^|,)(?:\"([^\"]*)\"|([^,]*))")
                .Cast<Match>().Select(match => match.Groups[1].Success ? match.Groups[1].Value : match.Groups[2].Value)
                .ToArray();
            if (header is null)
            {
                if (cells.Contains("avg_ts")) header = cells;
                continue;
            }

            foreach (var row in BenchmarkRecord.Rows(Zip(header, cells))) yield return row;
        }
    }

    /// <summary>Markdown tables and logs, line by line.</summary>
    private static IEnumerable<BenchmarkRow> Lines(string text, CancellationToken stop)
    {
        string[]? header = null;
        string? model = null;
        var cards = new SortedDictionary<string, string>(StringComparer.Ordinal);
        string? Cards() => cards.Count == 0 ? null : string.Join(" + ", cards.Values);
        var prompt = 0;
        foreach (var line in LinesOf(text).Until(stop))
        {
            if (line.TrimStart().StartsWith("|", StringComparison.Ordinal))
            {
                var cells = line.Trim().Trim('|').Split('|').Select(cell => cell.Trim()).ToArray();
                if (cells.Contains("t/s") || cells.Contains("S_TG t/s")) header = cells;
                else if (header is not null)
                    foreach (var row in TableRow(Zip(header, cells))) yield return row with { Gpu = Cards() };
                continue;
            }

            foreach (var pattern in LogCards)
                if (pattern.Match(line) is { Success: true } card)
                    cards[card.Groups["id"].Value] = card.Groups["name"].Value.Trim();
            if (LogModel.Match(line) is { Success: true } loaded) model = loaded.Groups["model"].Value;
            if (LogTime.Match(line) is not { Success: true } timed) continue;
            var tokens = int.Parse(timed.Groups["tokens"].Value, CultureInfo.InvariantCulture);
            var isPrompt = timed.Groups["prompt"].Success;
            if (isPrompt) prompt = tokens;
            yield return new BenchmarkRow
            {
                Model = model,
                Gpu = Cards(),
                IsDecode = !isPrompt,
                Tokens = tokens,
                Depth = isPrompt ? 0 : prompt,
                TokensPerSecond = double.Parse(timed.Groups["rate"].Value, CultureInfo.InvariantCulture),
            };
        }
    }

    private static IEnumerable<BenchmarkRow> TableRow(Dictionary<string, string> cells)
    {
        if (cells.ContainsKey("S_TG t/s"))
        {
            foreach (var (column, field) in Batched)
                if (cells.TryGetValue(column, out var cell)) cells[field] = cell;
            return BenchmarkRecord.Rows(cells);
        }

        return OfTest(cells);
    }

    private static IEnumerable<BenchmarkRow> OfTest(Dictionary<string, string> cells)
    {
        if (!cells.TryGetValue("test", out var name) || TableTest.Match(name) is not { Success: true } test)
            yield break;
        if (!cells.TryGetValue("t/s", out var written)) yield break;
        var rate = written.Split(' ', '\u00b1')[0];
        if (!double.TryParse(rate, NumberStyles.Float, CultureInfo.InvariantCulture, out var tokensPerSecond))
            yield break;
        yield return new BenchmarkRow
        {
            Model = cells.TryGetValue("model", out var model) ? model : null,
            Backend = cells.TryGetValue("backend", out var backend) ? backend : null,
            IsDecode = test.Groups["kind"].Value == "tg",
            Tokens = int.Parse(test.Groups["tokens"].Value, CultureInfo.InvariantCulture),
            Depth = test.Groups["depth"].Success
                ? int.Parse(test.Groups["depth"].Value, CultureInfo.InvariantCulture)
                : 0,
            MicroBatch = cells.TryGetValue("n_ubatch", out var micro)
                && int.TryParse(micro, NumberStyles.None, CultureInfo.InvariantCulture, out var tokens) ? tokens : null,
            FlashAttention = cells.TryGetValue("fa", out var flash) ? flash == "1" : null,
            TokensPerSecond = tokensPerSecond,
        };
    }

    private static IEnumerable<string> LinesOf(string text) =>
        text.Split('\n').Select(line => line.TrimEnd('\r')).Where(line => line.Length > 0 && line.Length < MaxLine);

    private static Dictionary<string, string> Zip(string[] header, string[] cells)
    {
        var fields = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < header.Length && i < cells.Length; i++) fields[header[i]] = cells[i];
        return fields;
    }
}
