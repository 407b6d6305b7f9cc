namespace ModelFit.Formats;

/// <summary>What a store or a server knows of a model better than its file does.</summary>
/// <param name="Name">The name it has there, or null for the file's own.</param>
/// <param name="Source">Where it comes from, or null for the format of the file.</param>
/// <param name="ParameterCount">Its number of parameters as it was typed, or null.</param>
internal sealed record ModelOrigin(string? Name = null, string? Source = null, long? ParameterCount = null)
{
    /// <summary>Nothing known: a plain file.</summary>
    public static ModelOrigin File { get; } = new();
}
