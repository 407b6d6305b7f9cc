using System;

namespace ModelFit.Graph;

/// <summary>A header that no graph can be built from; never leaves the Memory room.</summary>
internal class GraphException : Exception
{
    public GraphException(string message)
        : base(message)
    {
    }
}
