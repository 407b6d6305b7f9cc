namespace ModelFit.Placement;

/// <summary>What an engine that fills its share of the cards with cache has for it.</summary>
/// <param name="Bytes">Bytes on all cards of one copy of the model.</param>
/// <param name="Tokens">Tokens of one copy.</param>
/// <param name="Concurrency">Requests of the asked length that one copy holds at once.</param>
/// <param name="Share">The share of each card.</param>
/// <param name="Sequences">Most sequences of a batch.</param>
/// <param name="BatchedTokens">Most tokens of a batch.</param>
internal sealed record CacheCapacity(
    long Bytes, long Tokens, double Concurrency, double Share, int Sequences, int BatchedTokens)
{
    /// <summary>The concurrency in hundredths, as engines print it.</summary>
    public double RoundedConcurrency => Math.Round(Concurrency, 2);
}
