namespace ModelFit.Quantization;

/// <summary>Repositories whose files have the output apart though the model ties it to the embeddings.</summary>
internal static class OutputsApart
{
    /// <summary>Qwen's own files of Qwen2.5: those of 0.5B to 3B are 9 to 21 % larger by it.</summary>
    private const string Qwen = "Qwen/Qwen2.5-";

    /// <summary>Whether the files of a repository have it.</summary>
    public static bool In(string? repository) =>
        repository?.StartsWith(Qwen, StringComparison.OrdinalIgnoreCase) == true;
}
