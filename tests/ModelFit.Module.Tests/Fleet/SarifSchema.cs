using System.IO;
using ModelFit.Testing;
using Newtonsoft.Json.Linq;

namespace ModelFit.Module.Tests.Fleet;

/// <summary>The objects of SARIF, their members and kinds, and what of a document is not so.</summary>
internal sealed class SarifSchema
{
    private readonly Dictionary<string, Dictionary<string, (string Kind, bool IsRequired)>> _objects = new();

    public SarifSchema()
    {
        var members = new Dictionary<string, (string, bool)>();
        foreach (var line in File.ReadLines(RepositoryFolder.Path("tests", "data", "fleet", "sarif.txt")))
        {
            if (line.StartsWith('#')) continue;
            if (!line.StartsWith(' ')) _objects[line] = members = new Dictionary<string, (string, bool)>();
            else if (line.Trim().Split(": ") is [var name, var kind])
                members[name.TrimStart('!')] = (kind, name.StartsWith('!'));
        }
    }

    /// <summary>What is wrong with a document, a line each.</summary>
    public IEnumerable<string> Problems(JToken document) => Of(document, "log");

    private IEnumerable<string> Of(JToken value, string kind)
    {
        if (kind.StartsWith("[] ", StringComparison.Ordinal))
            return value is JArray all ? all.SelectMany(item => Of(item, kind[3..])) : [Wrong(value, kind)];
        if (kind.StartsWith("{} ", StringComparison.Ordinal))
            return value is JObject any
                ? any.Properties().SelectMany(item => Of(item.Value, kind[3..]))
                : [Wrong(value, kind)];
        if (_objects.TryGetValue(kind, out var members)) return OfObject(value, kind, members);
        var isRight = kind switch
        {
            "string" => value.Type == JTokenType.String,
            "integer" => value.Type == JTokenType.Integer,
            "number" => value.Type is JTokenType.Integer or JTokenType.Float,
            "boolean" => value.Type == JTokenType.Boolean,
            _ => kind.Contains('|') && kind.Split('|').Contains((string?)value),
        };
        return isRight || kind == "2.1.0" && (string?)value == kind ? [] : [Wrong(value, kind)];
    }

    private IEnumerable<string> OfObject(
        JToken value, string kind, Dictionary<string, (string Kind, bool IsRequired)> members)
    {
        if (value is not JObject found) return [Wrong(value, kind)];
        var missing = members.Where(member => member.Value.IsRequired && found[member.Key] is null)
            .Select(member => $"{found.Path}: {kind} lacks {member.Key}");
        return missing.Concat(found.Properties().SelectMany(property =>
            members.TryGetValue(property.Name, out var member)
                ? Of(property.Value, member.Kind)
                : [$"{property.Path}: {kind} has no such member"]));
    }

    private static string Wrong(JToken value, string kind) => $"{value.Path}: '{value}' is no {kind}";
}
