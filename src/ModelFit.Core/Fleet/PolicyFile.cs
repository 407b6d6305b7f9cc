using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using ModelFit.Common;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Fleet;

/// <summary>
/// Reads a policy: JSON in the form <c>modelfit-policy-1</c>. What is wrong is <see cref="ErrorIds.InvalidPolicy"/>
/// with its line and column; a member that is not known is wrong too, so that a typing error is no silent exception.
/// </summary>
internal static class PolicyFile
{
    /// <summary>The form that is read, as <c>$schema</c> names it, alone or at the end of an address.</summary>
    public const string Form = "modelfit-policy-1";

    private const int MaxDepth = 16;
    private static readonly string[] Severities = { "error", "warning", "info" };
    private static readonly string[] OfPolicy = { "$schema", "name", "description", "rules" };
    private static readonly string[] OfRule = { "name", "description", "machines", "except", "require", "severity" };

    /// <summary>The policy in a file.</summary>
    public static Policy Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ModelFitException(
                ErrorIds.FileUnreadable, FailureKind.ReadError, $"{path}: {error.Message}", path, error);
        }
    }

    /// <summary>The policy that a text is.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="origin">Where it comes from, for messages.</param>
    public static Policy Parse(string text, string origin)
    {
        var source = new PolicySource(text, origin);
        var policy = new PolicyNode(Load(text, source), source).AsObject("the policy");
        policy.Allow(OfPolicy);
        if (policy.Find("$schema") is { } schema) CheckForm(schema);
        var rules = policy.Require("rules").Elements().Select(ReadRule).ToArray();
        var twice = rules.GroupBy(rule => rule.Rule.Name, StringComparer.OrdinalIgnoreCase)
            .FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) throw twice.Last().Name.Wrong($"there is a rule '{twice.Key}' already");
        return new Policy(rules.Select(rule => rule.Rule).ToArray());
    }

    private static JToken Load(string text, PolicySource source)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(text))
            {
                DateParseHandling = DateParseHandling.None,
                MaxDepth = MaxDepth,
            };
            var settings = new JsonLoadSettings
            {
                DuplicatePropertyNameHandling = DuplicatePropertyNameHandling.Error,
                LineInfoHandling = LineInfoHandling.Load,
            };
            var token = JToken.ReadFrom(reader, settings);
            while (reader.Read())
                if (reader.TokenType != JsonToken.Comment) throw source.Wrong(
                    reader.LineNumber, reader.LinePosition, "text follows the end of the policy");
            return token;
        }
        catch (JsonReaderException error)
        {
            throw source.Wrong(error.LineNumber, error.LinePosition, WithoutPlace(error.Message), error);
        }
    }

    /// <summary>What the reader says, without the place that it appends in its own words.</summary>
    private static string WithoutPlace(string message)
    {
        var end = message.IndexOf(" Path '", StringComparison.Ordinal);
        return (end < 0 ? message : message.Substring(0, end)).TrimEnd('.', ' ', ',');
    }

    private static void CheckForm(PolicyNode schema)
    {
        var text = schema.Text();
        var name = text.Substring(text.LastIndexOf('/') + 1);
        if (name != Form && name != Form + ".schema.json")
            throw schema.Wrong($"'{text}' is not a form that this version reads; it reads {Form}");
    }

    private static (PolicyRule Rule, PolicyNode Name) ReadRule(PolicyNode node)
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

    private static MachineFilter ReadFilter(PolicyNode node)
    {
        var conditions = new List<(string, Wildcard[])>();
        foreach (var (name, value) in node.AsObject("a filter").Members())
        {
            if (!MachineFilter.Knows(name)) throw value.Unknown(name, MachineFilter.PropertyNames);
            conditions.Add((name, value.Texts().Select(text => new Wildcard(text)).ToArray()));
        }

        return conditions.Count > 0 ? new MachineFilter(conditions)
            : throw node.Wrong("a filter names at least one property; leave it out for all machines");
    }
}
