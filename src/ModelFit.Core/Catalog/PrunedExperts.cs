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

    /// <summary>The mixtures that a name is of, with the experts that its size leaves; none without a size.</summary>
    public IReadOnlyList<NamedModel> In(IReadOnlyList<string> words)
    {
        var sizes = words.Where(ModelCatalogName.IsSize).ToArray();
        var wholes = sizes.Where(size => size[0] != 'a').ToArray();
        if (wholes.Length != 1 || ModelCatalogName.Size(wholes[0]) is not { } whole) return Array.Empty<NamedModel>();
        var active = sizes.Where(size => size[0] == 'a').Select(size => ModelCatalogName.Size(size.Substring(1)))
            .FirstOrDefault();
        return _mixtures
            .Where(mixture => Stand(mixture.Words, words) && IsActive(mixture.Model, active))
            .GroupBy(mixture => mixture.Words.Length)
            .OrderByDescending(group => group.Key)
            .FirstOrDefault()
            ?.Select(mixture => Without(mixture.Model, whole)).OfType<NamedModel>().ToArray()
            ?? Array.Empty<NamedModel>();
    }

    /// <summary>What is active is said in whole billions, and often without the embeddings.</summary>
    private static bool IsActive(NamedModel model, double? active) =>
        active is not { } said || Math.Abs((model.Record.ActiveParameters ?? 0) - said) <= 1e9 + (0.1 * said);

    private static bool Stand(string[] known, IReadOnlyList<string> words) => known.Length > 1
        && Enumerable.Range(0, Math.Max(0, words.Count - known.Length + 1))
            .Any(at => known.SequenceEqual(words.Skip(at).Take(known.Length)));

    /// <summary>The model without the share of its experts that leaves a size; null if no share does.</summary>
    private static NamedModel? Without(NamedModel model, double size)
    {
        const double rounding = 0.6e9, tolerance = 0.01;
        var metadata = model.Record.Hyperparameters().Metadata;
        var experts = metadata.Integer("expert_count", 0);
        var one = 3.0 * metadata.Integer("expert_feed_forward_length", 0) * metadata.Integer("embedding_length", 0);
        var each = one * (metadata.Integer("block_count", 0) - metadata.Integer("leading_dense_block_count", 0));
        if (each <= 0 || model.Record.Parameters is not { } all) return null;
        // The layer that predicts further tokens is left out as a rule, and the size in a name does not count it.
        var predicting = metadata.Integer("nextn_predict_layers", 0) * one * experts;
        double Off(long less) => Math.Min(
            Math.Abs(all - (less * each) - size), Math.Abs(all - predicting - (less * each) - size));
        var best = Shares.Select(share => (long)(share * experts)).OrderBy(Off).First();
        if (Off(best) > Math.Max(rounding, tolerance * size)) return null;
        return model with
        {
            Record = model.Record.WithExperts(experts, experts - best, (long)(best * each)),
            Basis = NameBasis.Pruned(experts - best, experts),
        };
    }
}
