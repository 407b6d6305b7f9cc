using System.Globalization;

namespace ModelFit.Hardware.Remote;

/// <summary>
/// The models that a machine stores and the programs that serve them: a further part of the script, and how its answer
/// is read. Of processes only the names of programs are sent, never their arguments, which may hold keys.
/// </summary>
internal static class RemoteModels
{
    /// <summary>What is run before the end of the script.</summary>
    public const string Text = """
        printf '=== !models\n'
        for d in "$OLLAMA_MODELS" "$HOME/.ollama/models" /usr/share/ollama/.ollama/models /var/lib/ollama/models; do
          [ -n "$d" ] && [ -d "$d/manifests" ] && find "$d/manifests" -type f 2>/dev/null | head -n 2000 |
          while IFS= read -r m; do printf ' Ollama\t%s\t%s\n' "${m#"$d/manifests/"}" \
            "$(head -c 65536 "$m" | tr -d '\n ' | sed 's/},/\n/g' | grep 'ollama.image.model"' |
            sed -n 's/.*"size":\([0-9]*\).*/\1/p' | head -n 1)"; done; done
        for d in "$LLAMA_CACHE" "$HOME/.cache/llama.cpp" "$HOME/.cache/huggingface/hub" "$HF_HOME/hub" \
          "$HOME/.lmstudio/models" "$HOME/.cache/lm-studio/models" "$HOME/models" /models /srv/models /opt/models; do
          [ -n "$d" ] && [ -d "$d" ] && find -L "$d" -name '*.gguf' -type f 2>/dev/null | head -n 2000 |
          while IFS= read -r m; do printf ' File\t%s\t%s\n' "$m" "$(wc -c <"$m" 2>/dev/null)"; done; done
        printf '=== !serving\n'
        ps -eo args= 2>/dev/null | grep -v grep | grep -oE \
          '(^|/)(ollama serve|ollama runner|llama-server|llama-swap|vllm serve|lms server|lm-studio|koboldcpp)|sglang.launch_server|vllm.entrypoints|mlx_lm.server' |
          sed 's/^/ /' | sort -u
        printf '=== !listening\n'
        cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" { print " " $2 }'
        """;

    /// <summary>
    /// Programs by a part of how they are called, and the port that each listens on if nobody says another.
    /// </summary>
    private static readonly (string Part, string Program, int Port)[] Programs =
    {
        ("ollama", "ollama", 11434), ("llama-server", "llama-server", 8080), ("llama-swap", "llama-swap", 8080),
        ("vllm", "vllm", 8000), ("lms server", "lmstudio", 1234), ("lm-studio", "lmstudio", 1234),
        ("koboldcpp", "koboldcpp", 5001), ("sglang", "sglang", 30000), ("mlx_lm", "mlx_lm", 8080),
    };

    /// <summary>The models, each once.</summary>
    public static InstalledModel[] Models(RemoteAnswer answer) => Lines(answer, "models")
        .Select(line => line.Split('\t'))
        .Where(parts => parts.Length == 3 && parts[1].Length > 0)
        .Select(parts => new InstalledModel(parts[0], parts[0] == "Ollama" ? Tag(parts[1]) : parts[1], Size(parts[2])))
        .GroupBy(model => (model.Store, model.Name)).Select(group => group.First()).ToArray();

    /// <summary>The programs with their usual ports where something listens there.</summary>
    public static ServingRuntime[] Runtimes(RemoteAnswer answer, string? computer)
    {
        var ports = new HashSet<int>(Lines(answer, "listening").Select(Port));
        var running = Lines(answer, "serving").ToArray();
        return Programs
            .Where(program => running.Any(line => line.Contains(program.Part)))
            .Select(program => (program.Program, Port: ports.Contains(program.Port) ? program.Port : (int?)null))
            .Distinct()
            .Select(found => new ServingRuntime { ComputerName = computer, Name = found.Program, Port = found.Port })
            .ToArray();
    }

    private static IEnumerable<string> Lines(RemoteAnswer answer, string section) =>
        (answer.Output(section) ?? string.Empty).Split('\n').Where(line => line.Trim().Length > 0);

    /// <summary>A manifest's path as Ollama shows it: <c>qwen3:8b</c>.</summary>
    private static string Tag(string path)
    {
        var parts = path.Split('/');
        if (parts.Length < 4) return path;
        var model = string.Join("/", parts.Skip(parts[0] == "registry.ollama.ai" ? 1 : 0).Take(
            parts.Length - 1 - (parts[0] == "registry.ollama.ai" ? 1 : 0)));
        const string library = "library/";
        if (model.StartsWith(library, StringComparison.Ordinal)) model = model.Substring(library.Length);
        return model + ":" + parts[parts.Length - 1];
    }

    private static long? Size(string text) =>
        long.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes : null;

    /// <summary>The port of a local address as Linux writes it: <c>0100007F:2CAA</c>.</summary>
    private static int Port(string address) => int.TryParse(
        address.Trim().Split(':').Last(), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var port)
            ? port
            : 0;
}
