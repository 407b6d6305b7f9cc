using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>The layers of a group of cards.</summary>
/// <param name="First">The first.</param>
/// <param name="Layers">How many.</param>
/// <param name="IsFirst">Whether it embeds the tokens.</param>
/// <param name="IsLast">Whether it samples.</param>
internal sealed record VllmStage(int First, int Layers, bool IsFirst, bool IsLast)
{
    /// <summary>
    /// The stages of a model (distributed/utils.py, get_pp_indices): what does not divide goes to the stages before
    /// the last, the later first.
    /// </summary>
    public static IReadOnlyList<VllmStage> Of(Parallelism share, int layers)
    {
        var counts = new int[share.Pipeline];
        for (var i = 0; i < share.Pipeline; i++) counts[i] = layers / share.Pipeline;
        for (var i = 0; i < layers % share.Pipeline; i++) counts[Math.Max(0, share.Pipeline - 2 - i)]++;
        var stages = new VllmStage[share.Pipeline];
        for (int i = 0, first = 0; i < share.Pipeline; first += counts[i++])
            stages[i] = new(first, counts[i], i == 0, i == share.Pipeline - 1);
        return stages;
    }

    /// <summary>Whether a matrix is on its cards.</summary>
    public bool Has(VllmMatrix matrix, bool isTied) => matrix switch
    {
        { Layer: >= 0 } => matrix.Layer >= First && matrix.Layer < First + Layers,
        { Role: MatrixRole.Embedding } => IsFirst || (IsLast && isTied),
        { Role: MatrixRole.Output } => IsLast,
        _ => IsFirst || IsLast,
    };
}
