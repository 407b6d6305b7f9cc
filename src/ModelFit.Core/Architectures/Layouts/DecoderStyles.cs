using System.Collections.Generic;
using System.Linq;
using ModelFit.Models;

namespace ModelFit.Architectures.Layouts;

/// <summary>
/// The architectures of plain decoder blocks, each by what sets it apart from Llama (load_arch_tensors in llama.cpp's
/// src/models/&lt;name&gt;.cpp). What differs between models of one architecture is a trait of the model.
/// </summary>
internal static class DecoderStyles
{
    private static readonly string[] AttentionNorm = { "attn_norm" };
    private static readonly string[] SandwichNorms =
        { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" };

    private static readonly string[] PostNorms = { "post_attention_norm", "post_ffw_norm" };
    private static readonly string[] AttentionAndPostNorm = { "attn_norm", "post_attention_norm" };

    private static readonly DecoderStyle LayerNorms = new() { NormBias = true, FeedForward = FeedForwardKind.Plain };
    private static readonly DecoderStyle HeadNorms = new() { QkNorm = QkNormKind.Head };
    private static readonly DecoderStyle RouterBias =
        HeadNorms with { RouterBias = DecoderStyle.RouterBiasName };


    private static readonly Dictionary<string, DecoderStyle> Styles = new()
    {
        ["llama"] = new(),
        ["mistral3"] = new(),
        ["granite"] = new(),
        ["granitemoe"] = new(),
        ["minicpm"] = new(),
        ["smollm3"] = new(),
        ["exaone"] = new(),
        ["internlm2"] = new(),
        ["baichuan"] = new(),
        ["ernie4_5"] = new(),
        ["deepseek"] = new(),
        ["bailingmoe"] = new(),
        ["arcee"] = new() { FeedForward = FeedForwardKind.Plain },
        ["qwen"] = new() { FusedQkv = true, QkvBias = true, FeedForwardDivisor = 2 },
        ["qwen2"] = new() { QkvBias = true },
        ["qwen2vl"] = new() { QkvBias = true },
        ["qwen2moe"] = new() { QkvBias = true, SharedExpertGate = true },
        ["qwen3"] = HeadNorms,
        ["qwen3moe"] = HeadNorms,
        ["qwen3vl"] = HeadNorms,
        ["qwen3vlmoe"] = HeadNorms,
        ["llada-moe"] = HeadNorms,
        ["hunyuan-dense"] = HeadNorms,
        ["hunyuan-moe"] = HeadNorms,
        ["gemma"] = new() { AlwaysTied = true },
        ["gemma2"] = new() { AlwaysTied = true, BlockNorms = SandwichNorms },
        ["gemma3"] = HeadNorms with { BlockNorms = SandwichNorms },
        ["phi2"] = LayerNorms with
        {
            BlockNorms = AttentionNorm,
            QkvBias = true,
            AttentionOutputBias = true,
            FeedForwardBias = true,
            OutputBias = true,
        },
        ["phi3"] = new() { FusedQkv = true, FeedForward = FeedForwardKind.Fused },
        ["phimoe"] = new() { NormBias = true, QkvBias = true, AttentionOutputBias = true, OutputBias = true },
        ["olmo"] = new() { BlockNorms = new string[0], OutputNorm = false },
        ["olmo2"] = new() { BlockNorms = PostNorms, QkNorm = QkNormKind.Row },
        ["olmoe"] = new() { QkNorm = QkNormKind.Row },
        ["exaone4"] = HeadNorms with { BlockNorms = PostNorms },
        ["glm4"] = new() { BlockNorms = SandwichNorms, FeedForward = FeedForwardKind.Fused },
        ["chatglm"] = new() { FusedQkv = true, FeedForward = FeedForwardKind.Fused },
        ["glm4moe"] = new()
        {
            BlockNorms = AttentionAndPostNorm,
            QkNorm = QkNormKind.Head,
            QkNormByTrait = true,
            RouterBias = DecoderStyle.RouterBiasName,
        },
        ["command-r"] = new()
        {
            AlwaysTied = true,
            BlockNorms = AttentionNorm,
            QkNorm = QkNormKind.EachHead,
            QkNormByTrait = true,
        },
        ["cohere2"] = new() { AlwaysTied = true, BlockNorms = AttentionNorm },
        ["gpt-oss"] = new()
        {
            BlockNorms = AttentionAndPostNorm,
            QkvBias = true,
            AttentionOutputBias = true,
            ExpertBias = true,
            BlockExtra = (list, layer) => list.Block(layer, "attn_sinks.weight", list.Model.Heads(layer)),
        },
        ["llama4"] = new() { IsExpertLayer = EveryStep },
        ["ernie4_5-moe"] = new() { RouterBias = DecoderStyle.RouterBiasName, IsExpertLayer = EveryStepAfterDense },
        ["dots1"] = RouterBias,
        ["exaone-moe"] = RouterBias with { IsExpertLayer = NotDenseNorPrediction },
        ["hy_v3"] = HeadNorms with { RouterBias = "exp_probs_b" },
        ["step35"] = RouterBias with
        {
            IsExpertLayer = NotDenseNorPrediction,
            BlockExtra = (list, layer) => AttentionGate(list, layer, list.Model.Heads(layer)),
        },
        ["mimo2"] = new()
        {
            RouterBias = DecoderStyle.RouterBiasName,
            IsExpertLayer = NotDenseNorPrediction,
            PredictionNorm = "layer_output_norm",
            BlockExtra = WindowSinks,
        },
        ["deci"] = new()
        {
            BlockNorms = new string[0],
            BlockExtra = (list, layer) =>
            {
                if (list.Model.Heads(layer) > 0) list.Norm(layer, "attn_norm", list.Model.Embedding);
                if (list.Model.FeedForward(layer) > 0) list.Norm(layer, "ffn_norm", list.Model.Embedding);
            },
        },
        ["bailingmoe2"] = RouterBias with
        {
            FusedQkv = true,
            PredictionNorm = "layer_output_norm",
        },
        ["afmoe"] = RouterBias with
        {
            BlockNorms = SandwichNorms,
            BlockExtra = (list, layer) => AttentionGate(list, layer, list.Model.KeyLength * list.Model.Heads(layer)),
        },
        ["laguna"] = RouterBias with
        {
            BlockExtra = (list, layer) => AttentionGate(list, layer, list.Model.Heads(layer)),
        },
        ["minimax-m2"] = new() { QkNorm = QkNormKind.Row, RouterBias = DecoderStyle.RouterBiasName },
        ["seed_oss"] = new() { BlockNorms = AttentionAndPostNorm, QkvBias = true },
        ["apertus"] = HeadNorms with { FeedForward = FeedForwardKind.Plain },
        ["nemotron"] = LayerNorms,
        ["stablelm"] = new() { NormBias = true, QkNorm = QkNormKind.EachHead, QkNormByTrait = true },
        ["gptneox"] = LayerNorms with
        {
            FusedQkv = true,
            QkvBias = true,
            AttentionOutputBias = true,
            FeedForwardBias = true,
        },
        ["falcon"] = LayerNorms with
        {
            FusedQkv = true,
            BlockNorms = AttentionNorm,
            BlockExtra = (list, layer) =>
            {
                if (list.Model.Has(Traits.SecondNorm)) list.Norm(layer, "attn_norm_2", list.Model.Embedding, true);
            },
        },
        ["starcoder"] = LayerNorms with
        {
            FusedQkv = true,
            QkvBias = true,
            AttentionOutputBias = true,
            FeedForwardBias = true,
            Extra = list => list.Add(
                "position_embd.weight", list.Model.Embedding, list.Model.Metadata.Integer("context_length", 0)),
        },
        ["starcoder2"] = LayerNorms with { QkvBias = true, AttentionOutputBias = true, FeedForwardBias = true },
        ["grok"] = new()
        {
            BlockNorms = new[] { "attn_norm", "attn_output_norm", "ffn_norm", "layer_output_norm" },
            BlockExtra = (list, layer) =>
            {
                if (list.Model.Metadata.Has("expert_feed_forward_length"))
                    DenseBeside(list, layer, list.Model.FeedForward(layer));
            },
        },
        ["dbrx"] = new() { FusedQkv = true, BlockNorms = new[] { "attn_norm", "attn_output_norm" } },
        ["arctic"] = new()
        {
            BlockNorms = new[] { "attn_norm", "ffn_norm", "ffn_norm_exps" },
            BlockExtra = (list, layer) => DenseBeside(list, layer, list.Model.Embedding),
        },
        ["bitnet"] = new()
        {
            AlwaysTied = true,
            BlockExtra = (list, layer) =>
            {
                list.Norm(layer, "attn_sub_norm", list.Model.Embedding);
                list.Norm(layer, "ffn_sub_norm", list.Model.FeedForward(layer));
            },
        },
    };

    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = Styles.ToDictionary(
        entry => entry.Key,
        entry => new TensorLayout(list => DecoderLayout.Build(list, entry.Value)));

    private static bool EveryStep(Hyperparameters model, int layer)
    {
        var step = model.Metadata.Integer("interleave_moe_layer_step", 0);
        return step > 0 && (layer + 1) % step == 0;
    }

    private static bool NotDenseNorPrediction(Hyperparameters model, int layer) =>
        layer >= model.LeadingDense && layer < model.Layers - model.PredictionLayers;

    private static bool EveryStepAfterDense(Hyperparameters model, int layer) =>
        layer >= model.LeadingDense && EveryStep(model, layer);

    private static void AttentionGate(TensorList list, int layer, long width) =>
        list.Linear(layer, "attn_gate", list.Model.Embedding, width);

    /// <summary>Attention sinks in the layers with a sliding window.</summary>
    private static void WindowSinks(TensorList list, int layer)
    {
        var isWindow = list.Model.Metadata.Flags("attention.sliding_window_pattern") is { } flags
            && layer < flags.Length && flags[layer];
        if (isWindow) list.Block(layer, "attn_sinks.weight", list.Model.Heads(layer));
    }

    /// <summary>A dense feed-forward that runs beside the experts of the same layer.</summary>
    private static void DenseBeside(TensorList list, int layer, long inner)
    {
        if (inner == 0) return;
        list.Linear(layer, "ffn_gate", list.Model.Embedding, inner);
        list.Linear(layer, "ffn_up", list.Model.Embedding, inner);
        list.Linear(layer, "ffn_down", inner, list.Model.Embedding);
    }
}
