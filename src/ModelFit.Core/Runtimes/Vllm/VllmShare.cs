namespace ModelFit.Runtimes.Vllm;

/// <summary>How cards share a model.</summary>
/// <param name="Tensor">Cards that share each layer.</param>
/// <param name="Pipeline">Groups of cards with layers of their own.</param>
/// <param name="Data">Copies.</param>
/// <param name="Context">Cards of a group that share the tokens of a cache.</param>
/// <param name="IsExpertParallel">Whether experts are whole and spread over all cards of a stage.</param>
internal sealed record VllmShare(int Tensor, int Pipeline, int Data, int Context, bool IsExpertParallel)
{
    /// <summary>One card.</summary>
    public static VllmShare One { get; } = new(1, 1, 1, 1, false);

    /// <summary>All cards.</summary>
    public int Cards => Tensor * Pipeline * Data;

    /// <summary>Cards over which experts are spread whole; null if each expert is divided.</summary>
    public int? Experts => IsExpertParallel ? Tensor * Data : null;

    /// <summary>What the options say, with cards for each layer.</summary>
    public static VllmShare Of(ServingOptions told, int tensor) => new(
        tensor, told.PipelineParallel, told.DataParallel, told.ContextParallel, told.ExpertParallel);

    /// <summary>
    /// The layers of each stage (distributed/utils.py, get_pp_indices): what does not divide goes to the stages before
    /// the last, the later first.
    /// </summary>
    public IReadOnlyList<VllmStage> Stages(int layers)
    {
        var counts = new int[Pipeline];
        for (var i = 0; i < Pipeline; i++) counts[i] = layers / Pipeline;
        for (var i = 0; i < layers % Pipeline; i++) counts[Math.Max(0, Pipeline - 2 - i)]++;
        var stages = new VllmStage[Pipeline];
        for (int i = 0, first = 0; i < Pipeline; first += counts[i++])
            stages[i] = new(first, counts[i], i == 0, i == Pipeline - 1);
        return stages;
    }
}

/// <summary>The layers of a group of cards.</summary>
/// <param name="First">The first.</param>
/// <param name="Layers">How many.</param>
/// <param name="IsFirst">Whether it embeds the tokens.</param>
/// <param name="IsLast">Whether it samples.</param>
internal sealed record VllmStage(int First, int Layers, bool IsFirst, bool IsLast)
{
    /// <summary>Whether a matrix is on its cards.</summary>
    public bool Has(VllmMatrix matrix, bool isTied) => matrix switch
    {
        { Layer: >= 0 } => matrix.Layer >= First && matrix.Layer < First + Layers,
        { Role: MatrixRole.Embedding } => IsFirst || (IsLast && isTied),
        { Role: MatrixRole.Output } => IsLast,
        _ => IsFirst || IsLast,
    };
}
