using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>The columns of <c>recipes.tsv</c>, in order; a line may end early.</summary>
internal enum RecipeColumn
{
    /// <summary>The quantization as its publisher calls it.</summary>
    Name,

    /// <summary>Publishers in lower case, separated by commas; empty for any.</summary>
    Publishers,

    /// <summary><c>moe</c>, <c>dense</c>, <c>layered</c>, or empty for any.</summary>
    Kind,

    /// <summary>Architectures, separated by commas; empty for any.</summary>
    Architectures,

    /// <summary>A word that the repository's name has; empty for none.</summary>
    Word,

    /// <summary>Models released on that day or later; empty for all.</summary>
    From,

    /// <summary>The mix of llama-quantize for classes without a type; empty for none.</summary>
    Mix,

    /// <summary>Not empty if the mix is made with an importance matrix.</summary>
    Matrix,

    /// <summary>The first of the types, one a class, in this order.</summary>
    GateUp,

    /// <summary>Type of the down projection.</summary>
    Down,

    /// <summary>Type of gate and up projection beside the experts.</summary>
    SharedGateUp,

    /// <summary>Type of the down projection beside the experts.</summary>
    SharedDown,

    /// <summary>Type of attention and the rest.</summary>
    Other,

    /// <summary>Type of a state-space mixer's input and output.</summary>
    StateOutput,

    /// <summary>Type of a state-space mixer's gates.</summary>
    StateGate,

    /// <summary>Type of the token embedding beside an output.</summary>
    TokenEmbedding,

    /// <summary>Type of the output, or of the tied embedding.</summary>
    Output,

    /// <summary>Type of the token embedding of every layer.</summary>
    LayerEmbedding,

    /// <summary>Type of matrices that llama-quantize leaves alone.</summary>
    Kept,

    /// <summary>How well sizes are known by it.</summary>
    Accuracy,

    /// <summary>The error that was measured on models left out.</summary>
    Error,
}

/// <summary>One line of <c>recipes.tsv</c>.</summary>
internal sealed class RecipeRow
{
    private static readonly (RecipeColumn Column, TensorClass Class)[] Classes =
    {
        (RecipeColumn.GateUp, TensorClass.GateUp),
        (RecipeColumn.Down, TensorClass.Down),
        (RecipeColumn.SharedGateUp, TensorClass.SharedGateUp),
        (RecipeColumn.SharedDown, TensorClass.SharedDown),
        (RecipeColumn.Other, TensorClass.Other),
        (RecipeColumn.StateOutput, TensorClass.StateOutput),
        (RecipeColumn.StateGate, TensorClass.StateGate),
        (RecipeColumn.TokenEmbedding, TensorClass.TokenEmbedding),
        (RecipeColumn.Output, TensorClass.Output),
        (RecipeColumn.LayerEmbedding, TensorClass.LayerEmbedding),
        (RecipeColumn.Kept, TensorClass.Kept),
    };

    private readonly string[] _cells;
    private readonly Lazy<Recipe> _recipe;

    /// <summary>Creates a row of a line's cells.</summary>
    public RecipeRow(string[] cells)
    {
        _cells = cells;
        _recipe = new Lazy<Recipe>(Read);
    }

    /// <summary>The quantization as its publisher calls it.</summary>
    public string Name => this[RecipeColumn.Name];

    /// <summary>What the row says.</summary>
    public Recipe Recipe => _recipe.Value;

    private string this[RecipeColumn column] => (int)column < _cells.Length ? _cells[(int)column] : string.Empty;

    /// <summary>Whether the row holds for a question; of several the first does.</summary>
    public bool Holds(RecipeQuery query) =>
        string.Equals(Name, query.Name, StringComparison.OrdinalIgnoreCase)
        && IsOneOf(RecipeColumn.Publishers, query.Publisher)
        && IsOneOf(RecipeColumn.Kind, query.Kind)
        && IsOneOf(RecipeColumn.Architectures, query.Architecture)
        && HasWord(query.Repository)
        && string.CompareOrdinal(query.Released ?? string.Empty, this[RecipeColumn.From]) >= 0;

    private bool IsOneOf(RecipeColumn column, string value) =>
        this[column].Length == 0 || this[column].Split(',').Contains(value);

    private bool HasWord(string? repository) =>
        this[RecipeColumn.Word].Length == 0
        || repository?.IndexOf(this[RecipeColumn.Word], StringComparison.OrdinalIgnoreCase) >= 0;

    private Recipe Read()
    {
        var types = new Dictionary<TensorClass, TensorType>();
        foreach (var (column, tensorClass) in Classes)
            if (TensorTypes.TryParse(this[column], out var type)) types.Add(tensorClass, type);
        var error = this[RecipeColumn.Error];
        return new Recipe(
            Name,
            FileType.Find(this[RecipeColumn.Mix]),
            this[RecipeColumn.Matrix].Length > 0,
            types,
            (Accuracy)Enum.Parse(typeof(Accuracy), this[RecipeColumn.Accuracy]),
            error.Length == 0 ? null : error);
    }
}
