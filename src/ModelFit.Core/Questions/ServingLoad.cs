namespace ModelFit;

/// <summary>What is asked of a model that runs: how many sequences, at which depth, under which power limit.</summary>
public sealed record ServingLoad
{
    /// <summary>Tokens of a prompt where nobody says.</summary>
    public const int DefaultPromptLength = 512;

    /// <summary>The load of one user with an empty cache.</summary>
    public static ServingLoad Default { get; } = new();

    /// <summary>Sequences that generate at the same time.</summary>
    public int ActiveSequences { get; init; } = 1;

    /// <summary>Tokens already in the cache of each sequence.</summary>
    public int UsedContext { get; init; }

    /// <summary>Tokens of the prompt that is read before the first token is written.</summary>
    public int PromptLength { get; init; } = DefaultPromptLength;

    /// <summary>Watts that each card may draw; null is its own limit.</summary>
    public int? PowerLimit { get; init; }

    /// <summary>Bytes a second that the disk with the model file reads; null is assumed.</summary>
    public long? DiskBandwidth { get; init; }

    /// <summary>Tokens a second that each sequence must reach; null asks for nothing.</summary>
    public double? MinimumTokensPerSecond { get; init; }
}
