using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// Collects the tensors of a model while a layout names them. Types are those of a converted F16 file
/// (<see cref="ConversionTypes"/>); a quantization is applied afterwards.
/// </summary>
internal sealed class TensorList(Architecture architecture, Hyperparameters model, TensorType matrixType)
{
    /// <summary>More elements than any tensor has; the bytes of all tensors of all layers stay inside a long.</summary>
    private const double MostElements = 1L << 44;

    private readonly List<TensorInfo> _tensors = new();

    /// <summary>The architecture whose tensors they are.</summary>
    public Architecture Architecture { get; } = architecture;

    /// <summary>What its blocks have and have not.</summary>
    public ArchitectureShape Shape => Architecture.Shape;

    /// <summary>The model that is laid out.</summary>
    public Hyperparameters Model { get; } = model;

    /// <summary>The tensors so far.</summary>
    public IReadOnlyList<TensorInfo> Tensors => _tensors;

    /// <summary>The dimension at a key; 0 if the model has none.</summary>
    public long Key(string key) => Model.Metadata.Integer(key, 0);

    /// <summary>A whole that as many share as the number at a key says.</summary>
    /// <exception cref="ModelFitException">Nobody shares it: <see cref="ErrorIds.InvalidModelFile"/>.</exception>
    public long Share(long whole, string key) => Key(key) is > 0 and var parts
        ? whole / parts
        : throw new ModelFitException(
            ErrorIds.InvalidModelFile,
            $"The dimension '{key}' of a model of architecture '{Architecture.Name}' is missing or not above 0.",
            Architecture.Name);

    /// <summary>Adds a tensor by its whole name.</summary>
    /// <exception cref="ModelFitException">No tensor can be so: <see cref="ErrorIds.InvalidModelFile"/>.</exception>
    public void Add(string name, long n0, long n1 = 1, long n2 = 1, long n3 = 1)
    {
        if (n0 < 0 || n1 < 0 || n2 < 0 || n3 < 0 || (double)n0 * n1 * n2 * n3 > MostElements)
            throw new ModelFitException(
                ErrorIds.InvalidModelFile,
                FormattableString.Invariant($"The tensor '{name}' would have the shape [{n0}, {n1}, {n2}, {n3}]."),
                Architecture.Name);
        var isMatrix = n1 > 1 || n2 > 1 || n3 > 1;
        var parsed = TensorName.Shared(name);
        _tensors.Add(
            new TensorInfo(parsed.Text, ConversionTypes.Of(name, isMatrix, matrixType), n0, n1, n2, n3)
            {
                Parsed = parsed,
            });
    }

    /// <summary>Adds a tensor of a block, <c>blk.N.</c> put before its name.</summary>
    public void Block(int layer, string name, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        Add(BlockName(layer, name), n0, n1, n2, n3);

    /// <summary>Adds the weight of a block and, if asked, its bias over the outputs.</summary>
    public void Linear(int layer, string name, long inputs, long outputs, bool bias = false)
    {
        Block(layer, name + ".weight", inputs, outputs);
        if (bias) Block(layer, name + ".bias", outputs);
    }

    /// <summary>Adds a norm of a block and, if asked, its bias.</summary>
    public void Norm(int layer, string name, long width, bool bias = false)
    {
        Block(layer, name + ".weight", width);
        if (bias) Block(layer, name + ".bias", width);
    }

    private static string BlockName(int layer, string name) =>
        "blk." + layer.ToString(System.Globalization.CultureInfo.InvariantCulture) + "." + name;
}
