using System.Globalization;
using System.IO;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Threading;
using ModelFit.Common;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Common;

/// <summary>No regular expression may take long over what a stranger wrote.</summary>
public sealed partial class PatternTests
{
    /// <summary>Every expression that a static field holds, or a row of a table in one.</summary>
    public static IEnumerable<(string Where, Regex Pattern)> Fields { get; } = typeof(TextPattern).Assembly.GetTypes()
        .Where(type => !type.ContainsGenericParameters)
        .SelectMany(type => FieldsOf(type, BindingFlags.Static))
        .Where(field => Holds(field.FieldType) || RowsOf(field.FieldType).Any(row =>
            FieldsOf(row, BindingFlags.Instance).Any(part => Holds(part.FieldType))))
        .SelectMany(field => PatternsIn(field.GetValue(null))
            .Select(pattern => ($"{field.DeclaringType!.Name}.{field.Name}", pattern)))
        .ToArray();

    private static IEnumerable<FieldInfo> FieldsOf(Type type, BindingFlags kind) =>
        type.GetFields(kind | BindingFlags.Public | BindingFlags.NonPublic);

    private static bool Holds(Type type) => typeof(Regex).IsAssignableFrom(type)
        || typeof(IEnumerable<Regex>).IsAssignableFrom(type);

    /// <summary>The types of the rows of a table.</summary>
    private static IEnumerable<Type> RowsOf(Type type) => type.GetInterfaces().Append(type)
        .Where(kind => kind.IsGenericType && kind.GetGenericTypeDefinition() == typeof(IEnumerable<>))
        .Select(kind => kind.GetGenericArguments()[0]);

    private static IEnumerable<Regex> PatternsIn(object? value) => value switch
    {
        null => [],
        Regex one => [one],
        IEnumerable<Regex> several => several,
        System.Collections.IEnumerable table => table.Cast<object>().SelectMany(row =>
            FieldsOf(row.GetType(), BindingFlags.Instance).Where(part => Holds(part.FieldType))
                .SelectMany(part => PatternsIn(part.GetValue(row)))),
        _ => [],
    };

    [Fact]
    public void The_expressions_of_a_table_s_rows_are_among_them() => Assert.Contains(
        Fields, field => field.Where.Contains("LineForms", StringComparison.Ordinal));

    [Fact]
    public void No_expression_has_two_adjacent_open_quantifiers_that_take_the_same_characters()
    {
        Assert.InRange(Fields.Count(), 150, 1000);
        Assert.Empty(Fields.Where(field => PatternTree.IsAmbiguous(field.Pattern.ToString(), field.Pattern.Options))
            .Select(field => $"{field.Where}: {field.Pattern}"));
        Assert.Empty(Calls().Where(call => call.Pattern is not null && PatternTree.IsAmbiguous(
            call.Pattern, RegexOptions.None)).Select(call => $"{call.Where}: {call.Pattern}"));
    }

    [Fact]
    public void Every_expression_has_a_limit_of_time() => Assert.Empty(Fields
        .Where(field => field.Pattern.MatchTimeout == Timeout.InfiniteTimeSpan
            || field.Pattern.MatchTimeout > TimeSpan.FromSeconds(10)).Select(field => field.Where));

    /// <summary>What is put together at run time stands in a field, where it is tested as it is.</summary>
    [Fact]
    public void What_is_matched_by_the_way_is_one_literal() =>
        Assert.Empty(Calls().Where(call => call.Pattern is null).Select(call => call.Where));

    [Theory]
    [InlineData(@".*\d*x", true)]
    [InlineData(@"\s*(\d*)\s*$", true)]
    [InlineData(@"(\S.*?)\s*$", true)]
    [InlineData(@"(?:a+b?)+c", true)]
    [InlineData(@"(?:a|b+)*[bc]*d", true)]
    [InlineData(@"\s*(?:(\d+)\s*)?$", false)]
    [InlineData(@"(\S(?:.*\S)?)\s*$", false)]
    [InlineData(@"a+b+c", false)]
    [InlineData(@"[a-z]+ ?\d+", false)]
    public void Two_open_quantifiers_are_told(string pattern, bool expected) =>
        Assert.Equal(expected, PatternTree.IsAmbiguous(pattern, RegexOptions.None));

    /// <summary>Static calls, with their pattern where it is a literal, the second argument.</summary>
    private static IEnumerable<(string Where, string? Pattern)> Calls() =>
        from path in Directory.GetFiles(RepositoryFolder.Path("src"), "*.cs", SearchOption.AllDirectories)
        where !path.Split(Path.DirectorySeparatorChar).Intersect(["obj", "bin"]).Any()
        let text = File.ReadAllText(path)
        from Match call in Call().Matches(text)
        select (string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(path)} at {call.Index}"),
            Literal(text[(call.Index + call.Length)..]));

    /// <summary>The literal that the argument behind the first comma outside of brackets and literals is.</summary>
    private static string? Literal(string arguments)
    {
        var depth = 0;
        for (var at = 0; at < arguments.Length; at++)
        {
            if (Text().Match(arguments, at) is { Success: true, Index: var start } text && start == at)
                at += text.Length - 1;
            else if (arguments[at] is '(' or '[' or '{') depth++;
            else if (arguments[at] is ')' or ']' or '}' && --depth < 0) return null;
            else if (arguments[at] == ',' && depth == 0)
            {
                var rest = arguments[(at + 1)..].TrimStart();
                return Text().Match(rest) is { Success: true, Index: 0, Value: ['@', '"', .. var verbatim, '"'] }
                    ? verbatim.Replace("\"\"", "\"", StringComparison.Ordinal)
                    : Text().Match(rest) is { Success: true, Index: 0, Value: ['"', .. var plain, '"'] }
                    ? Regex.Unescape(plain) : null;
            }
        }

        return null;
    }

    [GeneratedRegex(@"\bRegex\.(?:IsMatch|Match|Matches|Replace|Split)\(")]
    private static partial Regex Call();

    [GeneratedRegex("""@"(?:[^"]|"")*"|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\]|\\.)'""")]
    private static partial Regex Text();
}
