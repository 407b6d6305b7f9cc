using System.Diagnostics;
using System.Globalization;
using System.Text;
using ModelFit.Common;
using ModelFit.Runtimes;

namespace ModelFit.Binding;

/// <summary>
/// The launch line of a running process, word by word with its variables, where the system shows them as files (Linux).
/// Elsewhere the process has a property CommandLine, in which words are joined.
/// </summary>
internal static class ProcessLine
{
    /// <summary>Longer than Linux lets a line and its variables be.</summary>
    private const int MaxBytes = 8 << 20;

    /// <summary>What the process was started with; null if it cannot be read.</summary>
    public static LaunchLine? Read(Process process, IMessageSink messages)
    {
        var folder = "/proc/" + process.Id.ToString(CultureInfo.InvariantCulture);
        if (Words(folder + "/cmdline") is not { Count: > 0 } words) return null;
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var word in Words(folder + "/environ") ?? Array.Empty<string>())
        {
            var split = word.IndexOf('=');
            if (split > 0) variables[word.Substring(0, split)] = word.Substring(split + 1);
        }

        return LaunchReader.Parse(words, variables, messages);
    }

    private static IReadOnlyList<string>? Words(string file)
    {
        if (FileOpener.OfSystem(file, MaxBytes) is not { } bytes) return null;
        return Encoding.UTF8.GetString(bytes).Split(new[] { '\0' }, StringSplitOptions.RemoveEmptyEntries);
    }
}
