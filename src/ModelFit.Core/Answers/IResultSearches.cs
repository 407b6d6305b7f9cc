namespace ModelFit.Answers;

/// <summary>The searches that a result runs only when they are read.</summary>
internal interface IResultSearches
{
    int? MaxContextLength();

    int? MaxParallelSequences();

    string? LargestQuantization();

    string? Advice();
}

/// <summary>Searches of a result that has none.</summary>
internal sealed class NoSearches : IResultSearches
{
    public static NoSearches Instance { get; } = new();

    public int? MaxContextLength() => null;

    public int? MaxParallelSequences() => null;

    public string? LargestQuantization() => null;

    public string? Advice() => null;
}
