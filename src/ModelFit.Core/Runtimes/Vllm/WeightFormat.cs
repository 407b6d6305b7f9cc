using ModelFit.Models;

namespace ModelFit.Runtimes.Vllm;

/// <summary>Which matrices of its layers a checkpoint's format reaches; the others stay at 16 bit.</summary>
internal enum FormatReach
{
    /// <summary>Every linear layer.</summary>
    Linear,

    /// <summary>All but linear attention, whose error adds up over the tokens.</summary>
    AllButLinearAttention,

    /// <summary>Experts only.</summary>
    Experts,
}

/// <summary>
/// How a checkpoint stores a matrix (vllm/model_executor/layers/quantization): packed numbers, and scales by row or by
/// group of inputs. Embeddings, output, routers, norms and towers are at 16 bit in all of them.
/// </summary>
/// <param name="Bits">Bits of a number.</param>
/// <param name="Group">Inputs that share a scale; 0 for one scale a row.</param>
/// <param name="ScaleBits">Bits of a scale, with its zero point.</param>
/// <param name="Reach">What it is used for.</param>
internal sealed record WeightFormat(int Bits, int Group, int ScaleBits, FormatReach Reach = FormatReach.Linear)
{
    /// <summary>The format of the experts, where they have another; else null.</summary>
    public WeightFormat? Experts { get; init; }

    /// <summary>Whether its kernels pad what they take: MXFP4's.</summary>
    public bool IsPadded { get; init; }

    private static readonly WeightFormat PerRow8 = new(8, 0, 32);
    private static readonly WeightFormat Group4 = new(4, 128, 16, FormatReach.AllButLinearAttention);
    private static readonly WeightFormat MxFp4 = new(4, 32, 8, FormatReach.Experts) { IsPadded = true };
    private static readonly WeightFormat NvFp4 = new(4, 16, 8, FormatReach.AllButLinearAttention);

    private static readonly Dictionary<string, WeightFormat> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FP8"] = PerRow8,
        ["INT8"] = PerRow8,
        ["MXFP8"] = new(8, 32, 8),
        ["AWQ"] = new(4, 128, 20, FormatReach.AllButLinearAttention),
        ["GPTQ-Int4"] = Group4,
        ["W4A16"] = Group4,
        ["AutoRound"] = Group4 with { Reach = FormatReach.Linear },
        ["GPTQ-Int8"] = new(8, 128, 16, FormatReach.AllButLinearAttention),
        ["NVFP4"] = NvFp4,
        ["NVFP4-ModelOpt"] = NvFp4,
        ["MXFP4"] = MxFp4,
        ["MXFP4_MOE"] = MxFp4,
        ["NF4"] = new(4, 64, 32),
        ["NF4-DQ"] = new(4, 64, 8),
    };

    /// <summary>A model without experts in MXFP4 comes from Quark, whose linear layers all have it (quark.py).</summary>
    private static readonly WeightFormat DenseMxFp4 = new(4, 32, 8);

    /// <summary>
    /// Integers of 4 bit as Kimi K2 Thinking and its successors are published: experts only, in groups of 32.
    /// </summary>
    private static readonly WeightFormat Experts4 = new(4, 32, 16, FormatReach.Experts);

    /// <summary>As DeepSeek V4 is published: experts of 4 bit in groups of 32, the rest of 8 bit.</summary>
    private static readonly WeightFormat Mixed8 = PerRow8 with { Experts = new(4, 32, 8) };

    /// <summary>The format of a quantization by its catalog name; null for what is stored as numbers.</summary>
    /// <param name="quantization">The name.</param>
    /// <param name="model">The model.</param>
    public static WeightFormat? Of(string? quantization, ModelDefinition model)
    {
        if (quantization is null || !Formats.TryGetValue(quantization, out var format)) return null;
        if (format == PerRow8 && VllmCompressed.Has(model)) return Mixed8;
        var hasExperts = model.Metadata.Has("expert_count");
        if (format == MxFp4 && !hasExperts) return DenseMxFp4;
        var isLatent = model.Metadata.Has("attention.kv_lora_rank") && hasExperts;
        return quantization == "W4A16" && isLatent ? Experts4 : format;
    }

    /// <summary>Bytes of the numbers and of the scales of matrices.</summary>
    /// <param name="outputs">Rows of a matrix.</param>
    /// <param name="inputs">Numbers of a row.</param>
    /// <param name="matrices">Matrices of that shape in one tensor.</param>
    public (long Numbers, long Scales) Bytes(long outputs, long inputs, long matrices)
    {
        var groups = Group == 0 ? 1 : (inputs + Group - 1) / Group;
        return (matrices * outputs * inputs * Bits / 8, matrices * outputs * groups * ScaleBits / 8);
    }
}
