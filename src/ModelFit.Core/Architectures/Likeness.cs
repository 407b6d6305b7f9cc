namespace ModelFit.Architectures;

/// <summary>
/// By what a model that is built like an architecture is recognized: the tensors (their names in a layer, or whole
/// ones) and keys of the header that it has, or with <c>!</c> lacks, separated by spaces. Of several that hold, the one
/// with the lowest rank counts.
/// </summary>
internal sealed record Likeness(int Rank, string Signs);
