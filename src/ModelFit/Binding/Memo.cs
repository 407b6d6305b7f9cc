namespace ModelFit.Binding;

/// <summary>Remembers what a look-up gave, its failure too, so that ten thousand rows ask it once.</summary>
internal sealed class Memo<TKey, TValue>(IEqualityComparer<TKey>? comparer = null)
    where TKey : notnull
{
    private readonly Dictionary<TKey, (TValue? Value, ModelFitException? Failure)> _known = new(comparer);

    /// <summary>What the key gives; the look-up runs on the first call only.</summary>
    public TValue Get(TKey key, Func<TKey, TValue> lookUp)
    {
        if (!_known.TryGetValue(key, out var outcome))
        {
            try
            {
                outcome = (lookUp(key), null);
            }
            catch (ModelFitException failure)
            {
                outcome = (default, failure);
            }

            _known.Add(key, outcome);
        }

        if (outcome.Failure is not { } known) return outcome.Value!;
        throw new ModelFitException(known.ErrorId, known.Kind, known.Message, known.Target, known);
    }
}
