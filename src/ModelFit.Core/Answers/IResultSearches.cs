namespace ModelFit.Answers;

/// <summary>The searches that a result runs only when they are read.</summary>
internal interface IResultSearches
{
    int? MaxContextLength();

    int? MaxParallelSequences();

    string? LargestQuantization();

    string? Advice();
}
