namespace ModelFit.Runtimes;

/// <summary>What a container is started with: <c>docker run</c> and its kin, taken apart.</summary>
/// <param name="Words">The program and its words.</param>
/// <param name="Variables">Variables that are set in it.</param>
/// <param name="Version">The version in the image's tag; null if the tag is none.</param>
/// <param name="Backend">The backend in the image's tag; null if it does not say.</param>
internal sealed record ContainerLine(
    IReadOnlyList<string> Words, IReadOnlyDictionary<string, string> Variables, string? Version,
    ComputeBackend? Backend)
{
    private static readonly HashSet<string> Programs = new(StringComparer.Ordinal) { "docker", "podman", "nerdctl" };

    private static readonly HashSet<string> Switches = new(StringComparer.Ordinal)
    {
        "-d", "-i", "-t", "-it", "-ti", "-dit", "-itd", "-P", "--detach", "--interactive", "--tty", "--rm",
        "--privileged", "--init", "--read-only", "--publish-all", "--no-healthcheck", "--sig-proxy", "--quiet", "-q",
    };

    /// <summary>Images whose entry point is a program, by a part of their names.</summary>
    private static readonly (string Part, string Program)[] Images =
    {
        ("vllm", "vllm"), ("llama.cpp:light", "llama-cli"), ("llama.cpp", "llama-server"), ("ollama", "ollama"),
        ("sglang", "sglang"), ("koboldcpp", "koboldcpp"),
    };

    /// <summary>What the full image of llama.cpp starts by its first word (.devops/tools.sh).</summary>
    private static readonly Dictionary<string, string> Tools = new(StringComparer.Ordinal)
    {
        ["--server"] = "llama-server", ["-s"] = "llama-server", ["--run"] = "llama-cli", ["-r"] = "llama-cli",
        ["--run-legacy"] = "llama-completion", ["-l"] = "llama-completion", ["--bench"] = "llama-bench",
        ["-b"] = "llama-bench", ["--perplexity"] = "llama-perplexity", ["-p"] = "llama-perplexity",
    };

    /// <summary>Backends of llama.cpp's images (docs/docker.md); the processor where the tag has none.</summary>
    private static readonly (string Part, ComputeBackend? Backend)[] Backends =
    {
        ("cuda", ComputeBackend.Cuda), ("vulkan", ComputeBackend.Vulkan), ("rocm", ComputeBackend.Hip),
        ("musa", null), ("intel", null), ("openvino", null), ("cann", null), (string.Empty, ComputeBackend.Cpu),
    };

    private static readonly Regex OfLlama = new(@"ggml-org/llama\.cpp:(?:full|light|server)(.*)$");
    private static readonly Regex Numbers = new(@":v?(0\.\d+(?:\.\d+)?)(?:$|[-+])|:.*-(b\d{4,})$");
    private static readonly Regex Devices = new(@"device=([-0-9A-Za-z,]+)");

    /// <summary>Takes a line apart; null if it starts no container.</summary>
    public static ContainerLine? Of(IReadOnlyList<string> words)
    {
        var start = 0;
        while (start < words.Count && words[start] is "sudo" or "exec") start++;
        if (start + 1 >= words.Count || !Programs.Contains(LaunchLine.ProgramName(words[start]))) return null;
        var run = start + 1;
        if (words[run] == "container") run++;
        if (run >= words.Count || words[run] is not ("run" or "create")) return null;
        return Read(words.Skip(run + 1).ToArray());
    }

    private static ContainerLine? Read(string[] words)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        string? entry = null;
        var i = 0;
        for (; i < words.Length && words[i].StartsWith("-", StringComparison.Ordinal); i++)
        {
            if (Switches.Contains(words[i])) continue;
            var split = words[i].IndexOf('=');
            var isJoined = split > 0 && words[i].StartsWith("--", StringComparison.Ordinal);
            var name = isJoined ? words[i].Substring(0, split) : words[i];
            var value = isJoined ? words[i].Substring(split + 1) : i + 1 < words.Length ? words[++i] : string.Empty;
            if (name is "-e" or "--env") Add(variables, value);
            if (name == "--entrypoint") entry = value;
            if (name == "--gpus" && Devices.Match(value) is { Success: true } match)
                variables["CUDA_VISIBLE_DEVICES"] = match.Groups[1].Value;
        }

        if (i >= words.Length) return null;
        var image = words[i++];
        var rest = words.Skip(i).ToList();
        var program = entry ?? Images.FirstOrDefault(known => image.Contains(known.Part)).Program;
        if (rest.Count > 0 && image.Contains("llama.cpp:full") && Tools.TryGetValue(rest[0], out var tool))
            rest[0] = tool;
        var isNamed = entry is null && rest.Count > 0 && LaunchReader.IsProgram(rest[0]);
        if (program is not null && !isNamed) rest.InsertRange(0, program.Split(' '));
        var version = Numbers.Match(image) is { Success: true } tag ? tag.Groups[1].Value + tag.Groups[2].Value : null;
        ComputeBackend? backend = OfLlama.Match(image) is { Success: true } own
            ? Backends.First(row => own.Groups[1].Value.Contains(row.Part)).Backend
            : null;
        return new(rest, variables, version, backend);
    }

    private static void Add(Dictionary<string, string> variables, string text)
    {
        var split = text.IndexOf('=');
        if (split > 0) variables[text.Substring(0, split)] = text.Substring(split + 1);
    }
}
