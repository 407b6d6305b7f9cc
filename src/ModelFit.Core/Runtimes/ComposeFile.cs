using System.Text.RegularExpressions;

namespace ModelFit.Runtimes;

/// <summary>
/// The service of a compose file, or the container of Kubernetes, that runs a model, as the words of
/// <c>docker run</c>. What is read of YAML is what such files have: maps and lists by indentation, quoted and folded
/// text, lists in brackets.
/// </summary>
internal static class ComposeFile
{
    private const RegexOptions Lines = RegexOptions.Multiline;

    private static readonly Regex Image = new(@"^(\s+(?:- )?)image:\s*[""']?([^\s""'#]+)", Lines);
    private static readonly Regex Item = new(@"""[^""]*""|'[^']*'|[^\s,\[\]][^,\[\]]*");
    private static readonly Regex Named = new(@"name: ?""?(\w+)""?\nvalue:(.+)");
    private static readonly Regex Substitute = new(@"\$\{(\w+)(?::?[-?]([^}]*))?\}");
    private static readonly string[] Known = { "vllm", "llama.cpp", "ollama", "sglang" };

    /// <summary>Whether a text is a compose file.</summary>
    public static bool Is(string text) => Image.IsMatch(text);

    /// <summary>The words of its first service whose image is known, or of its first service.</summary>
    public static IReadOnlyList<string> Words(string text)
    {
        var images = Image.Matches(text).Cast<Match>().ToArray();
        var image = Array.Find(images, match => Known.Any(match.Value.Contains)) ?? images[0];
        var service = Service(text, image.Index, image.Groups[1].Value.Trim('\r', '\n').Length);
        var words = new List<string> { "docker", "run" };
        var named = Named.Matches(string.Join("\n", service.Select(line => line.Trim()))).Cast<Match>()
            .Select(pair => pair.Groups[1].Value + "=" + Clean(pair.Groups[2].Value));
        foreach (var variable in Items(service, "environment").Concat(named))
        {
            words.Add("-e");
            words.Add(variable);
        }

        var devices = Items(service, "device_ids");
        if (devices.Count > 0) words.Add("--gpus=device=" + string.Join(",", devices));
        // Kubernetes calls the entry point so where it has arguments too.
        var arguments = Items(service, "args", splitsText: true);
        var entry = Items(service, arguments.Count > 0 ? "command" : "entrypoint");
        if (entry.Count > 0) words.Add("--entrypoint=" + string.Join(" ", entry));
        words.Add(Filled(image.Groups[2].Value));
        words.AddRange(arguments.Count > 0 ? arguments : Items(service, "command", splitsText: true));
        return words;
    }

    /// <summary>The lines around an image that are as deep as it or deeper.</summary>
    private static string[] Service(string text, int index, int depth)
    {
        var lines = text.Replace("\r", string.Empty).Split('\n');
        var at = text.Substring(0, index).Count(mark => mark == '\n');
        while (at < lines.Length && lines[at].IndexOf("image:", StringComparison.Ordinal) < 0) at++;
        bool Belongs(int line) => lines[line].Trim().Length == 0 || DepthOf(lines[line]) >= depth;
        var (first, last) = (at, at);
        while (first > 0 && Belongs(first - 1)) first--;
        while (last + 1 < lines.Length && Belongs(last + 1)) last++;
        return lines.Skip(first).Take(last - first + 1).ToArray();
    }

    /// <summary>The items under a key: of a list, <c>NAME=value</c> of a map, the words of a text.</summary>
    private static IReadOnlyList<string> Items(string[] service, string key, bool splitsText = false)
    {
        var at = Array.FindIndex(service, line => line.Trim().StartsWith(key + ":", StringComparison.Ordinal));
        if (at < 0) return Array.Empty<string>();
        var text = service[at].Trim().Substring(key.Length + 1).Trim();
        if (text.StartsWith("[", StringComparison.Ordinal))
        {
            var list = string.Join(" ", service.Skip(at + 1).Prepend(text)).Split(']')[0];
            return Item.Matches(list).Cast<Match>().Select(item => Clean(item.Value)).ToArray();
        }

        var depth = DepthOf(service[at]);
        var below = service.Skip(at + 1)
            .TakeWhile(line => line.Trim().Length == 0 || DepthOf(line) > depth
                || (DepthOf(line) == depth && line.TrimStart().StartsWith("- ", StringComparison.Ordinal)))
            .Select(line => line.Trim())
            .Where(line => line.Length > 0 && line[0] != '#')
            .ToArray();
        if (text.Length > 0 && text[0] is not ('>' or '|'))
            return splitsText ? ShellWords.Split(Filled(text + " " + string.Join(" ", below))) : new[] { Clean(text) };
        if (below.Length > 0 && below[0].StartsWith("-", StringComparison.Ordinal) && text.Length == 0)
            return below.Select(line => Clean(line.Substring(1))).ToArray();
        if (splitsText) return ShellWords.Split(Filled(string.Join(" ", below.Select(line => line.TrimEnd('\\')))));
        return below.Select(line => line.IndexOf(':') is > 0 and var split
            ? Clean(line.Substring(0, split)) + "=" + Clean(line.Substring(split + 1))
            : Clean(line)).ToArray();
    }

    private static int DepthOf(string line) => line.Length - line.TrimStart().Length;

    private static string Clean(string text)
    {
        var trimmed = text.Trim();
        var isQuoted = trimmed.Length > 1 && trimmed[0] is '"' or '\'' && trimmed[trimmed.Length - 1] == trimmed[0];
        return Filled(isQuoted ? trimmed.Substring(1, trimmed.Length - 2) : trimmed);
    }

    /// <summary>With the defaults of variables in their places.</summary>
    private static string Filled(string text) => Substitute.Replace(text, match => match.Groups[2].Value);
}
