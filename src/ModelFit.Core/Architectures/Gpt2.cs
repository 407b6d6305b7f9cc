using ModelFit.Graph;

namespace ModelFit.Architectures;

/// <summary>
/// GPT-2 and its kin: layer norms with biases, joint queries, keys and values (src/models/gpt2.cpp and the files of
/// their names).
/// </summary>
internal static class Gpt2
{
    /// <summary>A bias everywhere, and a feed-forward without a gate.</summary>
    public static ArchitectureShape Biased { get; } = new()
    {
        NormOp = Op.Norm, NormBias = true, FeedForward = FeedForwardKind.Plain, QkvBias = true,
        AttentionOutputBias = true, FeedForwardBias = true,
    };

    /// <summary>Positions that are learned, or biases by distance, in place of rope.</summary>
    private static readonly ArchitectureShape Learned = Biased with { HasRope = (_, _) => false, FusedQkv = true };

    public static Architecture[] All { get; } =
    {
        new("gpt2")
        {
            Kind = ModelKind.Base,
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GPT2LMHeadModel RuGPT3XLForCausalLM",
            TiesByDefault = true, Served = ServedTraits.Unrotated,
            Configure = ConfigDraft.FourTimesWider,
            Shape = Learned, FrameTensors = Positions,
        },
        new("jais")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "JAISLMHeadModel",
            Shape = Learned with { FeedForward = FeedForwardKind.Gated },
        },
        new("jais2")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "Jais2ForCausalLM",
            Shape = Biased with { QkvBias = false, Activation = UnaryFunction.Relu, SquaresActivation = true },
            Mix = new() { SeventyBillionLayers = 68 },
        },
        new("starcoder")
        {
            Classes = "GPTBigCodeForCausalLM",
            Types = "gptbigcode",
            TiesByDefault = true, Served = ServedTraits.Unrotated,
            Configure = ConfigDraft.FourTimesWider,
            Shape = Learned, FrameTensors = Positions,
        },
        new("starcoder2")
        {
            Classes = "Starcoder2ForCausalLM",
            TiesByDefault = true,
            IgnoresWindow = true,
            Shape = Biased,
        },
        new("codeshell")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "CodeShellForCausalLM",
            Configure = draft => draft.Set(Keys.KvHeads, draft.Config.Integer("num_query_groups")),
            Shape = Biased with { FusedQkv = true },
        },
        new("bloom")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "BloomForCausalLM BloomModel",
            TiesByDefault = true, Served = ServedTraits.Unrotated,
            Configure = ConfigDraft.FourTimesWider,
            Shape = Learned with { NormsEmbeddings = true },
            FrameTensors = NormedEmbeddings,
        },
        new("mpt")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "MPTForCausalLM",
            TiesByDefault = true, RefusesTensorSplit = true, Served = ServedTraits.Unrotated,
            Configure = ConfigDraft.FourTimesWider,
            Shape = new()
            {
                NormOp = Op.Norm, HasRope = (_, _) => false, ReadsClamp = true, FeedForward = FeedForwardKind.Plain,
                FusedQkv = true,
            },
        },
    };

    public static void Positions(TensorList list) => list.Add(
        "position_embd.weight", list.Model.Embedding, list.Key("context_length"));

    public static void NormedEmbeddings(TensorList list)
    {
        list.Add("token_embd_norm.weight", list.Model.Embedding);
        list.Add("token_embd_norm.bias", list.Model.Embedding);
    }
}
