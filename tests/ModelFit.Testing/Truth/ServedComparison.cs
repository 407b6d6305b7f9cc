using ModelFit.Catalog;
using ModelFit.Runtimes.Mlx;
using ModelFit.Runtimes.Serving;
using ModelFit.Runtimes.SGLang;

namespace ModelFit.Testing.Truth;

/// <summary>SGLang's load logs and MLX's peaks asked of the estimators by name.</summary>
internal static class ServedComparison
{
    private const double GiB = 1L << 30;

    /// <summary>SGLang: weights, cache of a token, and tokens that the share of what was free leaves.</summary>
    public static IReadOnlyList<ServingError> SGLang()
    {
        var errors = new List<ServingError>();
        foreach (var row in ServingRow.Read("sglang", "logs.tsv").Where(row => row.Note is null))
        {
            var estimate = (SGLangEstimate)Estimate(row, question => new SGLangEstimate(question));
            Add(errors, row, "weights", estimate.WeightBytes / GiB, row.Weights);
            if (row.CachedTokens is not { } tokens) continue;
            Add(errors, row, "cache of a token", estimate.TokenBytes * tokens / GiB, row.Cache);
            if (row.Total is not { } free || row.Share is not { } share) continue;
            Add(errors, row, "tokens", estimate.Capacity((long)(free * share * GiB)).Tokens, tokens);
        }

        return errors;
    }

    /// <summary>MLX: the peak of a prompt.</summary>
    public static IReadOnlyList<ServingError> Mlx()
    {
        var errors = new List<ServingError>();
        foreach (var row in ServingRow.Read("mlx", "peaks.tsv").Where(row => row.Note is null))
        {
            var estimate = Estimate(row, question => new MlxEstimate(question));
            Add(errors, row, "peak", estimate.NeededBytes(1) / GiB, row.Cache);
        }

        return errors;
    }

    private static ServedEstimate Estimate(ServingRow row, Func<ServedQuestion, ServedEstimate> make)
    {
        var model = ModelCatalog.Resolve(row.Model, NullSink.Instance);
        var options = new RuntimeOptions
        {
            ContextLength = row.Length ?? 8192,
            Serving = new ServingOptions { MaxBatchedTokens = row.BatchedTokens },
        };
        return make(new ServedQuestion(
            model.Layout!.Define("BF16", []), row.Format, model.ParameterCount, options, null,
            Parallelism.Of(options.Serving, row.Tensor)));
    }

    private static void Add(List<ServingError> errors, ServingRow row, string figure, double ours, double? printed)
    {
        if (printed is > 0) errors.Add(new(row, figure, "all", Math.Abs((ours / printed.Value) - 1)));
    }
}
