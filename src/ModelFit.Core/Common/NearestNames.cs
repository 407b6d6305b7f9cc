namespace ModelFit.Common;

/// <summary>Finds the names that someone who mistyped one may have meant.</summary>
internal static class NearestNames
{
    private const int LongestCompared = 80;
    private const int FirstEditRank = 100;

    private static readonly Comparer<(int Rank, string Name)> RankThenName = Comparer<(int Rank, string Name)>.Create(
        (first, second) => first.Rank != second.Rank
            ? first.Rank.CompareTo(second.Rank)
            : StringComparer.OrdinalIgnoreCase.Compare(first.Name, second.Name));

    /// <summary>
    /// Up to <paramref name="count"/> names, nearest first: those that contain the text or are contained in it, then by
    /// edit distance. Names further away than half their length are left out.
    /// </summary>
    public static IReadOnlyList<string> Of(string text, IEnumerable<string> names, int count = 5)
    {
        var wanted = Fold(text);
        var nearest = new SortedSet<(int Rank, string Name)>(RankThenName);
        if (wanted.Length == 0) return Array.Empty<string>();
        foreach (var name in names)
        {
            var worst = nearest.Count < count ? int.MaxValue : nearest.Max.Rank;
            var rank = Rank(wanted, Fold(name), worst);
            if (rank > worst || rank == int.MaxValue) continue;
            nearest.Add((rank, name));
            if (nearest.Count > count) nearest.Remove(nearest.Max);
        }
        return nearest.Select(entry => entry.Name).ToArray();
    }

    /// <summary>
    /// Edits (insert, delete, replace, swap of neighbours) that make one text into the other;
    /// <see cref="int.MaxValue"/> if there are more than <paramref name="most"/>.
    /// </summary>
    public static int Distance(string first, string second, int most = int.MaxValue)
    {
        if (Math.Abs(first.Length - second.Length) > most) return int.MaxValue;
        var before = new int[second.Length + 1];
        var row = new int[second.Length + 1];
        var next = new int[second.Length + 1];
        for (var j = 0; j <= second.Length; j++) row[j] = j;
        var bestBefore = 0;
        for (var i = 1; i <= first.Length; i++)
        {
            next[0] = i;
            var best = i;
            for (var j = 1; j <= second.Length; j++)
            {
                var replaced = row[j - 1] + (first[i - 1] == second[j - 1] ? 0 : 1);
                next[j] = Math.Min(replaced, Math.Min(row[j], next[j - 1]) + 1);
                var swapped = i > 1 && j > 1 && first[i - 1] == second[j - 2] && first[i - 2] == second[j - 1];
                if (swapped) next[j] = Math.Min(next[j], before[j - 2] + 1);
                best = Math.Min(best, next[j]);
            }
            if (best > most && bestBefore > most) return int.MaxValue;
            bestBefore = best;
            (before, row, next) = (row, next, before);
        }
        return row[second.Length] <= most ? row[second.Length] : int.MaxValue;
    }

    /// <summary>Nearest names as the end of an error message; if there are none, what lists all names.</summary>
    public static string Sentence(IReadOnlyList<string> nearest, string otherwise) =>
        nearest.Count == 0 ? $" {otherwise}" : $" The nearest are '{string.Join("', '", nearest)}'.";

    /// <summary>The letters and digits of a text alone, in lower case: what names are compared by.</summary>
    public static string Fold(string text)
    {
        var kept = new char[Math.Min(text.Length, LongestCompared)];
        var count = 0;
        for (var i = 0; i < text.Length && count < kept.Length; i++)
        {
            if (char.IsLetterOrDigit(text[i])) kept[count++] = char.ToLowerInvariant(text[i]);
        }
        return new string(kept, 0, count);
    }

    private static int Rank(string wanted, string name, int worst)
    {
        if (name.Length == 0) return int.MaxValue;
        if (name.Contains(wanted) || wanted.Contains(name)) return Math.Abs(name.Length - wanted.Length);
        var most = Math.Min(Math.Max(wanted.Length, name.Length) / 2, worst - FirstEditRank);
        var distance = most < 0 ? int.MaxValue : Distance(wanted, name, most);
        return distance == int.MaxValue ? distance : FirstEditRank + distance;
    }
}
