using System.Management.Automation;

namespace ModelFit.Tool;

/// <summary>What came of a pipeline, as far as the exit code depends on it.</summary>
internal sealed class Answers
{
    /// <summary>The words of a plug-in's line, in the order of its exit codes.</summary>
    private static readonly string[] Words = ["OK", "WARNING", "CRITICAL", "UNKNOWN"];

    /// <summary>How many objects were emitted.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a truth value among them was no, or a demand of an audit is violated.</summary>
    public bool AnyNo { get; private set; }

    /// <summary>Whether an audit does not know of a demand whether it holds.</summary>
    public bool AnyUnknown { get; private set; }

    /// <summary>
    /// The worst exit code of a Nagios plug-in that the records of an audit or the line of a report stand for; null
    /// where there were none.
    /// </summary>
    public int? NagiosCode { get; private set; }

    /// <summary>Counts one object.</summary>
    public void Add(PSObject answer)
    {
        Count++;
        AnyNo |= answer.BaseObject is false;
        if (answer.BaseObject is string line) Take(OfLine(line));
        else if (answer.TypeNames.Any(name => name.EndsWith("ModelFit.AuditRecord", StringComparison.Ordinal)))
            Take(OfRecord(answer));
    }

    /// <summary>The exit code as a Nagios plug-in's.</summary>
    public int AsNagios(bool hadErrors) =>
        NagiosCode is { } code ? (hadErrors && code == 0 ? 3 : code)
        : hadErrors ? 3
        : AnyNo ? 2
        : 0;

    private int OfRecord(PSObject record)
    {
        var compliance = record.Properties["Compliance"]?.Value as string;
        AnyNo |= compliance == "Violated" && !IsInfo(record);
        AnyUnknown |= compliance == "Unknown";
        return compliance switch
        {
            "Violated" when IsInfo(record) => 0,
            "Violated" => record.Properties["Severity"]?.Value is "warning" ? 1 : 2,
            "Unknown" => 3,
            _ => 0,
        };
    }

    private static bool IsInfo(PSObject record) => record.Properties["Severity"]?.Value is "info";

    private static int? OfLine(string line)
    {
        var words = line.Split(' ', 4);
        var code = words is ["MODELFIT", var word, "-", _] ? Array.IndexOf(Words, word) : -1;
        return code < 0 ? null : code;
    }

    /// <summary>Critical is worse than a warning, that than unknown.</summary>
    private void Take(int? code)
    {
        static int Rank(int known) => known switch { 2 => 3, 1 => 2, 3 => 1, _ => 0 };
        if (code is { } taken && (NagiosCode is not { } known || Rank(taken) > Rank(known))) NagiosCode = taken;
    }
}
