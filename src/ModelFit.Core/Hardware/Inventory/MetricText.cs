using System.Globalization;
using System.Text;
using Newtonsoft.Json.Linq;

namespace ModelFit.Hardware.Inventory;

/// <summary>A measured value of Prometheus with its labels.</summary>
internal sealed record MetricSample(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    /// <summary>The first label that says something; null if none does.</summary>
    public string? Label(params string[] names) => names
        .Select(name => Labels.TryGetValue(name, out var value) && value.Length > 0 ? value : null)
        .FirstOrDefault(value => value is not null);
}

/// <summary>Prometheus' two forms: the exposition text of an exporter, and the answer of its HTTP API.</summary>
internal static class MetricText
{
    /// <summary>The samples of the exposition format, version 0.0.4; lines that are none are skipped.</summary>
    public static IEnumerable<MetricSample> Exposition(IEnumerable<string> lines) =>
        lines.Select(Sample).Where(sample => sample is not null).Select(sample => sample!);

    /// <summary>The samples of <c>/api/v1/query</c>: an instant vector, or the last values of a range.</summary>
    public static IEnumerable<MetricSample> Answer(JToken answer)
    {
        var all = (JsonFields.At(answer, "data/result") as JArray)?.OfType<JObject>();
        foreach (var series in all ?? Array.Empty<JObject>())
        {
            var labels = (series["metric"] as JObject)?.Properties()
                .ToDictionary(label => label.Name, label => label.Value.ToString(), StringComparer.Ordinal);
            var pair = series["value"] as JArray ?? (series["values"] as JArray)?.LastOrDefault() as JArray;
            if (labels is null || pair is not { Count: 2 } || Number(pair[1].ToString()) is not { } value) continue;
            labels.TryGetValue("__name__", out var name);
            yield return new MetricSample(name ?? string.Empty, labels, value);
        }
    }

    private static MetricSample? Sample(string line)
    {
        if (line.Length == 0 || line[0] == '#') return null;
        var brace = line.IndexOf('{');
        var nameEnd = brace >= 0 ? brace : line.IndexOf(' ');
        if (nameEnd <= 0) return null;
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = nameEnd;
        if (brace >= 0 && !ReadLabels(line, ref at, labels)) return null;
        var number = line.Substring(at).Trim().Split(' ')[0];
        return Number(number) is { } value ? new MetricSample(line.Substring(0, nameEnd), labels, value) : null;
    }

    private static bool ReadLabels(string line, ref int at, Dictionary<string, string> labels)
    {
        at++;
        while (at < line.Length && line[at] != '}')
        {
            var equals = line.IndexOf("=\"", at, StringComparison.Ordinal);
            if (equals < 0) return false;
            var name = line.Substring(at, equals - at).Trim(' ', ',');
            var value = new StringBuilder();
            for (at = equals + 2; at < line.Length && line[at] != '"'; at++)
            {
                if (line[at] == '\\' && at + 1 < line.Length) at++;
                value.Append(line[at]);
            }

            labels[name] = value.ToString();
            at++;
            while (at < line.Length && line[at] is ',' or ' ') at++;
        }

        return at++ < line.Length;
    }

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            && !double.IsNaN(value) && !double.IsInfinity(value) ? value : null;
}
