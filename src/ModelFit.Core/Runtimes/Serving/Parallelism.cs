namespace ModelFit.Runtimes.Serving;

/// <summary>How cards share a model.</summary>
/// <param name="Tensor">Cards that share each layer.</param>
/// <param name="Pipeline">Groups of cards with layers of their own.</param>
/// <param name="Data">Copies.</param>
/// <param name="Context">Cards of a group that share the tokens of a cache.</param>
/// <param name="IsExpertParallel">Whether experts are whole and spread over all cards of a stage.</param>
internal sealed record Parallelism(int Tensor, int Pipeline, int Data, int Context, bool IsExpertParallel)
{
    /// <summary>One card.</summary>
    public static Parallelism One { get; } = new(1, 1, 1, 1, false);

    /// <summary>All cards.</summary>
    public int Cards => Tensor * Pipeline * Data;

    /// <summary>Cards over which experts are spread whole; null if each expert is divided.</summary>
    public int? Experts => IsExpertParallel ? Tensor * Data : null;

    /// <summary>What the options say, with cards for each layer.</summary>
    public static Parallelism Of(ServingOptions told, int tensor) => new(
        tensor, told.PipelineParallel, told.DataParallel, told.ContextParallel, told.ExpertParallel);
}
