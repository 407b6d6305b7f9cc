namespace ModelFit.Binding;

/// <summary>
/// Lines as they are piped, put together again: one text until another file begins or the pipeline ends, and one for
/// each computer, as the lines of several come mixed from a remote command.
/// </summary>
internal sealed class PipedText
{
    private readonly Dictionary<string, Part> _open = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A text that is whole, with what its lines said of where they come from.</summary>
    public sealed record Whole(string Text, string? Path, string? Computer);

    /// <summary>Takes a line, or several; the text before it if the line is of another file.</summary>
    public Whole? Add(string line, string? path, string? computer)
    {
        var key = computer ?? string.Empty;
        Whole? ended = null;
        if (!_open.TryGetValue(key, out var part) || part.Path != path)
        {
            ended = part?.End(computer);
            _open[key] = part = new Part(path);
        }

        part.Lines.Add(line);
        return ended;
    }

    /// <summary>The texts that the end of the pipeline ends.</summary>
    public IReadOnlyList<Whole> End()
    {
        var ended = _open.Select(entry => entry.Value.End(entry.Key.Length == 0 ? null : entry.Key)).ToList();
        _open.Clear();
        return ended;
    }

    private sealed record Part(string? Path)
    {
        public List<string> Lines { get; } = new();

        public Whole End(string? computer) => new(string.Join("\n", Lines), Shown(Path), computer);

        /// <summary>A path without the name of its provider.</summary>
        private static string? Shown(string? path) =>
            path?.IndexOf("::", StringComparison.Ordinal) is >= 0 and var colons ? path.Substring(colons + 2) : path;
    }
}
