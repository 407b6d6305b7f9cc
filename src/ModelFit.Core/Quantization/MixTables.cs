using static ModelFit.Quantization.MixCondition;
using static ModelFit.Models.TensorType;

namespace ModelFit.Quantization;

/// <summary>
/// Which tensors get more or fewer bits than the base type of a mix: the rules of llama_tensor_get_type_impl
/// (src/llama-quant.cpp) as tables, one for each category of tensors.
/// </summary>
internal static class MixTables
{
    private const string TwoBit = "IQ1_S IQ1_M IQ2_XXS IQ2_XS IQ2_S IQ2_M";
    private const string NotTwoBit = "Q4_0 Q4_1 Q5_0 Q5_1 Q8_0 Q1_0 Q2_0 Q2_K Q2_K_S Q3_K_S Q3_K_M Q3_K_L Q4_K_S "
        + "Q4_K_M Q5_K_S Q5_K_M Q6_K IQ3_XXS IQ3_XS IQ3_S IQ3_M IQ4_XS IQ4_NL TQ1_0 TQ2_0";

    private static readonly MixRule[] OutputRules =
    {
        new("MXFP4_MOE Q8_0", Q8_0),
        new(TwoBit + " IQ3_XXS", Q5_K),
        new("*", Q6_K),
    };

    private static readonly MixRule[] TokenEmbeddingRules =
    {
        new("IQ1_S IQ1_M IQ2_XXS IQ2_XS", Q2_K),
        new("IQ2_S IQ2_M IQ3_XXS", IQ3_S),
        new("TQ1_0 TQ2_0 Q2_0", Q4_K),
    };

    private static readonly MixRule[] ValueRules =
    {
        new(TwoBit, Q4_K, GroupedOrExperts),
        new("IQ2_S IQ2_M", IQ3_S),
        new(TwoBit, Q2_K),
        new(NotTwoBit, Q8_0, EightExperts),
        new("Q2_K Q2_K_S IQ3_XXS IQ3_XS IQ3_S", Q4_K, Grouped),
        new("Q2_K", Q3_K),
        new("IQ3_XXS", IQ3_S, NoMatrix),
        new("IQ3_M", Q4_K),
        new("Q3_K_M", Q5_K, FirstTwo),
        new("Q3_K_M", Q4_K),
        new("Q3_K_L", Q5_K),
        new("IQ4_NL IQ4_XS", Q5_K, Grouped),
        new("Q4_K_M Q5_K_M", Q6_K, MoreBits),
        new("Q4_K_S", Q5_K, FirstFour),
    };

    private static readonly MixRule[] KeyRules =
    {
        new(TwoBit, Q4_K, EightExperts),
        new(NotTwoBit, Q8_0, EightExperts),
        new("IQ3_XS", IQ3_XXS),
        new("IQ3_XXS", IQ2_S),
    };

    private static readonly MixRule[] QueryRules =
    {
        new("IQ3_XS", IQ3_XXS),
        new("IQ3_XXS", IQ2_S),
    };

    private static readonly MixRule[] AttentionOutputRules =
    {
        new(TwoBit, Q5_K, EightExperts),
        new("IQ1_S IQ1_M", IQ2_XXS),
        new("IQ2_S IQ2_M", IQ3_S),
        new("Q3_K_L", Q4_K, Falcon),
        new("Q2_K Q3_K_S Q3_K_M Q4_K_S Q4_K_M", Q5_K, EightExperts | NotFalcon),
        new("IQ3_XXS IQ3_XS IQ3_S IQ3_M IQ4_NL IQ4_XS", Q5_K, EightExperts | NotFalcon),
        new("Q3_K_L", Q3_K, EightExperts | NotFalcon),
        new("Q2_K", Q3_K, NotFalcon),
        new("IQ3_XXS", IQ3_S, NotFalcon),
        new("Q3_K_M IQ3_M", Q4_K, NotFalcon),
        new("Q3_K_L", Q5_K, NotFalcon),
    };

    private static readonly MixRule[] DownRules =
    {
        new("IQ2_S IQ2_M", IQ3_S, FirstEighth),
        new(TwoBit, Q2_K, FirstEighth),
        new("Q2_K", Q3_K),
        new("Q2_K_S", Q4_K, FirstEighth),
        new("IQ3_XXS", Q4_K, FirstEighth | NoMatrix),
        new("IQ3_XXS", Q3_K, NoMatrix),
        new("Q3_K_M", Q5_K, FirstSixteenth),
        new("Q3_K_M", Q4_K, NotFalcon),
        new("Q3_K_M", Q4_K, MoreBits),
        new("IQ3_M", Q4_K, FirstEighth),
        new("IQ3_M", Q4_K, EightExperts | MoreBits),
        new("Q3_K_L", Q4_K, Falcon),
        new("Q3_K_L", Q5_K),
        new("Q4_K_M", Q6_K, Falcon | FirstSixteenth),
        new("Q4_K_M", Q5_K, Falcon | MoreBits),
        new("Q4_K_M", Q6_K, NotFalcon | MoreBits),
        new("IQ4_NL IQ4_XS", Q5_K, FirstEighth | NoMatrix),
        new("Q5_K_M", Q6_K, MoreBits),
        new("Q4_K_S", Q5_K, NotFalcon | FirstEighth),
        new("Q4_0", Q4_1, Matrix | FirstEighth),
        new("Q5_0", Q5_1, Matrix | FirstEighth),
    };

    private static readonly MixRule[] GateAndUpRules = { new("IQ3_XS", IQ3_XXS, Middle) };

    private static readonly Dictionary<TensorCategory, MixRule[]> ByCategory = new()
    {
        [TensorCategory.Output] = OutputRules,
        [TensorCategory.TokenEmbedding] = TokenEmbeddingRules,
        [TensorCategory.Value] = ValueRules,
        [TensorCategory.FusedQkv] = ValueRules,
        [TensorCategory.LatentKv] = ValueRules,
        [TensorCategory.Key] = KeyRules,
        [TensorCategory.Query] = QueryRules,
        [TensorCategory.AttentionOutput] = AttentionOutputRules,
        [TensorCategory.Down] = DownRules,
        [TensorCategory.Gate] = GateAndUpRules,
        [TensorCategory.Up] = GateAndUpRules,
    };

    /// <summary>Whether a file type is one of the mixes of two bits and fewer, which have rules of their own.</summary>
    public static bool IsTwoBit(FileType fileType) => TwoBit.Split(' ').Contains(fileType.Name);

    /// <summary>The rules of a file type for a category, first match first.</summary>
    public static MixRule[] For(FileType fileType, TensorCategory category) =>
        ByCategory.TryGetValue(category, out var rules)
            ? rules.Where(rule => rule.FileTypes == "*" || Names(rule).Contains(fileType.Name)).ToArray()
            : Array.Empty<MixRule>();

    private static string[] Names(MixRule rule) => rule.FileTypes.Split(' ');
}
