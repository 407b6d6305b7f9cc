using System.Globalization;
using System.Text.RegularExpressions;
using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>
/// What a model costs in a format that llama-quantize does not make where no file tells, by the format's own rule: bits
/// and groups of the matrices in its blocks; norms, routers, embeddings and output stay in 16 bits where it says so.
/// </summary>
internal static class NativeWeights
{
    /// <summary>A format with a mean of bits a weight: ExLlama's, whose output has six.</summary>
    private static readonly Regex MeanBits = new(
        @"^EXL[23]-(\d+(?:\.\d+)?)bpw$", RegexOptions.IgnoreCase);

    private static readonly Dictionary<string, Rule> Rules = new(StringComparer.OrdinalIgnoreCase)
    {
        ["FP8"] = new(TensorType.I8),
        ["INT8"] = new(TensorType.I8),
        ["MXFP8"] = new(TensorType.MXFP8),
        ["MXFP4"] = new(TensorType.MXFP4),
        ["NVFP4"] = new(TensorType.NVFP4),
        ["NVFP4-ModelOpt"] = new(TensorType.NVFP4),
        ["NF4"] = new(TensorType.B4G64),
        ["NF4-DQ"] = new(TensorType.B4G64D),
        ["AWQ"] = new(TensorType.B4G128Z),
        ["GPTQ-Int2"] = new(TensorType.B2G128Z),
        ["GPTQ-Int3"] = new(TensorType.B3G128Z),
        ["GPTQ-Int4"] = new(TensorType.B4G128Z),
        ["GPTQ-Int8"] = new(TensorType.B8G128Z),
        ["AutoRound"] = new(TensorType.B4G128Z),
        ["AutoRound-Int2"] = new(TensorType.B2G128Z),
        ["AutoRound-Int3"] = new(TensorType.B3G128Z),
        ["AutoRound-Int8"] = new(TensorType.B8G128Z),
        ["W4A16"] = new(TensorType.B4G128),
        ["HQQ-2bit"] = new(TensorType.B2G64),
        ["HQQ-3bit"] = new(TensorType.B3G64),
        ["HQQ-4bit"] = new(TensorType.B4G64),
        ["HQQ-8bit"] = new(TensorType.B8G64),
        ["MLX-2bit"] = new(TensorType.B2G64, IsWhole: true),
        ["MLX-3bit"] = new(TensorType.B3G64, IsWhole: true),
        ["MLX-4bit"] = new(TensorType.B4G64, IsWhole: true),
        ["MLX-5bit"] = new(TensorType.B5G64, IsWhole: true),
        ["MLX-6bit"] = new(TensorType.B6G64, IsWhole: true),
        ["MLX-8bit"] = new(TensorType.B8G64, IsWhole: true),
        ["MLX-MXFP4"] = new(TensorType.MXFP4, IsWhole: true),
    };

    /// <summary>What a mean of bits is made of, from the fewest.</summary>
    private static readonly (double Bits, TensorType Type)[] Steps =
    {
        (2, TensorType.B2), (3, TensorType.B3), (4, TensorType.B4), (5, TensorType.B5), (6, TensorType.B6),
        (8, TensorType.B8),
    };

    /// <summary>Whether a format is of the list.</summary>
    public static bool Knows(string quantization) =>
        Rules.ContainsKey(quantization) || MeanOf(quantization) is not null;

    /// <summary>Bits a weight takes in a format or plain file type; null if neither is of that name.</summary>
    public static double? BitsPerWeight(string quantization) =>
        Rules.TryGetValue(quantization, out var rule) ? rule.Type.BitsPerWeight()
        : FileType.Find(quantization) is { } plain ? plain.Base.BitsPerWeight()
        : MeanOf(quantization);

    /// <summary>The definition with the matrices retyped, or null for a format that is not of the list.</summary>
    public static ModelDefinition? Apply(ModelDefinition whole, string quantization)
    {
        var tensors = Rules.TryGetValue(quantization, out var rule) ? ByRule(whole, rule)
            : MeanOf(quantization) is { } bits ? ByMean(whole, bits)
            : null;
        return tensors is null
            ? null
            : new ModelDefinition(whole.Metadata, tensors.ToArray(), Accuracy.Approximate);
    }

    private static double? MeanOf(string quantization) =>
        MeanBits.Match(quantization) is { Success: true } match
            ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture)
            : null;

    private static IEnumerable<TensorInfo> ByRule(ModelDefinition whole, Rule rule)
    {
        var expertsOnly = !rule.IsWhole && rule.Type is TensorType.MXFP4 && whole.Metadata.Has("expert_count");
        return whole.Tensors.Select(tensor => IsConverted(tensor, rule, expertsOnly)
            ? tensor with { Type = tensor.N0 % rule.Type.BlockElements() == 0 ? rule.Type : TensorType.I8 }
            : tensor);
    }

    /// <summary>Whole numbers of bits, neighbours mixed so that their mean is as asked; the output in six.</summary>
    private static IEnumerable<TensorInfo> ByMean(ModelDefinition whole, double bits)
    {
        var upper = Array.FindIndex(Steps, step => step.Bits >= bits);
        var high = Steps[upper < 0 ? Steps.Length - 1 : upper];
        var low = Steps[Math.Max(0, (upper < 0 ? Steps.Length : upper) - 1)];
        var share = high.Bits > low.Bits ? (bits - low.Bits) / (high.Bits - low.Bits) : 1;
        double owed = 0;
        var rule = new Rule(low.Type);
        foreach (var tensor in whole.Tensors)
        {
            if (tensor.Name == "output.weight") yield return tensor with { Type = TensorType.B6 };
            else if (!IsConverted(tensor, rule, false)) yield return tensor;
            else
            {
                owed += share * tensor.Elements;
                var isHigh = owed >= tensor.Elements / 2.0;
                if (isHigh) owed -= tensor.Elements;
                yield return tensor with { Type = isHigh ? high.Type : low.Type };
            }
        }
    }

    private static bool IsConverted(TensorInfo tensor, Rule rule, bool expertsOnly) =>
        tensor.N1 > 1
        && tensor.Type is TensorType.F16 or TensorType.BF16
        && (rule.IsWhole || tensor.Parsed.Block >= 0)
        && (!expertsOnly || tensor.Parsed.IsRouted);

    /// <param name="Type">What the matrices become.</param>
    /// <param name="IsWhole">Whether embeddings and output do too.</param>
    private sealed record Rule(TensorType Type, bool IsWhole = false);
}
