namespace ModelFit.Catalog;

/// <summary>
/// What is loaded beside a model: the projector that encodes images or sound, and what drafts tokens. They are
/// constants of the model, whatever its quantization.
/// </summary>
internal static class Companions
{
    private static readonly string[] Heads = { "eagle", "dflash", "dspark", "mtp", "assistant" };

    /// <summary>The types of projectors by how often they are loaded: llama.cpp's converter writes F16.</summary>
    private static readonly string[] Types = { "F16", "BF16", "Q8_0", "F32" };

    /// <summary>
    /// The projector of a model by its catalog id: of the repository if it has one, else of any; null if none is known.
    /// </summary>
    public static PublishedFile? Projector(string model, string? repository = null) =>
        First("Projector", model, repository);

    /// <summary>Whether a projector for pictures is published of a model; of one for audio the name says so.</summary>
    public static bool Sees(string model) => Projector(model) is { } file
        && file.File?.IndexOf("audio", StringComparison.OrdinalIgnoreCase) is null or < 0;

    /// <summary>
    /// What drafts tokens for a model by its catalog id, likewise. Where the model's own file has the layers for it,
    /// no other is needed.
    /// </summary>
    public static PublishedFile? Draft(string model, string? repository = null) => First("Draft", model, repository);

    /// <summary>
    /// Whether a name is one of a head that drafts for a model (EAGLE-3, DFlash, Gemma 4's assistant): its dimensions
    /// are not the model's.
    /// </summary>
    public static bool IsDraftHead(string name) => name.ToLowerInvariant().Split('-', '_', '.', '/', '\\', ' ')
        .Any(part => Heads.Any(head => part.StartsWith(head, StringComparison.Ordinal)));

    private static PublishedFile? First(string kind, string model, string? repository)
    {
        var files = PublishedCatalog.FilesOf(model).Where(file => file.Kind == kind && file.FileBytes > 0).ToArray();
        var own = files.Where(file => string.Equals(file.Repository, repository, StringComparison.OrdinalIgnoreCase));
        return Best(own) ?? Best(files);
    }

    private static PublishedFile? Best(IEnumerable<PublishedFile> files) => files
        .OrderBy(file => (uint)Array.IndexOf(Types, file.Quantization))
        .ThenByDescending(file => file.IsExactSize)
        .FirstOrDefault();
}
