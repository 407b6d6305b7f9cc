using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit;

/// <summary>Finds the names that someone who mistyped one may have meant.</summary>
internal static class NearestNames
{
    /// <summary>
    /// Up to <paramref name="count"/> names, nearest first: by edit distance, those that contain the text or are
    /// contained in it first. Names further away than half their length are left out.
    /// </summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names, int count = 5)
    {
        var wanted = Fold(text);
        if (wanted.Length == 0) return Array.Empty<string>();
        return names
            .Select(name => (Name: name, Rank: Rank(wanted, Fold(name))))
            .Where(candidate => candidate.Rank < int.MaxValue)
            .OrderBy(candidate => candidate.Rank)
            .ThenBy(candidate => candidate.Name, StringComparer.OrdinalIgnoreCase)
            .Select(candidate => candidate.Name)
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .Take(count)
            .ToArray();
    }

    /// <summary>Edits (insert, delete, replace, swap of neighbours) that make one text into the other.</summary>
    public static int Distance(string first, string second)
    {
        var before = new int[second.Length + 1];
        var row = new int[second.Length + 1];
        var next = new int[second.Length + 1];
        for (var j = 0; j <= second.Length; j++) row[j] = j;
        for (var i = 1; i <= first.Length; i++)
        {
            next[0] = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = row[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                next[j] = Math.Min(replaced, Math.Min(row[j], next[j - 1]) + 1);
                var swapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1];
                if (swapped) next[j] = Math.Min(next[j], before[j - 2] + 1);
            }
            (before, row, next) = (row, next, before);
        }
        return row[second.Length];
    }

    /// <summary>Nearest names as the end of an error message; empty if there are none.</summary>
    public static string Sentence(IReadOnlyList<string> nearest) =>
        nearest.Count == 0 ? string.Empty : $" The nearest are '{string.Join("', '", nearest)}'.";

    /// <summary>The letters and digits of a text alone, in lower case: what names are compared by.</summary>
    public static string Fold(string text)
    {
        const int longest = 80;
        var kept = text.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).Take(longest).ToArray();
        return new string(kept);
    }

    private static int Rank(string wanted, string name)
    {
        if (name.Length == 0) return int.MaxValue;
        var contains = name.Contains(wanted) || wanted.Contains(name);
        if (contains) return Math.Abs(name.Length - wanted.Length);
        var distance = Distance(wanted, name);
        return distance * 2 <= Math.Max(wanted.Length, name.Length) ? 100 + distance : int.MaxValue;
    }
}
