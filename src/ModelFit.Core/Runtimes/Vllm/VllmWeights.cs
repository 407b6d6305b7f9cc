using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>
/// What vLLM's weights take on a card once they are loaded ("Model loading took"): the stacked matrices in the
/// checkpoint's format as PyTorch allocates them, rotary tables, copies for latent attention.
/// </summary>
internal static class VllmWeights
{
    // Padding of Marlin's MXFP4 kernels (quantization/mxfp4.py).
    private const int MxFp4OuterStep = 128;
    private const int MxFp4InnerStep = 256;

    /// <summary>Bytes on a card of a stage.</summary>
    /// <param name="model">The model's tensors, whose types do not count where <paramref name="format"/> does.</param>
    /// <param name="format">The checkpoint's format; null for plain numbers.</param>
    /// <param name="share">How cards share the model.</param>
    /// <param name="stage">Layers of the stage, counted from 0.</param>
    /// <param name="numberBytes">Bytes of an unquantized number.</param>
    public static long On(
        ModelDefinition model, WeightFormat? format, Parallelism share, VllmStage stage, int numberBytes)
    {
        var tensors = model.Prepared.Get(Group);
        var isTied = model.Tensor("output.weight") is null;
        long sum = stage.Layers > 0 ? VllmRotary.Bytes(model, numberBytes) : 0;
        foreach (var tensor in tensors)
        {
            var first = tensor.First();
            if (!stage.Has(first, isTied)) continue;
            sum += Bytes(tensor, FormatOf(first, format), share, numberBytes);
            if (first.Tensor.StartsWith("kv_b.", StringComparison.Ordinal))
                sum += tensor.Sum(part => TorchAllocation.Of(Elements(part, share) * numberBytes));
        }

        return sum;
    }

    /// <summary>
    /// Bytes of the places for LoRA adapters (vllm/lora/layers): two matrices at 16 bit beside every linear layer.
    /// </summary>
    public static long Adapters(ModelDefinition model, Parallelism share, VllmStage stage, ServingOptions told)
    {
        const int half = 2;
        long sum = 0;
        foreach (var matrix in model.Prepared.Get(Group).SelectMany(tensor => tensor))
        {
            if (matrix.Role is not (MatrixRole.Linear or MatrixRole.LinearAttention)) continue;
            if (!stage.Has(matrix, isTied: false)) continue;
            var (outputs, inputs, _) = Shape(matrix, share, isPadded: false);
            sum += half * told.AdapterRank * (outputs + inputs);
        }

        return sum * told.Adapters;
    }

    private static WeightFormat? FormatOf(VllmMatrix matrix, WeightFormat? format)
    {
        if (format is null || matrix.Role is MatrixRole.Other or MatrixRole.Embedding or MatrixRole.Output) return null;
        if (matrix.Role == MatrixRole.Experts && format.Experts is { } experts) return experts;
        var isReached = matrix.Role == MatrixRole.Experts || format.Reach == FormatReach.Linear
            || (format.Reach == FormatReach.AllButLinearAttention && matrix.Role == MatrixRole.Linear);
        return isReached ? format : null;
    }

    private static IReadOnlyList<IGrouping<(int, string), VllmMatrix>> Group(ModelDefinition model) =>
        VllmMatrix.Of(model).GroupBy(matrix => (matrix.Layer, matrix.Tensor)).ToArray();

    private static long Bytes(
        IEnumerable<VllmMatrix> parts, WeightFormat? format, Parallelism share, int numberBytes)
    {
        if (format is null)
            return TorchAllocation.Of(parts.Sum(part => Elements(part, share)) * numberBytes);
        long numbers = 0, scales = 0;
        foreach (var part in parts)
        {
            var (outputs, inputs, matrices) = Shape(part, share, format.IsPadded);
            var (packed, scale) = format.Bytes(outputs, inputs, matrices);
            numbers += packed;
            scales += scale;
        }

        return TorchAllocation.Of(numbers) + TorchAllocation.Of(scales);
    }

    private static long Elements(VllmMatrix part, Parallelism share)
    {
        var (outputs, inputs, matrices) = Shape(part, share, isPadded: false);
        return outputs * inputs * matrices;
    }

    private static (long Outputs, long Inputs, long Matrices) Shape(VllmMatrix part, Parallelism share, bool isPadded)
    {
        var (outputs, inputs, matrices) = (part.Outputs, part.Inputs, part.Matrices);
        if (part.Role is MatrixRole.Embedding or MatrixRole.Output) outputs = Up(outputs, ServedRuntime.VocabularyStep);
        var cards = share.Tensor;
        if (part.Role == MatrixRole.Experts && share.Experts is { } spread)
        {
            cards = 1;
            matrices = (matrices + spread - 1) / spread;
        }

        switch (part.Sharing)
        {
            case Sharing.Outputs: outputs = Part(outputs, cards); break;
            case Sharing.Inputs: inputs = Part(inputs, cards); break;
            case Sharing.KvHeads: outputs = Part(outputs, (int)Math.Min(cards, Math.Max(1, part.KvHeads))); break;
        }

        // The intermediate width is what is divided; the other is the model's.
        if (isPadded && part.Sharing == Sharing.Inputs)
            (inputs, outputs) = (Up(inputs, MxFp4OuterStep), Up(outputs, MxFp4InnerStep));
        else if (isPadded)
            (outputs, inputs) = (Up(outputs, MxFp4OuterStep), Up(inputs, MxFp4InnerStep));
        return (outputs, inputs, matrices);
    }

    private static long Part(long size, int cards) => size == 1 ? 1 : (size + cards - 1) / cards;

    private static long Up(long size, long step) => (size + step - 1) / step * step;
}
