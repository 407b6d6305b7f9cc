namespace ModelFit.Hardware.Inventory;

/// <summary>
/// Tables as text: PowerShell's <c>Format-Table</c> with its line of dashes, Markdown's, those that osqueryi and
/// database shells draw, and columns between blanks.
/// </summary>
internal static class TableText
{
    private const int MaxColumns = 100;
    private const int HeaderLines = 10;

    /// <summary>What Markdown puts around a cell: blanks, and marks of bold, slanted and typed words.</summary>
    private static readonly char[] Marks = { ' ', '\t', '*', '`' };

    /// <summary>The rows of the first table whose header means something; empty if there is none.</summary>
    public static IEnumerable<InventoryRow> Rows(InventoryText text, Func<InventoryRow, bool> isMeaningful)
    {
        var lines = text.Lines.Any(line => line.IndexOf('│') >= 0) ? text.Lines.Select(Plain).ToList() : text.Lines;
        IReadOnlyList<InventoryRow>? nameless = null;
        for (var i = 1; i < lines.Count; i++)
        {
            if (!IsRule(lines[i])) continue;
            var isDrawn = lines[i - 1].IndexOf('|') >= 0;
            var rows = (isDrawn ? Drawn(lines, i - 1) : Dashed(lines, i)).ToList();
            if (!rows.Take(1).Any(isMeaningful)) continue;
            // Who asked for the memory alone asked again with the name.
            if (rows[0].Columns.Count() > 1) return isDrawn ? rows.Concat(Further(lines, i, rows.Count)) : rows;
            nameless ??= rows;
        }

        return nameless ?? Array.Empty<InventoryRow>() as IEnumerable<InventoryRow>;
    }

    /// <summary>A line whose lines are characters for drawing (U+2500 to U+257F), in those of the keyboard.</summary>
    private static string Plain(string line) => new(line
        .Select(c => c is '│' or '┃' or '║' ? '|' : c is >= '\u2500' and <= '\u257F' ? '-' : c).ToArray());

    /// <summary>The rows of the tables further down that have the same columns.</summary>
    private static IEnumerable<InventoryRow> Further(IReadOnlyList<string> lines, int rule, int number)
    {
        var columns = Cells(lines[rule - 1]);
        for (var i = rule + 2; i < lines.Count; i++)
        {
            if (!IsRule(lines[i]) || !Cells(lines[i - 1]).SequenceEqual(columns)) continue;
            foreach (var row in Drawn(lines, i - 1)) yield return new InventoryRow(row.Given, ++number);
        }
    }

    /// <summary>
    /// The rows below the first header whose columns mean something, each column beginning where its name does, as
    /// <c>kubectl</c>, <c>gcloud</c> and <c>wmic</c> print them; empty if there is none.
    /// </summary>
    public static IEnumerable<InventoryRow> Columns(InventoryText text, Func<InventoryRow, bool> isMeaningful)
    {
        for (var i = 0; i + 1 < text.Lines.Count && i < HeaderLines; i++)
        {
            var starts = Starts(text.Lines[i]);
            if (starts.Count < 2 || !starts.Skip(1).All(start => IsBreak(text.Lines[i + 1], start))) continue;
            var columns = Cut(text.Lines[i], starts);
            var lines = text.Lines.Skip(i + 1).TakeWhile(line => line.Trim().Length > 0).ToList();
            if (!lines.All(line => starts.Skip(1).All(start => IsBreak(line, start)))) continue;
            var rows = lines.Select((line, number) => Row(columns, Cut(line, starts), number + 1)).ToList();
            if (rows.Take(1).Any(row => isMeaningful(row) && IsHardware(row))) return rows;
        }

        return Array.Empty<InventoryRow>();
    }

    /// <summary>Whether a cell is what its column says: such columns are in any text.</summary>
    private static bool IsHardware(InventoryRow row) => row.Cells(RowColumns.Meaning.Gpu)
            .Any(cell => AdapterKind.IsGpuName(cell.Text) || InventoryRow.Whole(cell.Text) is < CardText.MostCards)
        || row.Cells(RowColumns.Meaning.SystemMemory).Any(cell =>
            row.Style.Size(cell.Text, cell.Unit, CellSize.Bare.System) >= 64 << 20)
        || VideoController.IsRow(row) || CardRows.IsRow(row) || ModuleRows.IsRow(row) || RowProcessors.IsRow(row);

