using System.Collections;
using System.Globalization;
using System.IO;
using System.Management.Automation;
using Newtonsoft.Json;

namespace ModelFit.Tool.Rows;

/// <summary>Writes objects as JSON Lines: one object a line, as soon as it is there.</summary>
internal sealed class JsonText(TextWriter writer)
{
    private const int MaxDepth = 8;

    /// <summary>Writes one object and ends the line.</summary>
    public void Write(PSObject item)
    {
        using var line = new StringWriter(CultureInfo.InvariantCulture);
        using var json = new JsonTextWriter(line) { Culture = CultureInfo.InvariantCulture };
        WriteValue(json, item, MaxDepth);
        writer.WriteLine(line.ToString());
    }

    private static void WriteValue(JsonTextWriter json, object? value, int depth)
    {
        var plain = value is PSObject { BaseObject: not PSCustomObject } wrapper ? wrapper.BaseObject : value;
        if (plain is Enum or ScriptBlock)
            json.WriteValue(ValueText.Of(plain));
        else if (plain is null or IConvertible or Guid or TimeSpan or DateTimeOffset)
            json.WriteValue(plain);
        else if (depth == 0)
            json.WriteValue(ValueText.Of(plain));
        else if (plain is IDictionary or not IEnumerable)
            WriteObject(json, PSObject.AsPSObject(value), depth);
        else
            WriteArray(json, (IEnumerable)plain, depth);
    }

    private static void WriteObject(JsonTextWriter json, PSObject item, int depth)
    {
        json.WriteStartObject();
        foreach (var property in item.Properties)
        {
            if (!property.IsGettable) continue;
            json.WritePropertyName(property.Name);
            WriteValue(json, property.Value, depth - 1);
        }

        json.WriteEndObject();
    }

    private static void WriteArray(JsonTextWriter json, IEnumerable items, int depth)
    {
        json.WriteStartArray();
        foreach (var item in items) WriteValue(json, item, depth - 1);
        json.WriteEndArray();
    }
}
