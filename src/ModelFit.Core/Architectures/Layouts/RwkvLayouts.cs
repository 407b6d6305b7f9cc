using System.Collections.Generic;

namespace ModelFit.Architectures.Layouts;

/// <summary>RWKV, after llama.cpp's src/models/rwkv6.cpp and rwkv7.cpp.</summary>
internal static class RwkvLayouts
{
    /// <summary>The layouts of these architectures.</summary>
    public static IReadOnlyDictionary<string, TensorLayout> Layouts { get; } = new Dictionary<string, TensorLayout>
    {
        ["rwkv6"] = new(list => Build(list, Block6)),
        ["rwkv7"] = new(list => Build(list, Block7)),
    };

    private static void Build(TensorList list, System.Action<TensorList, int> block)
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        foreach (var norm in new[] { "token_embd_norm", "output_norm" })
        {
            list.Add(norm + ".weight", model.Embedding);
            list.Add(norm + ".bias", model.Embedding);
        }
        list.Add("output.weight", model.Embedding, model.Vocabulary);
        for (var layer = 0; layer < model.Layers; layer++) block(list, layer);
    }

    private static void Block6(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var head = Key(list, "wkv.head_size");
        var mix = Key(list, "time_mix_extra_dim");
        var decay = Key(list, "time_decay_extra_dim");
        Common(list, layer);
        list.Block(layer, "time_mix_w1.weight", width, mix * 5);
        list.Block(layer, "time_mix_w2.weight", mix, width, 5);
        list.Block(layer, "time_mix_lerp_x.weight", width);
        list.Block(layer, "time_mix_lerp_fused.weight", width, 1, 1, 5);
        list.Block(layer, "time_mix_first.weight", head, width / head);
        list.Block(layer, "time_mix_decay.weight", width);
        list.Linear(layer, "time_mix_decay_w1", width, decay);
        list.Linear(layer, "time_mix_decay_w2", decay, width);
        list.Linear(layer, "time_mix_gate", width, width);
        list.Block(layer, "channel_mix_lerp_r.weight", width);
        list.Linear(layer, "channel_mix_receptance", width, width);
    }

    private static void Block7(TensorList list, int layer)
    {
        var width = list.Model.Embedding;
        var rate = Key(list, "attention.iclr_lora_rank");
        Common(list, layer);
        LowRank(list, layer, "w", Key(list, "attention.decay_lora_rank"));
        LowRank(list, layer, "a", rate);
        LowRank(list, layer, "v", layer == 0 ? rate : Key(list, "attention.value_residual_mix_lora_rank"));
        list.Linear(layer, "time_mix_g1", width, Key(list, "attention.gate_lora_rank"));
        list.Linear(layer, "time_mix_g2", Key(list, "attention.gate_lora_rank"), width);
        list.Block(layer, "time_mix_lerp_fused.weight", width, 1, 1, 6);
        foreach (var name in new[] { "k_k", "k_a", "r_k" }) list.Block(layer, $"time_mix_{name}.weight", width);
    }

    private static void Common(TensorList list, int layer)
    {
        var (width, inner) = (list.Model.Embedding, list.Model.FeedForward(layer));
        list.Norm(layer, "attn_norm", width, bias: true);
        list.Norm(layer, "attn_norm_2", width, bias: true);
        foreach (var name in new[] { "key", "value", "receptance", "output" })
            list.Linear(layer, "time_mix_" + name, width, width);
        list.Norm(layer, "time_mix_ln", width, bias: true);
        list.Block(layer, "channel_mix_lerp_k.weight", width);
        list.Linear(layer, "channel_mix_key", width, inner);
        list.Linear(layer, "channel_mix_value", inner, width);
    }

    private static void LowRank(TensorList list, int layer, string name, long rank)
    {
        list.Block(layer, $"time_mix_{name}0.weight", list.Model.Embedding);
        list.Linear(layer, $"time_mix_{name}1", list.Model.Embedding, rank);
        list.Linear(layer, $"time_mix_{name}2", rank, list.Model.Embedding);
    }

    private static long Key(TensorList list, string key) => list.Model.Metadata.Integer(key, 0);
}
