using ModelFit.Memory;

namespace ModelFit.Runtimes.Serving;

/// <summary>What is left for the cache of one copy of a model.</summary>
/// <param name="CacheBytes">Bytes on all its cards.</param>
/// <param name="Tokens">Tokens, as the engine prints them.</param>
/// <param name="Concurrency">Requests of the asked length at once.</param>
/// <param name="Pages">Pages of the card that has the fewest; 0 where the engine has none.</param>
internal sealed record ServedCapacity(long CacheBytes, long Tokens, double Concurrency, long Pages);

/// <summary>The memory of an engine on the cards of one copy of a model, whatever part of them it may take.</summary>
internal abstract class ServedEstimate
{
    /// <summary>Most sequences of a batch.</summary>
    public abstract int Sequences { get; }

    /// <summary>Most tokens of a batch.</summary>
    public abstract int BatchedTokens { get; }

    /// <summary>Bytes that the fullest card needs for so many requests of the asked length.</summary>
    public abstract long NeededBytes(int requests);

    /// <summary>What is left for the cache where each card may give so many bytes.</summary>
    public abstract ServedCapacity Capacity(long shareBytes);

    /// <summary>The longest request, up to a length, of which the cache holds so many; 0 if it holds none.</summary>
    public abstract int LongestContext(long shareBytes, int most, int requests);

    /// <summary>The memory of each card with so many requests, and of the host.</summary>
    public abstract MemoryEstimate Memory(int requests, int cards);

    /// <summary>Pages that hold recurrent states, of which every sequence needs one; null without such.</summary>
    public virtual long? StateBlocks(ServedCapacity capacity) => null;
}
