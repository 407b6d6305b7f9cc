using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace ModelFit.Core.Tests.Common;

/// <summary>
/// A regular expression as the run time parses it, with what it knows never to try again made atomic: whether two open
/// quantifiers that take the same characters stand side by side, or one in another, so that they can share a text in
/// many ways.
/// </summary>
internal static class PatternTree
{
    private const BindingFlags Any =
        BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private static readonly Func<string, RegexOptions, CultureInfo, object> Parse = Of("RegexParser").GetMethods(Any)
        .First(method => method.Name == "Parse")
        .CreateDelegate<Func<string, RegexOptions, CultureInfo, object>>();

    private static readonly Func<char, string, bool> InClass = Of("RegexCharClass").GetMethods(Any)
        .First(method => method.Name == "CharInClass" && method.GetParameters().Length == 2)
        .CreateDelegate<Func<char, string, bool>>();

    /// <summary>Letters, digits, marks and blanks; of the rest some.</summary>
    private static readonly char[] Sample = [.. Enumerable.Range(0, 0x180).Select(c => (char)c), '\u2022', '\u4e2d'];

    /// <summary>Whether a text can be shared between two open quantifiers.</summary>
    public static bool IsAmbiguous(string pattern, RegexOptions options) =>
        IsAmbiguous(Node.Of(Member(Parse(pattern, options, CultureInfo.InvariantCulture), "Root")!));

    private static bool IsAmbiguous(Node node)
    {
        if (node is { IsOpen: true, IsLoop: true } && Meet(Last(node.Children[0]), First(node.Children[0])))
            return true;
        var open = new List<Node>();
        foreach (var child in node.Kind == "Concatenate" ? node.Children : [])
        {
            if (Meet(open, First(child))) return true;
            if (!MayBeEmpty(child)) open.Clear();
            open.AddRange(Last(child));
        }

        return node.Children.Any(IsAmbiguous);
    }

    private static bool Meet(IEnumerable<Node> before, IEnumerable<Node> behind) =>
        before.Any(one => behind.Any(other => Sample.Any(c => one.Takes(c) && other.Takes(c))));

    /// <summary>
    /// The open quantifiers that may be what a node begins with, also those that give nothing back: what is before them
    /// makes them take it again and again.
    /// </summary>
    private static IEnumerable<Node> First(Node node) => Edge(node, node.Children);

    /// <summary>The open quantifiers that may be what a node ends with.</summary>
    private static IEnumerable<Node> Last(Node node) => Edge(node, node.Children.Reverse().ToArray(), isLast: true);

    private static IEnumerable<Node> Edge(Node node, IReadOnlyList<Node> inOrder, bool isLast = false)
    {
        if (node is { IsUnbounded: true, TakesOne: true } && (!isLast || node.IsOpen)) return [node];
        IEnumerable<Node> Of(Node child) => isLast ? Last(child) : First(child);
        if (node.Kind == "Concatenate")
            return inOrder.TakeWhile((_, at) => inOrder.Take(at).All(MayBeEmpty)).SelectMany(Of).ToArray();
        return node.Kind is "Alternate" or "Capture" or "Group" || node.IsLoop ? inOrder.SelectMany(Of).ToArray() : [];
    }

    private static bool MayBeEmpty(Node node) => node.Kind switch
    {
        "Concatenate" => node.Children.All(MayBeEmpty),
        "Alternate" => node.Children.Any(MayBeEmpty),
        "Capture" or "Group" or "Atomic" => MayBeEmpty(node.Children[0]),
        "Loop" or "Lazyloop" => node.Least == 0 || MayBeEmpty(node.Children[0]),
        "One" or "Notone" or "Set" or "Multi" or "Backreference" => false,
        _ => !node.TakesOne || node.Least == 0,
    };

    private static Type Of(string name) =>
        typeof(Regex).Assembly.GetType("System.Text.RegularExpressions." + name, throwOnError: true)!;

    private static object? Member(object owner, string name) =>
        owner.GetType().GetProperty(name, Any)?.GetValue(owner) ?? owner.GetType().GetField(name, Any)?.GetValue(owner);

    /// <summary>A node of the tree.</summary>
    private sealed record Node(string Kind, int Least, int Most, char Char, string? Set, IReadOnlyList<Node> Children)
    {
        /// <summary>Whether it has no upper bound.</summary>
        public bool IsUnbounded => Most == int.MaxValue;

        /// <summary>Whether it has no upper bound and may give back what it took.</summary>
        public bool IsOpen => IsUnbounded && !Kind.EndsWith("atomic", StringComparison.Ordinal);

        /// <summary>Whether it repeats more than a character.</summary>
        public bool IsLoop => Kind is "Loop" or "Lazyloop";

        /// <summary>Whether it takes characters of a kind.</summary>
        public bool TakesOne => Kind.StartsWith("One", StringComparison.Ordinal)
            || Kind.StartsWith("Notone", StringComparison.Ordinal) || Kind.StartsWith("Set", StringComparison.Ordinal);

        /// <summary>Whether it takes a character.</summary>
        public bool Takes(char c) => Set is not null ? InClass(c, Set)
            : Kind.StartsWith("Notone", StringComparison.Ordinal) ? c != Char : c == Char;

        public static Node Of(object node)
        {
            var count = (int)node.GetType().GetMethod("ChildCount", Any)!.Invoke(node, null)!;
            var child = node.GetType().GetMethod("Child", Any)!;
            var kind = Member(node, "Kind")!.ToString()!;
            return new Node(
                kind, (int)Member(node, "M")!, (int)Member(node, "N")!, (char)Member(node, "Ch")!,
                kind.StartsWith("Set", StringComparison.Ordinal) ? (string?)Member(node, "Str") : null,
                Enumerable.Range(0, count).Select(at => Of(child.Invoke(node, [at])!)).ToArray());
        }
    }
}
