using System.IO;
using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Tool.Rows;

/// <summary>
/// Reads JSON value by value: one document, JSON Lines or documents one after the other; the elements of an outermost
/// array are rows of their own.
/// </summary>
internal sealed class JsonRows(TextReader reader)
{
    private const int MaxDepth = 64;

    /// <summary>Objects as rows with a property a member, other values as they are.</summary>
    /// <exception cref="FormatException">The text is not JSON from here on; the message says where.</exception>
    public IEnumerable<object?> Read()
    {
        using var json = new JsonTextReader(reader)
        {
            SupportMultipleContent = true,
            DateParseHandling = DateParseHandling.None,
            MaxDepth = MaxDepth,
            CloseInput = false,
        };
        var inArray = false;
        while (Attempt(json.Read))
        {
            if (json.TokenType == JsonToken.Comment) continue;
            var opens = !inArray && json.TokenType == JsonToken.StartArray;
            if (opens || json.TokenType == JsonToken.EndArray) inArray = opens;
            else yield return Value(Attempt(() => JToken.ReadFrom(json)));
        }

        if (inArray) throw new FormatException("The JSON cannot be read: its array does not end.");
    }

    private static T Attempt<T>(Func<T> step)
    {
        try
        {
            return step();
        }
        catch (JsonException e)
        {
            throw new FormatException("The JSON cannot be read: " + e.Message, e);
        }
    }

    private static object? Value(JToken token) => token switch
    {
        JObject members => Row(members),
        JArray elements => elements.Select(Value).ToArray(),
        JValue scalar => scalar.Value,
        _ => null,
    };

    private static PSObject Row(JObject members)
    {
        var row = new PSObject();
        foreach (var member in members.Properties())
            if (member.Name.Length > 0 && row.Properties[member.Name] is null)
                row.Properties.Add(new PSNoteProperty(member.Name, Value(member.Value)), preValidated: true);
        return row;
    }
}
