namespace ModelFit.Speed;

/// <summary>Everything that a prediction is a function of.</summary>
/// <param name="Work">The work of each card in order, and of the host last.</param>
/// <param name="Devices">Their speeds in the same order.</param>
/// <param name="Step">What one decoding step is asked for.</param>
/// <param name="Options">Micro-batch, flash attention, offloaded operations.</param>
/// <param name="Load">Prompt, depth and sequences.</param>
/// <param name="LinkBytesPerSecond">Bytes a second from system memory to the first card.</param>
/// <param name="SharesLayers">Whether the cards share every layer instead of having layers of their own.</param>
internal sealed record SpeedCase(
    TokenWork[] Work,
    DeviceSpeed[] Devices,
    StepLoad Step,
    RuntimeOptions Options,
    ServingLoad Load,
    double LinkBytesPerSecond,
    bool SharesLayers)
{
    /// <summary>How tokens are drafted; null if they are not.</summary>
    public Drafting? Drafting { get; init; }

    /// <summary>Index of the host.</summary>
    public int Host => Work.Length - 1;

    /// <summary>The same case with so many sequences that each get a token.</summary>
    public SpeedCase For(int sequences) => this with { Step = Step with { Sequences = sequences } };

    /// <summary>Whether llama.cpp computes attention in one kernel; what it decides on its own is yes.</summary>
    public bool FlashAttention => Options.FlashAttention != FlashAttentionMode.Off;
}
