using ModelFit.Answers;

namespace ModelFit;

/// <summary>The verdict on one question: the question restated, the answer, and what else would work.</summary>
public sealed class ModelFitResult : HardwareAnswer
{
    internal ModelFitResult(FitQuestion question)
        : base(question)
    {
    }

    /// <summary><c>Free</c> where detected free memory was counted, else <c>Total</c>.</summary>
    public string? MemoryBasis { get; internal init; }

    /// <summary><c>Fits</c>, <c>Tight</c>, <c>Offload</c>, <c>NoFit</c> or <c>Unknown</c>.</summary>
    public string Verdict { get; internal init; } = string.Empty;

    /// <summary>All of it is in GPU memory with the reserve kept; null where a size is not known.</summary>
    public bool? Fits { get; internal init; }

    /// <summary>Bytes of GPU memory that all of it would take, overheads included, the reserve not.</summary>
    public long? RequiredBytes { get; internal init; }

    /// <summary>Bytes of GPU memory there are.</summary>
    public long? AvailableBytes { get; internal init; }

    /// <summary>Bytes available minus required; negative is the deficit.</summary>
    public long? HeadroomBytes { get; internal init; }

    /// <summary>Bytes of all weights.</summary>
    public long? WeightBytes { get; internal init; }

    /// <summary>Bytes of KV cache and recurrent state.</summary>
    public long? KvCacheBytes { get; internal init; }

    /// <summary>
    /// Bytes of cache that vLLM has on all cards of one copy of the model; null for runtimes that reserve what was
    /// asked for.
    /// </summary>
    public long? KvCacheCapacityBytes { get; internal init; }

    /// <summary>Tokens that this cache holds, as the version prints them.</summary>
    public long? KvCacheCapacityTokens { get; internal init; }

    /// <summary>Requests of the asked length that this cache holds at once.</summary>
    public double? MaxConcurrency { get; internal init; }

    /// <summary>Bytes of compute buffers.</summary>
    public long? ComputeBytes { get; internal init; }

    /// <summary>Bytes outside llama.cpp's books and of files beside the model.</summary>
    public long? OverheadBytes { get; internal init; }

    /// <summary>
    /// Bytes of weights and cache that stay in system memory although all layers are on the GPUs: what
    /// <see cref="RequiredBytes"/> has less than weights, cache, compute buffers and overhead together.
    /// </summary>
    public long? HostWeightBytes { get; internal init; }

    /// <summary>Layers on the GPUs in the best plan, the output layer counted; null if nothing fits.</summary>
    public int? GpuLayers { get; internal init; }

    /// <summary>All layers, the output layer counted.</summary>
    public int? TotalLayers { get; internal init; }

    /// <summary>Expected tokens a second of each active sequence; null if nothing fits.</summary>
    public double? DecodeTokensPerSecond { get; internal init; }

    /// <summary>One of ten measurements is slower.</summary>
    public double? DecodeTokensPerSecondLow { get; internal init; }

    /// <summary>One of ten measurements is faster.</summary>
    public double? DecodeTokensPerSecondHigh { get; internal init; }

    /// <summary>Expected tokens a second of all active sequences together.</summary>
    public double? TotalTokensPerSecond { get; internal init; }

    /// <summary>Expected tokens a second that the prompt is read with; null if nothing fits.</summary>
    public double? PrefillTokensPerSecond { get; internal init; }

    /// <summary>One of ten measurements is slower.</summary>
    public double? PrefillTokensPerSecondLow { get; internal init; }

    /// <summary>One of ten measurements is faster.</summary>
    public double? PrefillTokensPerSecondHigh { get; internal init; }

    /// <summary>Expected seconds from the prompt to the first token.</summary>
    public double? TimeToFirstTokenSeconds { get; internal init; }

    /// <summary>
    /// What most of a token's time is spent on: <c>Bandwidth</c>, <c>Compute</c>, <c>Launch</c>, <c>HostMemory</c>,
    /// <c>Link</c> or <c>Queue</c>.
    /// </summary>
    public string? Bottleneck { get; internal init; }

    /// <summary>The device that most of it is spent on: a card, or <c>System memory</c>.</summary>
    public string? BottleneckDevice { get; internal init; }

    /// <summary>What the speed rests on: how many cards and rows of each class were measured.</summary>
    public string? SpeedBasis { get; internal init; }

    /// <summary>
    /// Whether the expected speed is the least asked for; null if none was asked for, or it is not known.
    /// </summary>
    public bool? MeetsSpeed { get; internal init; }

    /// <summary>Joules a token at the cards' power limits; null where a limit is not known.</summary>
    public double? JoulesPerToken { get; internal init; }

    /// <summary>Seconds to load the weights from disk; null if nothing fits.</summary>
    public double? LoadSeconds { get; internal init; }

    /// <summary>The card's facts in a line; null without a GPU.</summary>
    public string? GpuDescription { get; internal init; }

    /// <summary>One sentence with the numbers.</summary>
    public string Reason { get; internal init; } = string.Empty;

    /// <summary>Tokens a sequence can hold at most with the quantization; null if none. Lazy.</summary>
    public int? MaxContextLength => Searches?.Value.MaxContextLength();

    /// <summary>Most sequences at this context; null if none. Lazy.</summary>
    public int? MaxParallelSequences => Searches?.Value.MaxParallelSequences();

    /// <summary>Largest quantization that fits; null if none. Lazy.</summary>
    public string? LargestQuantization => Searches?.Value.LargestQuantization();

    /// <summary>What else would work, a line each with the command to run, each checked; null if none. Lazy.</summary>
    public string? Advice => Searches?.Value.Advice();

    /// <summary>Place in the ranking of Find-ModelFit, from 1.</summary>
    public int? Rank { get; internal init; }

    /// <summary>
    /// What the model is for: <c>Chat</c>, <c>Code</c>, <c>Vision</c> and so on, as <see cref="ModelSpec.Kind"/>.
    /// </summary>
    public string? Kind { get; internal init; }

    /// <summary>Number of parameters of the model.</summary>
    public long? ParameterCount { get; internal init; }

    /// <summary>Increase of perplexity of the quantization over F16, in percent.</summary>
    public double? QualityLoss { get; internal init; }

    /// <summary>The searches behind the lazy properties; each memoizes its answer.</summary>
    internal Lazy<IResultSearches>? Searches { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Reason;

    /// <summary>The same answer for another computer of the same kind; what is searched for lazily is shared.</summary>
    internal ModelFitResult For(string? computer)
    {
        var answer = (ModelFitResult)MemberwiseClone();
        if (computer is not null && Question.Machine is { } machine)
            answer.Question = Question with { Machine = machine with { ComputerName = computer } };
        return answer;
    }
}
