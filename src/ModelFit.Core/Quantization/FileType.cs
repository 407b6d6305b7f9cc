using System.Globalization;
using ModelFit.Common;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// A quantization as llama.cpp numbers it (llama_ftype, include/llama.h) and the tensor type most of its weights get
/// (llama_ftype_get_default_type, src/llama-quant.cpp).
/// </summary>
internal sealed record FileType(string Name, int Id, TensorType Base)
{
    private const int IdColumn = 2;
    private const int BaseColumn = 3;

    private static readonly FileType[] Table = EmbeddedText.Rows("quantizations.tsv")
        .Where(cells => cells[IdColumn].Length > 0)
        .Select(cells => new FileType(
            cells[0],
            int.Parse(cells[IdColumn], CultureInfo.InvariantCulture),
            (TensorType)Enum.Parse(typeof(TensorType), cells[BaseColumn])))
        .OrderBy(type => type.Id)
        .ToArray();

    private static readonly Dictionary<string, FileType> ByName =
        Table.ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>Every file type, by id.</summary>
    public static IReadOnlyList<FileType> All => Table;

    /// <summary>Whether the base type is one of blocks rather than of numbers (ggml_is_quantized).</summary>
    public bool IsQuantized => Base is not (TensorType.F32 or TensorType.F16 or TensorType.BF16);

    /// <summary>The file type of that name, in any case, or null.</summary>
    public static FileType? Find(string name) => ByName.TryGetValue(name, out var type) ? type : null;

    /// <summary>The file type of that id, or null.</summary>
    public static FileType? Find(int id) => Table.FirstOrDefault(type => type.Id == id);
}
