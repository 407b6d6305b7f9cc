using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Runtimes;

/// <summary>
/// The words and variables of a program that are known not to matter to what a start allocates: logs, threads,
/// sampling, templates, routes, caches in system memory that grow while requests run. Sources: common/arg.cpp and the
/// variables of llama.cpp of September 2026; envconfig/config.go and api/types.go of Ollama; vllm/engine/arg_utils.py
/// and envs.py; srt/server_args.py of SGLang; mlx_lm/server.py and generate.py.
/// </summary>
internal sealed class OtherWords
{
    /// <summary>All words up to the next option are values.</summary>
    public const int All = int.MaxValue;

    private static readonly Lazy<ILookup<string, string[]>> Rows = new(() =>
        EmbeddedText.Rows("other-words.tsv").ToLookup(cells => cells[0], StringComparer.Ordinal));

    private readonly Dictionary<string, int> _values = new(StringComparer.Ordinal);
    private readonly HashSet<string> _variables = new(StringComparer.Ordinal);

    private OtherWords(IEnumerable<string[]> rows)
    {
        foreach (var row in rows)
        {
            var values = row[3] == "*" ? All : int.Parse(row[3], CultureInfo.InvariantCulture);
            foreach (var name in Split(row[1])) _values.Add(name, values);
            _variables.UnionWith(Split(row[2]));
        }
    }

    /// <summary>Those of a program, as the table names it.</summary>
    public static OtherWords Of(string program) => new(Rows.Value[program]);

    /// <summary>How many values follow a word; null if it is none of these.</summary>
    public int? ValuesOf(string word) => _values.TryGetValue(word, out var values) ? values : null;

    /// <summary>Whether a variable is one of these.</summary>
    public bool HasVariable(string name) => _variables.Contains(name);

    private static string[] Split(string cell) => cell.Split(new[] { ' ' }, StringSplitOptions.RemoveEmptyEntries);
}
