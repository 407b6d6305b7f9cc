using System.Globalization;
using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// What a projector takes beside its model: its tensors, and the buffers that llama.cpp reserves for an image of its
/// warm-up size (tools/mtmd/clip.cpp, reserve_compute_meta). The lines of <c>projectors.tsv</c> are what
/// mtmd_get_memory_usage answered for towers of the published dimensions on CUDA, in F16; the tensors reproduce the
/// published files but for their headers.
/// </summary>
internal static class Projectors
{
    /// <summary>How far a file may be from a line's tensors to be of those dimensions in F16.</summary>
    private const double SameShare = 0.001;

    /// <summary>Files of four bits and of 32 beside one of 16, with room for what keeps its type.</summary>
    private const double LeastShare = 0.25, MostShare = 2.1;

    private static readonly Lazy<Row[]> Rows = new(() => EmbeddedText.Rows("projectors.tsv").Select(Read).ToArray());

    /// <summary>The projector that is loaded with a catalog model, by its id; null if none is known.</summary>
    /// <param name="model">The catalog id.</param>
    /// <param name="repository">The repository whose own one is meant, if it has one.</param>
    public static CompanionFile? Of(string model, string? repository)
    {
        if (Companions.Projector(model, repository) is not { FileBytes: { } bytes } file) return null;
        var row = Rows.Value.FirstOrDefault(known => known.Models.IsMatch(model));
        var isSame = row is not null && Math.Abs(bytes - row.TensorBytes) <= SameShare * bytes;
        var path = $"hf://{file.Repository}/{file.File}";
        return new CompanionFile(CompanionKind.Projector, path, isSame ? row!.TensorBytes : bytes)
        {
            ComputeBytes = row?.ComputeBytes,
            HostBytes = row?.HostBytes ?? 0,
        };
    }

    /// <summary>
    /// That a projector is loaded with a model of which none is known, as words; null for a model without encoders, as
    /// far as the catalog or its name tells.
    /// </summary>
    public static string? Missing(ModelSpec model) =>
        ModelCatalog.HasEncoder(model) || ModelDerivatives.SaysSense(model.Name)
        ? $"the projector that is loaded with {model.Name} is not known and not counted"
        : null;

    /// <summary>
    /// A file with the buffers of the model's projector, which are the same for files of every type; as it is where it
    /// is too small or too large to be one of any type.
    /// </summary>
    public static CompanionFile Known(string model, CompanionFile file)
    {
        if (file is not { Kind: CompanionKind.Projector, ComputeBytes: null }) return file;
        var row = Rows.Value.FirstOrDefault(known => known.Models.IsMatch(model)
            && file.Bytes > known.TensorBytes * LeastShare && file.Bytes < known.TensorBytes * MostShare);
        return row is null ? file : file with { ComputeBytes = row.ComputeBytes, HostBytes = row.HostBytes };
    }

    private static Row Read(string[] cells)
    {
        long Number(int cell) => long.Parse(cells[cell], CultureInfo.InvariantCulture);
        return new Row(new Wildcard(cells[0]), Number(1), Number(2), Number(3));
    }

    private sealed record Row(Wildcard Models, long TensorBytes, long ComputeBytes, long HostBytes);
}
