namespace ModelFit.Graph;

/// <summary>An operation over shapes that do not go together, at which llama.cpp ends.</summary>
internal sealed class ShapeException : GraphException
{
    public ShapeException(Dims a, Dims b)
        : base($"shapes {a} and {b} do not go together")
    {
    }
}
