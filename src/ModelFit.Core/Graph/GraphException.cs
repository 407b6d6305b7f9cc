namespace ModelFit.Graph;

/// <summary>
/// A header that no graph can be built from: the only thing that a strange model may cause. Whatever else is thrown
/// while a graph is built is a mistake of ours.
/// </summary>
internal class GraphException(string message) : Exception(message);

/// <summary>An operation over shapes that do not go together, at which llama.cpp ends.</summary>
internal sealed class ShapeException(Dims a, Dims b) : GraphException($"shapes {a} and {b} do not go together");
