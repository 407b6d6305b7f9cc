using System;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Fleet;

/// <summary>The text of a policy, to say where in it something is wrong.</summary>
internal sealed class PolicySource
{
    private readonly string _origin;
    private readonly string[] _lines;

    /// <summary>Takes a text and where it comes from.</summary>
    public PolicySource(string text, string origin) => (_lines, _origin) = (text.Split('\n'), origin);

    /// <summary>An error at the beginning of a value or of a member's name.</summary>
    public ModelFitException Wrong(JToken token, string message)
    {
        IJsonLineInfo place = token;
        return Wrong(place.LineNumber, Begin(token, place), message);
    }

    /// <summary>An error at a place, both counted from 1.</summary>
    public ModelFitException Wrong(int line, int column, string message, Exception? inner = null) => new(
        ErrorIds.InvalidPolicy,
        FailureKind.InvalidData,
        FormattableString.Invariant(
            $"{_origin}, line {Math.Max(1, line)}, column {Math.Max(1, column)}: {message}."),
        _origin,
        inner);

    /// <summary>The reader tells where a name or a simple value ends, and where an object or array begins.</summary>
    private int Begin(JToken token, IJsonLineInfo place)
    {
        if (token is JContainer and not JProperty || place.LineNumber < 1 || place.LineNumber > _lines.Length)
            return place.LinePosition;
        var before = _lines[place.LineNumber - 1];
        before = before.Substring(0, Math.Min(before.Length, place.LinePosition));
        var text = token is JProperty member ? member.Name : token.ToString();
        var at = before.LastIndexOf(text, StringComparison.OrdinalIgnoreCase);
        return at < 0 ? place.LinePosition : at > 0 && before[at - 1] == '"' ? at : at + 1;
    }
}
