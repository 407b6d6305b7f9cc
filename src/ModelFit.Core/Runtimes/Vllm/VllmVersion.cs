using System.Globalization;

namespace ModelFit.Runtimes.Vllm;

/// <summary>A version of vLLM, as far as its rules depend on it: the second number while the first is 0.</summary>
/// <param name="Minor">The second number; <see cref="int.MaxValue"/> for what is newer than all that are known.</param>
internal readonly record struct VllmVersion(int Minor)
{
    private static readonly Regex Numbers = new(@"^v?0\.(\d+)(?!\d|\.dev)");

    /// <summary>Tokens are printed as concurrency times length.</summary>
    public const int CountsByConcurrency = 21;

    /// <summary>CUDA graphs are taken off the share (VLLM_MEMORY_PROFILER_ESTIMATE_CUDAGRAPHS by default).</summary>
    public const int ChargesGraphs = 21;

    /// <summary>Its binaries need compute capability 7.5.</summary>
    public const int DropsVolta = 23;

    /// <summary>The default share is 0.92.</summary>
    public const int LargerShare = 21;

    /// <summary>The sampler of the trial run no longer sorts the logits.</summary>
    public const int LeanSampler = 17;

    /// <summary>Workspaces of the experts' kernels are kept from the first pass on.</summary>
    public const int KeepsWorkspaces = 13;

    /// <summary>Hybrids cache prefixes by default, which takes a second state of every request.</summary>
    public const int CachesStates = 26;

    /// <summary>Communication keeps larger buffers.</summary>
    public const int LargerBuffers = 18;

    /// <summary>Whether the cache of all layers is asked of every stage.</summary>
    public bool ChecksAllLayers => Minor is 14 or 15;

    public static VllmVersion Newest { get; } = new(int.MaxValue);

    /// <summary>Whether it is 0.<paramref name="minor"/> or newer.</summary>
    public bool IsAtLeast(int minor) => Minor >= minor;

    /// <summary>
    /// Reads a version (<c>0.19.1</c>, <c>v0.11.0</c>, <c>0.10</c>); what is built from a branch (<c>0.1.dev1</c>,
    /// <c>main</c>) is taken for the newest.
    /// </summary>
    public static VllmVersion Parse(string? text)
    {
        if (text is null) return Newest;
        var match = Numbers.Match(text.Trim());
        return match.Success && int.TryParse(
            match.Groups[1].Value, NumberStyles.None, CultureInfo.InvariantCulture, out var minor)
                ? new VllmVersion(minor)
                : Newest;
    }
}
