namespace ModelFit.Tool;

/// <summary>What came of a pipeline, as far as the exit code depends on it.</summary>
internal sealed class Answers
{
    /// <summary>How many objects were emitted.</summary>
    public long Count { get; private set; }

    /// <summary>Whether a truth value among them was no.</summary>
    public bool AnyNo { get; private set; }

    /// <summary>Counts one object.</summary>
    public void Add(object answer)
    {
        Count++;
        AnyNo |= answer is false;
    }
}