    /// <summary>Where words begin behind two blanks or a tab.</summary>
    private static IReadOnlyList<int> Starts(string header)
    {
        var starts = new List<int>();
        for (var at = 0; at < header.Length && starts.Count < MaxColumns; at++)
        {
            if (header[at] is ' ' or '\t') continue;
            if (at == 0 || header[at - 1] == '\t' || (at > 1 && header[at - 1] == ' ' && header[at - 2] == ' '))
                starts.Add(at);
        }

        return starts;
    }

    private static bool IsBreak(string line, int start) =>
        start > line.Length || (start > 0 && line[start - 1] is ' ' or '\t');

    private static string[] Cut(string line, IReadOnlyList<int> starts) => starts.Select((start, index) =>
    {
        var end = index + 1 < starts.Count ? Math.Min(starts[index + 1], line.Length) : line.Length;
        return start >= end ? string.Empty : line.Substring(start, end - start).Trim();
    }).ToArray();

    /// <summary>A line of dashes, bars and colons only.</summary>
    private static bool IsRule(string line)
    {
        var text = line.Trim();
        return text.Length > 1 && text.IndexOf(text[0] == '|' ? "-" : "--", StringComparison.Ordinal) >= 0
            && text.All(c => c is '-' or ' ' or '\t' or '|' or '+' or ':' or '=');
    }

    private static IEnumerable<InventoryRow> Drawn(IReadOnlyList<string> lines, int header)
    {
        var columns = Cells(lines[header]);
        var number = 0;
        for (var i = header + 2; i < lines.Count && lines[i].TrimStart() is { Length: > 0 } line; i++)
        {
            if (IsRule(line)) continue;
            if (line.IndexOf('|') < 0) yield break;
            yield return Row(columns, Cells(line), ++number);
        }
    }

    private static string[] Cells(string line) =>
        line.Trim().Trim('|').Split('|').Take(MaxColumns).Select(cell => cell.Trim(Marks)).ToArray();

    /// <summary>
    /// Columns under dashes. Text begins under the first dash of its column, a number ends under the last one, so that
    /// the widest gap between two columns parts them.
    /// </summary>
    private static IEnumerable<InventoryRow> Dashed(IReadOnlyList<string> lines, int rule)
    {
        var runs = Runs(lines[rule]);
        var columns = Cut(lines[rule - 1], runs);
        var number = 0;
        for (var i = rule + 1; i < lines.Count && lines[i].Trim().Length > 0; i++)
            yield return Row(columns, Cut(lines[i], runs), ++number);
    }

    private static InventoryRow Row(string[] columns, string[] values, int number)
    {
        var cells = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < columns.Length; i++)
        {
            if (columns[i].Length > 0) cells[columns[i]] = i < values.Length ? values[i] : null;
        }

        return new InventoryRow(cells, number);
    }

    private static IReadOnlyList<(int Start, int End)> Runs(string rule)
    {
        var runs = new List<(int Start, int End)>();
        for (var at = 0; at < rule.Length; at++)
        {
            if (rule[at] != '-') continue;
            var start = at;
            while (at < rule.Length && rule[at] == '-') at++;
            if (runs.Count < MaxColumns) runs.Add((start, at));
        }

        return runs;
    }

    private static string[] Cut(string line, IReadOnlyList<(int Start, int End)> runs)
    {
        var cells = new string[runs.Count];
        var from = 0;
        for (var i = 0; i < runs.Count; i++)
        {
            var to = i + 1 < runs.Count ? Gap(line, runs[i].End, runs[i + 1].Start) : line.Length;
            to = Math.Min(Math.Max(to, from), line.Length);
            cells[i] = line.Substring(from, to - from).Trim();
            from = to;
        }

        return cells;
    }

    /// <summary>Where the last of the widest blanks between two columns ends.</summary>
    private static int Gap(string line, int from, int to)
    {
        var (best, width, run) = (to, 0, 0);
        for (var at = from; at <= to && at < line.Length; at++)
        {
            run = line[at] == ' ' ? run + 1 : 0;
            if (run > 0 && run >= width) (best, width) = (at + 1, run);
        }

        return best;
    }
}
