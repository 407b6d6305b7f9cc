namespace ModelFit;

/// <summary>
/// What a runtime may choose at its start, to leave free memory on each card (llama.cpp's <c>--fit</c>): the layers on
/// the cards where nothing pins them, and the context where nobody asked for one.
/// </summary>
public sealed record RuntimeFit
{
    /// <summary>Bytes to leave on each card unless the line says otherwise.</summary>
    public const long UsualTargetBytes = 1L << 30;

    /// <summary>Whether the context may be cut.</summary>
    public bool ChoosesContext { get; init; }

    /// <summary>Fewest tokens of each cache that a cut leaves (<c>--fit-ctx</c>).</summary>
    public int MinimumContext { get; init; } = 4096;

    /// <summary>
    /// Bytes to leave on each card (<c>--fit-target</c>), the first as often as there is none; null is usual.
    /// </summary>
    public EquatableArray<long>? TargetBytes { get; init; }

    /// <summary>Whether all cards take part, where one would do (<c>OLLAMA_SCHED_SPREAD</c>).</summary>
    public bool Spreads { get; init; }

    /// <summary>
    /// Bytes of each card that do not count where the context follows from the memory (<c>OLLAMA_GPU_OVERHEAD</c>).
    /// </summary>
    public long WithheldBytes { get; init; }

    /// <summary>Bytes to leave on one card.</summary>
    public long TargetOf(int card) => TargetBytes is not { Count: > 0 } targets ? UsualTargetBytes
        : targets.Count == 1 ? targets[0]
        : card < targets.Count ? targets[card]
        : UsualTargetBytes;
}
