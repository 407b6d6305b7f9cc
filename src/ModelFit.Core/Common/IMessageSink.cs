namespace ModelFit;

/// <summary>Where Core says what it looked up and assumed, and what failed beside an answer that stands.</summary>
public interface IMessageSink
{
    /// <summary>What was looked up or assumed, as a sentence with the values.</summary>
    void Verbose(string message);

    /// <summary>What failed although an answer follows, as a sentence with the cause.</summary>
    void Warning(string message);
}

/// <summary>A sink that forgets.</summary>
public sealed class NullSink : IMessageSink
{
    /// <summary>The one instance.</summary>
    public static NullSink Instance { get; } = new();

    private NullSink()
    {
    }

    /// <inheritdoc/>
    public void Verbose(string message)
    {
    }

    /// <inheritdoc/>
    public void Warning(string message)
    {
    }
}
