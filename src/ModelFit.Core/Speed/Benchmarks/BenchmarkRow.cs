namespace ModelFit.Speed.Benchmarks;

/// <summary>One measurement of speed as a benchmark wrote it; null is what it does not say.</summary>
internal sealed record BenchmarkRow
{
    /// <summary>The model: the file, or the name that was printed.</summary>
    public string? Model { get; init; }

    /// <summary>The cards as text, joined by <c> + </c>.</summary>
    public string? Gpu { get; init; }

    /// <summary>The backend as printed, for example <c>CUDA</c>.</summary>
    public string? Backend { get; init; }

    /// <summary>Whether tokens were written, and not a prompt read.</summary>
    public bool IsDecode { get; init; }

    /// <summary>Tokens of the prompt, or written by each sequence.</summary>
    public int Tokens { get; init; }

    /// <summary>Tokens already in the cache of each sequence.</summary>
    public int Depth { get; init; }

    /// <summary>Sequences that were written at the same time.</summary>
    public int Users { get; init; } = 1;

    /// <summary>Micro-batch in tokens.</summary>
    public int? MicroBatch { get; init; }

    /// <summary>Whether flash attention was on.</summary>
    public bool? FlashAttention { get; init; }

    /// <summary>The program that was measured, as its command is called; null is llama.cpp.</summary>
    public string? Program { get; init; }

    /// <summary>Tokens a second of each sequence, or of the prompt.</summary>
    public double TokensPerSecond { get; init; }
}
