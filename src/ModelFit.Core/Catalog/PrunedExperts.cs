using ModelFit.Models;

namespace ModelFit.Catalog;

/// <summary>
/// Mixtures of which a share of the experts was left out (Cerebras, REAP): <c>Qwen3-Coder-REAP-25B-A3B</c> is the
/// 30B-A3B with 103 of its 128 experts, as the size in its name says.
/// </summary>
internal sealed class PrunedExperts
{
    private const string Mark = "reap";

    /// <summary>Shares of the experts that are left out, the commonest first.</summary>
    private static readonly double[] Shares = { 0.25, 0.5, 0.2, 0.3, 0.4, 0.35, 0.15, 0.1, 0.45, 0.6 };

    private readonly (string[] Words, NamedModel Model)[] _mixtures;

    /// <summary>Takes the names of the catalog's mixtures.</summary>
    public PrunedExperts(IEnumerable<NamedModel> names) => _mixtures = names
        .Where(named => named.Spec.ExpertCount > 1)
        .Select(named => (named.Name.CoreWords.Where(word => !ModelCatalogName.IsSize(word)).ToArray(), named))
        .ToArray();

    /// <summary>Whether a name says that experts were left out.</summary>
    public static bool IsSaid(IReadOnlyList<string> words) => words.Contains(Mark);

    /// <summary>
    /// The mixtures that a name is of, with the experts that its size leaves, or without the share that it says
    /// (<c>REAP-50</c>) of its base's; none without either.
    /// </summary>
    public IReadOnlyList<NamedModel> In(IReadOnlyList<string> words)
    {
        var sizes = words.Where(ModelCatalogName.IsSize).ToArray();
        if (Said(words) is { } share)
            return Longest(words, model => sizes.All(size => TypedNames.HasSize(model, size)), (_, _) => share);
        var wholes = sizes.Where(size => size[0] != 'a').ToArray();
        if (wholes.Length != 1 || ModelCatalogName.Size(wholes[0]) is not { } whole) return Array.Empty<NamedModel>();
        var active = sizes.Where(size => size[0] == 'a').Select(size => ModelCatalogName.Size(size.Substring(1)))
            .FirstOrDefault();
        return Longest(words, model => IsActive(model, active), (model, experts) => ShareOf(model, experts, whole));
    }

    private IReadOnlyList<NamedModel> Longest(
        IReadOnlyList<string> words, Func<NamedModel, bool> isMeant, Func<NamedModel, Experts, double?> share) =>
        _mixtures
            .Where(mixture => Stand(mixture.Words, words) && isMeant(mixture.Model))
            .GroupBy(mixture => mixture.Words.Length)
            .OrderByDescending(group => group.Key)
            .FirstOrDefault()
            ?.Select(mixture => Without(mixture.Model, share)).OfType<NamedModel>().ToArray()
            ?? Array.Empty<NamedModel>();

    /// <summary>The share of the experts that stands behind the mark: <c>REAP-50</c>, <c>REAP-50pct</c>.</summary>
    private static double? Said(IReadOnlyList<string> words)
    {
        const int leastPercent = 5, mostPercent = 75;
        var next = words.SkipWhile(word => word != Mark).Skip(1).FirstOrDefault()?.Replace("pct", string.Empty);
        return int.TryParse(next, out var percent) && percent is >= leastPercent and <= mostPercent
            ? percent / 100.0
            : null;
    }

    /// <summary>What is active is said in whole billions, and often without the embeddings.</summary>
    private static bool IsActive(NamedModel model, double? active) =>
        active is not { } said || Math.Abs((model.Record.ActiveParameters ?? 0) - said) <= 1e9 + (0.1 * said);

    private static bool Stand(string[] known, IReadOnlyList<string> words) => known.Length > 1
        && Enumerable.Range(0, Math.Max(0, words.Count - known.Length + 1))
            .Any(at => known.SequenceEqual(words.Skip(at).Take(known.Length)));

    /// <summary>The model without a share of its experts; null if none is known.</summary>
    private static NamedModel? Without(NamedModel model, Func<NamedModel, Experts, double?> share)
    {
        var experts = new Experts(model.Record.Hyperparameters().Metadata);
        if (experts.Each <= 0 || share(model, experts) is not { } less) return null;
        var without = (long)(less * experts.Count);
        return model with
        {
            Record = model.Record.WithExperts(experts.Count, experts.Count - without, (long)(without * experts.Each)),
            Basis = NameBasis.Pruned(experts.Count - without, experts.Count),
        };
    }

    /// <summary>The share of the experts without which a model has a size; null if none is near.</summary>
    private static double? ShareOf(NamedModel model, Experts experts, double size)
    {
        const double rounding = 0.6e9, tolerance = 0.025;
        if (model.Record.Parameters is not { } all) return null;
        // The layer that predicts further tokens is left out as a rule, and the size in a name does not count it.
        double Off(double share)
        {
            var less = (long)(share * experts.Count) * experts.Each;
            return Math.Min(Math.Abs(all - less - size), Math.Abs(all - experts.Predicting - less - size));
        }

        var best = Shares.OrderBy(Off).First();
        return Off(best) > Math.Max(rounding, tolerance * size) ? null : best;
    }

    /// <summary>The experts of a mixture.</summary>
    private sealed class Experts
    {
        public Experts(ModelMetadata metadata)
        {
            Count = metadata.Integer("expert_count", 0);
            var one = 3.0 * metadata.Integer("expert_feed_forward_length", 0) * metadata.Integer("embedding_length", 0);
            Each = one * (metadata.Integer("block_count", 0) - metadata.Integer("leading_dense_block_count", 0));
            Predicting = PredictionLayers.Of(metadata) * one * Count;
        }

        /// <summary>How many there are in a layer.</summary>
        public long Count { get; }

        /// <summary>Parameters of one in all layers.</summary>
        public double Each { get; }

        /// <summary>Parameters of those in the layers that predict further tokens.</summary>
        public double Predicting { get; }
    }
}
