using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>What llama.cpp counts while it walks the tensors of one model (quantize_state_impl).</summary>
internal sealed class MixState
{
    private readonly Dictionary<TensorCategory, MixRule[]> _rules = new();
    private readonly Dictionary<TensorCategory, int> _seen = new();
    private readonly MixExceptions _exceptions;
    private readonly MixCondition _modelFacts;
    private readonly bool _tied;
    private readonly bool _isSeventyBillion;
    private readonly long _experts;
    private readonly int _valueCount;
    private readonly int _layerCount;

    /// <summary>Starts a walk.</summary>
    public MixState(
        ModelMetadata metadata, IReadOnlyList<TensorInfo> tensors, FileType fileType, bool importanceMatrix,
        MixExceptions exceptions)
    {
        FileType = fileType;
        _exceptions = exceptions;
        _tied = tensors.All(tensor => tensor.Name != "output.weight");
        _layerCount = (int)metadata.Integer("block_count", 0);
        _experts = metadata.Integer("expert_count", 0);
        _valueCount = tensors.Count(tensor => TensorCategories.Of(tensor.Name).IsValueLike());
        _modelFacts = ModelFacts(QueriesPerKey(metadata), importanceMatrix);
        _isSeventyBillion = exceptions.IsSeventyBillion(metadata);
    }

    /// <summary>The mix.</summary>
    public FileType FileType { get; }

    /// <summary>The type of the next tensor in order, shapes not yet considered.</summary>
    public TensorType Choose(TensorInfo tensor)
    {
        // llama_tensor_get_type_impl: the output, and an embedding that serves as one, before all else.
        var category = TensorCategories.Of(tensor.Name);
        if (category == TensorCategory.Output || (_tied && category == TensorCategory.TokenEmbedding))
            return Output(tensor);
        if (FileType.Base == TensorType.MXFP4) return Mxfp4(tensor, category);
        // Counted even where no rule asks for it: the next tensor of its kind is placed after it.
        var position = Position(tensor, category);
        var facts = Facts(position);
        var type = Rules(category).FirstOrDefault(rule => (rule.Condition & ~facts) == 0)?.Result ?? FileType.Base;
        // Values of a 70B are shared by eight queries, so that more bits cost little (the quantizer's own reason).
        return category.IsValueLike() && _isSeventyBillion && !MixTables.IsTwoBit(FileType)
            && type is TensorType.Q3_K or TensorType.Q4_K ? TensorType.Q5_K : type;
    }

    private static long QueriesPerKey(ModelMetadata metadata)
    {
        var heads = metadata.Integers("attention.head_count", 1, 0)[0];
        var kvHeads = metadata.Integers("attention.head_count_kv", 1, heads)[0];
        return kvHeads == 0 ? 0 : heads / kvHeads;
    }

    private MixCondition ModelFacts(long queriesPerKey, bool importanceMatrix) =>
        If(queriesPerKey >= 4, MixCondition.Grouped)
        | If(queriesPerKey >= 4 || _experts >= 4, MixCondition.GroupedOrExperts)
        | If(_experts == 8, MixCondition.EightExperts)
        | If(_exceptions.IsFalcon, MixCondition.Falcon)
        | If(!_exceptions.IsFalcon, MixCondition.NotFalcon)
        | If(importanceMatrix, MixCondition.Matrix)
        | If(!importanceMatrix, MixCondition.NoMatrix);

    private TensorType Output(TensorInfo tensor) =>
        FileType.Base != TensorType.MXFP4
        && (_exceptions.IsFalcon || tensor.N0 % FileType.Base.BlockElements() != 0)
            ? TensorType.Q8_0
            : Rules(TensorCategory.Output)[0].Result;

    private TensorType Mxfp4(TensorInfo tensor, TensorCategory category)
    {
        var isExpertRole = category is TensorCategory.Up or TensorCategory.Gate or TensorCategory.Down;
        return tensor.N2 > 1 && (!_exceptions.OnlyExpertsAreMxfp4 || isExpertRole) ? TensorType.MXFP4 : TensorType.Q8_0;
    }

    private MixRule[] Rules(TensorCategory category)
    {
        if (!_rules.TryGetValue(category, out var rules))
            _rules.Add(category, rules = MixTables.For(FileType, category));
        return rules;
    }

    /// <summary>
    /// The place of a tensor among its kind, and how many places there are. With experts, feed-forward tensors are
    /// placed by the layer in their name, except in the mixes of two bits and fewer.
    /// </summary>
    private (int Index, int Count) Position(TensorInfo tensor, TensorCategory category)
    {
        var isValue = category.IsValueLike();
        var counter = isValue ? TensorCategory.Value : category;
        _seen.TryGetValue(counter, out var seen);
        _seen[counter] = seen + 1;
        if (isValue) return (seen, _valueCount);
        var byName = _experts > 1 && !MixTables.IsTwoBit(FileType);
        return (byName ? tensor.Parsed.Block : seen, _layerCount);
    }

    /// <summary>All conditions that hold for a tensor at a place among its kind.</summary>
    private MixCondition Facts((int Index, int Count) at)
    {
        var (index, count) = at;
        var eighth = count / 8;
        var inMiddle = index >= eighth && index < 7 * count / 8;
        return _modelFacts
            | If(index < eighth, MixCondition.FirstEighth)
            | If(index < count / 16, MixCondition.FirstSixteenth)
            | If(!inMiddle || (index - eighth) % 3 == 2, MixCondition.MoreBits)
            | If(inMiddle, MixCondition.Middle)
            | If(index < 2, MixCondition.FirstTwo)
            | If(index < 4, MixCondition.FirstFour);
    }

    private static MixCondition If(bool isTrue, MixCondition condition) =>
        isTrue ? condition : MixCondition.None;
}
