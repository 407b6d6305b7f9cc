using System.Threading;
using ModelFit.Common;

namespace ModelFit.Fleet;

/// <summary>
/// Reads a policy: JSON in the form <c>modelfit-policy-1</c>. What is wrong is <see cref="ErrorIds.InvalidPolicy"/>
/// with its line and column; a member that is not known is wrong too, so that a typing error is no silent exception.
/// </summary>
internal static class PolicyFile
{
    /// <summary>The form that is read, as <c>$schema</c> names it, alone or at the end of an address.</summary>
    public const string Form = "modelfit-policy-1";

    private static readonly string[] Severities = { "error", "warning", "info" };
    private static readonly string[] OfPolicy = { "$schema", "name", "description", "rules" };
    private static readonly string[] OfRule = { "name", "description", "machines", "except", "require", "severity" };

    /// <summary>The policy in a file.</summary>
    public static Policy Read(string path, CancellationToken stop = default) =>
        Parse(PlacedText.ReadFile(path), path, stop);

    /// <summary>The policy that a text is.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    /// <param name="stop">Ends the reading.</param>
    public static Policy Parse(string text, string origin, CancellationToken stop = default)
    {
        var policy = new PlacedText(text, origin, ErrorIds.InvalidPolicy, stop).Load("the policy");
        policy.CheckForm(Form);
        policy.Allow(OfPolicy);
        var rules = policy.Require("rules").Elements().Select(ReadRule).ToArray();
        var twice = rules.GroupBy(rule => rule.Rule.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw twice.Last().Name.Wrong($"a rule named '{twice.Key}' exists already");
        return new Policy(rules.Select(rule => rule.Rule).ToArray());
    }

    private static (PolicyRule Rule, PlacedValue Name) ReadRule(PlacedValue node)
    {
        var rule = node.AsObject("a rule");
        rule.Allow(OfRule);
        var name = rule.Require("name");
        var machines = rule.Find("machines") is { } filter ? ReadFilter(filter) : new MachineFilter([]);
        return (new PolicyRule(
            name.Text(),
            machines,
            rule.Find("except") is { } except ? ReadFilter(except) : null,
            PolicyRequirements.Read(rule.Require("require")),
            rule.Find("severity")?.Choice(Severities) ?? Severities[0]), name);
    }

    private static MachineFilter ReadFilter(PlacedValue node)
    {
        var conditions = new List<(string, Wildcard[])>();
        foreach (var (name, value) in node.AsObject("a filter").Members())
        {
            if (!MachineFilter.Knows(name)) throw value.Unknown(name, MachineFilter.PropertyNames);
            conditions.Add((name, value.Texts().Select(text => new Wildcard(text)).ToArray()));
        }

        return conditions.Count > 0 ? new MachineFilter(conditions)
            : throw node.Wrong("a filter needs at least one property; to select all machines, leave the filter out");
    }
}
