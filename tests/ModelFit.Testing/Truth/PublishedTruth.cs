using System.Globalization;
using System.IO;
using ModelFit.Catalog;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Testing.Truth;

/// <summary>What is answered about a published file by its repository and name, as if no size were listed.</summary>
/// <param name="Group">The kind of recipe, as <see cref="RecipeTruth.Groups"/> has them.</param>
/// <param name="Name">The repository and the file.</param>
/// <param name="Error">The answer over the file's size, less one; null if there is no answer.</param>
/// <param name="Accuracy">What the answer says of itself.</param>
/// <param name="IsSupposed">Whether the name says no model, and the answer is what is published most so.</param>
internal sealed record PublishedAnswer(string Group, string Name, double? Error, Accuracy Accuracy, bool IsSupposed)
{
    /// <summary>The publisher.</summary>
    public string Publisher => Name.Substring(0, Name.IndexOf('/'));

    /// <summary>How far the answer is off; without one, further than any.</summary>
    public double Off => Math.Abs(Error ?? double.PositiveInfinity);
}

/// <summary>Answers of a group, every publisher counting the same.</summary>
/// <param name="Group">The kind of recipe.</param>
/// <param name="Files">How many files.</param>
/// <param name="Publishers">Of how many publishers.</param>
/// <param name="Median">Median error.</param>
/// <param name="Near">The share within 0.3 %.</param>
/// <param name="WithinFivePercent">The share within 5 %.</param>
internal sealed record PublishedFigure(
    string Group, int Files, int Publishers, double Median, double Near, double WithinFivePercent);

/// <summary>The files of <c>published-names.tsv</c>, asked by name.</summary>
internal static class PublishedTruth
{
    /// <summary>Bytes that a header has for each token, at least and at most, and those of its other keys.</summary>
    private const long LeastAToken = 10, MostAToken = 80, Keys = 1 << 20;

    private static readonly string[] Large = ["Q2_K_L", "Q3_K_XL", "Q4_K_L", "Q5_K_L", "Q6_K_L"];

    /// <summary>How many files the table has.</summary>
    public static int Files => Rows().Count();

    /// <summary>
    /// The answers about the files of the table, but for those that are refused as of models that make pictures.
    /// </summary>
    public static IReadOnlyList<PublishedAnswer> Answers() =>
        [.. Rows().AsParallel().AsOrdered()
            .Select(cells => Answer(cells[0], cells[1], cells[2], long.Parse(cells[3], CultureInfo.InvariantCulture)))
            .Where(answer => answer.Error is not null || !IsOfPictures(answer.Name))];

    private static IEnumerable<string[]> Rows() =>
        File.ReadLines(RepositoryFolder.Path("tests", "data", "catalog", "published-names.tsv"))
            .Where(line => line[0] != '#').Skip(1)
            .Select(line => line.Split('\t'));

    private static bool IsOfPictures(string name) =>
        ModelKinds.IsImage(name) || ModelKinds.IsImage(name.Substring(name.LastIndexOf('/') + 1));

    /// <summary>The same, asked once for all that tell of them.</summary>
    public static Lazy<IReadOnlyList<PublishedAnswer>> Measured { get; } = new(Answers);

    /// <summary>The figures of a group's answers.</summary>
    public static PublishedFigure Figure(string group, IReadOnlyList<PublishedAnswer> answers)
    {
        const double near = 0.003, far = 0.05;
        var each = answers.GroupBy(answer => answer.Publisher).ToDictionary(files => files.Key, files => files.Count());
        double Weight(PublishedAnswer answer) => 1.0 / each[answer.Publisher] / each.Count;
        double Within(double limit) => answers.Where(answer => answer.Off <= limit).Sum(Weight);
        double sum = 0;
        var middle = answers.OrderBy(answer => answer.Off).FirstOrDefault(answer => (sum += Weight(answer)) >= 0.5);
        return new PublishedFigure(group, answers.Count, each.Count, middle?.Off ?? 0, Within(near), Within(far));
    }

    private static PublishedAnswer Answer(string repository, string file, string label, long bytes)
    {
        var name = repository + "/" + file;
        try
        {
            var model = PublishedModels.Resolve(name, NullSink.Instance);
            if (model.Layout is not PublishedLayout layout || model.Quantization is not { } quantization)
                return new PublishedAnswer(Unanswered(label), name, null, Accuracy.Approximate, false);
            var recipe = layout.Recipe(quantization);
            var assumptions = new List<string>();
            var accuracy = layout.Define(quantization, assumptions).Accuracy;
            var isSupposed = accuracy == Accuracy.Approximate
                && assumptions.Any(text => text.Contains("it is supposed to have", StringComparison.Ordinal));
            return new PublishedAnswer(
                GroupOf(model, repository, quantization), name, ErrorOf(recipe, bytes), accuracy, isSupposed);
        }
        catch (ModelFitException)
        {
            return new PublishedAnswer(Unanswered(label), name, null, Accuracy.Approximate, false);
        }
    }

    private static string GroupOf(ModelSpec model, string repository, string quantization)
    {
        var name = model.Source is { } source && source.Contains('(') ? source.Split('(', ')')[1] : model.Name;
        var known = ModelCatalog.Resolve(name, NullSink.Instance);
        var group = RecipeTruth.GroupOf(known, repository, QuantizationNames.InGguf(quantization)!);
        return group == RecipeTruth.Groups[3] ? Unanswered(quantization) : group;
    }

    private static string Unanswered(string label) =>
        label.StartsWith("UD-", StringComparison.OrdinalIgnoreCase) ? RecipeTruth.Groups[2]
        : Large.Contains(label, StringComparer.OrdinalIgnoreCase) ? RecipeTruth.Groups[3]
        : RecipeTruth.Groups[0];

    /// <summary>A header that is neither too short nor too long is no error.</summary>
    private static double ErrorOf(ModelDefinition recipe, long bytes)
    {
        var vocabulary = recipe.Metadata.Integer("vocab_size", 0);
        var least = recipe.WeightBytes + (LeastAToken * vocabulary);
        var most = recipe.WeightBytes + (MostAToken * vocabulary) + Keys;
        return (Math.Min(Math.Max(bytes, least), most) - bytes) / (double)bytes;
    }
}
