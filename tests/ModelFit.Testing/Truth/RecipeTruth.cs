using ModelFit.Catalog;
using ModelFit.Architectures;
using ModelFit.Quantization;

namespace ModelFit.Testing.Truth;

/// <summary>How far the recipe of a published file is from the file's size.</summary>
/// <param name="Group">The kind of recipe.</param>
/// <param name="File">The file.</param>
/// <param name="Error">The recipe's size over the file's, less one; the size that is listed is not used.</param>
/// <param name="Accuracy">What is said of the file's figures where its size is known.</param>
internal sealed record RecipeError(string Group, PublishedFile File, double Error, Accuracy Accuracy);

/// <summary>Errors of a group, every publisher counting the same.</summary>
internal sealed record RecipeFigure(
    string Group, int Files, int Models, double Median, double NinetyPercent, double WithinFivePercent);

/// <summary>The listed files with exact sizes against their recipes.</summary>
internal static class RecipeTruth
{
    /// <summary>Bytes that a header has for each token: its text, its score, its merges.</summary>
    private const long HeaderBytesAToken = 48;

    /// <summary>When unsloth began to give each class of a mixture of experts one type.</summary>
    private const string NewTypes = "2026-01-25";

    /// <summary>The groups, in the order of the page.</summary>
    public static readonly string[] Groups =
    [
        "standard mixes", "UD of MoE models since 2026", "UD of other models", "_L and _XL of dense models",
        "unsloth's plain mixes of 2026", "publishers' own mixes",
    ];

    /// <summary>The errors of all listed files, found once for all that tell of them.</summary>
    public static Lazy<IReadOnlyList<RecipeError>> Measured { get; } = new(Errors);

    /// <summary>The error of every listed file whose size is exact.</summary>
    public static IReadOnlyList<RecipeError> Errors() => PublishedCatalog.All
        .SelectMany(repository => repository.Files).AsParallel().AsOrdered()
        .Where(file => file is { IsExactSize: true, Kind: "Model" })
        .Select(ErrorOf).OfType<RecipeError>().ToArray();

    /// <summary>The figures of each group.</summary>
    public static IReadOnlyList<RecipeFigure> Figures(IReadOnlyList<RecipeError> errors) =>
        [.. Groups.Select(group => Figure(group, errors.Where(error => error.Group == group).ToArray()))];

    /// <summary>The group of a quantization of a catalog model as a repository publishes it.</summary>
    public static string GroupOf(ModelSpec model, string repository, string quantization)
    {
        var kind = RecipeQuery.KindOf(((LaidOutModel)model.Layout!).Model.Metadata);
        var released = ModelCatalog.Released(model);
        var recipe = Recipes.Find(new RecipeQuery(quantization, model.Architecture!, kind, released, repository))!;
        return GroupOf(repository.Split('/')[0], quantization, kind, released, recipe);
    }

    private static RecipeError? ErrorOf(PublishedFile file)
    {
        var model = ModelCatalog.Resolve(file.Model, NullSink.Instance);
        var name = QuantizationNames.InGguf(QuantizationCatalog.Find(file.Quantization)?.Name);
        if (name is null || model.Layout is not LaidOutModel laidOut) return null;
        var metadata = laidOut.Model.Metadata;
        var kind = RecipeQuery.KindOf(metadata);
        var released = ModelCatalog.Released(model);
        var recipe = Recipes.Find(new RecipeQuery(name, model.Architecture!, kind, released, file.Repository)
        {
            Experts = ArchitectureList.Find(model.Architecture!)?.NativeExperts,
        })!;
        var layout = new PublishedLayout(laidOut, file.Repository, name);
        var sized = layout.Recipe(name);
        if (sized.Accuracy == Accuracy.Approximate && recipe.Accuracy != Accuracy.Approximate) return null;
        var bytes = sized.WeightBytes + (HeaderBytesAToken * metadata.Integer("vocab_size", 0));
        var known = layout.Define(name, []);
        return new RecipeError(
            GroupOf(file.Repository.Split('/')[0], name, kind, released, recipe),
            file,
            (bytes / (double)file.FileBytes!) - 1,
            known.Accuracy);
    }

    private static string GroupOf(
        string publisher, string name, string kind, string? released, Recipe recipe)
    {
        var isDynamic = name.StartsWith("UD-", StringComparison.Ordinal);
        var isOlder = kind == RecipeQuery.Layered && recipe.Mix is not null
            && !publisher.Equals("unsloth", StringComparison.OrdinalIgnoreCase) && !name.EndsWith('L');
        var isNew = kind == RecipeQuery.MixtureOfExperts && string.CompareOrdinal(released, NewTypes) >= 0;
        return recipe.IsStandard || recipe.Accuracy == Accuracy.Exact || isOlder ? Groups[0]
            : isDynamic && isNew ? Groups[1]
            : isDynamic ? Groups[2]
            : recipe.Accuracy == Accuracy.Approximate || kind == RecipeQuery.MixtureOfExperts ? Groups[5]
            : name.EndsWith('L') ? Groups[3]
            : Groups[4];
    }

    private static RecipeFigure Figure(string group, RecipeError[] errors)
    {
        static string Publisher(RecipeError error) => error.File.Repository.Split('/')[0];
        var each = errors.GroupBy(Publisher).ToDictionary(files => files.Key, files => 1.0 / files.Count());
        var all = (double)each.Count;
        var sorted = errors.OrderBy(error => Math.Abs(error.Error)).ToArray();
        double At(double share)
        {
            double sum = 0;
            foreach (var error in sorted)
            {
                sum += each[Publisher(error)];
                if (sum >= share * all) return Math.Abs(error.Error);
            }

            return sorted.Length == 0 ? 0 : Math.Abs(sorted[^1].Error);
        }

        const double near = 0.05;
        return new RecipeFigure(
            group,
            errors.Length,
            errors.Select(error => error.File.Model).Distinct().Count(),
            At(0.5),
            At(0.9),
            sorted.Where(error => Math.Abs(error.Error) <= near).Sum(error => each[Publisher(error)]) / all);
    }
}
