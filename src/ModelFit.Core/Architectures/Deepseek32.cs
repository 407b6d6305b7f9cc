using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>Latent attention over the cells that an indexer chose (src/models/deepseek32.cpp, glm-dsa.cpp).</summary>
internal static class Deepseek32
{
    public static Architecture[] All { get; } =
    {
        new("deepseek32")
        {
            Classes = "DeepseekV32ForCausalLM",
            Types = "deepseekv32",
            RefusesTensorSplit = true,
            KeepsPredictionLayers = true,
            Shape = new() { Experts = ExpertRules.FromMetadata, RemembersLayers = true },
            AttentionTensors = AttentionWithIndexer,
            Compose = Sparse((_, _) => true),
            Likeness = new(6, "attn_kv_a_mqa.weight indexer.attn_q_b.weight"),
        },
        new("glm-dsa")
        {
            Classes = "GlmMoeDsaForCausalLM",
            RefusesTensorSplit = true,
            PublishedCount = PublishedCount.WithPrediction,
            Types = "glmmoedsa",
            KeepsPredictionLayers = true,
            Shape = new()
            {
                Experts = metadata => ExpertRules.FromMetadata(metadata, ExpertGating.Sigmoid), RemembersLayers = true,
            },
            AttentionTensors = AttentionWithIndexer,
            Compose = Sparse(ChoosesItself),
        },
    };

    /// <summary>
    /// The same where each token attends only to the cells that an indexer chose, in this layer or in the last one that
    /// <paramref name="chooses"/> (src/models/deepseek32.cpp, glm-dsa.cpp).
    /// </summary>
    private static Action<GraphBuilder> Sparse(Func<ModelMetadata, int, bool> chooses) => builder =>
    {
        Tensor? chosen = null;
        Decoder.WithAttention((_, layer, x) =>
        {
            var low = Deepseek2.LowRankQueries(builder, layer, x);
            if (chooses(builder.Model.Metadata, layer) || chosen is null)
                chosen = SparseIndexer.Choose(builder, layer, x, low);
            var q = MulMat(builder.Required(layer, "attn_q_b"), low);
            return Deepseek2.Attention(builder, layer, x, q, chosen);
        })(builder);
    };

    /// <summary>
    /// Whether a layer of GLM 5 has an indexer of its own: all had one until contexts of 2^20 tokens came, then two and
    /// every fourth, unless the file says which.
    /// </summary>
    private static bool ChoosesItself(ModelMetadata metadata, int layer)
    {
        const long longContext = 1 << 20;
        if (metadata.Flags("attention.indexer.types") is { } own && layer < own.Length) return own[layer];
        return metadata.Integer("context_length", 0) < longContext || layer < 2 || (layer - 2) % 4 == 0;
    }

    private static void AttentionWithIndexer(TensorList list, int layer)
    {
        Deepseek2.Attention(list, layer);
        Indexer(list, layer);
    }

    /// <summary>What chooses the cells that a layer attends to.</summary>
    public static void Indexer(TensorList list, int layer)
    {
        var metadata = list.Model.Metadata;
        var heads = metadata.Integer("attention.indexer.head_count", 0);
        var length = metadata.Integer("attention.indexer.key_length", 0);
        list.Norm(layer, "indexer.k_norm", length, bias: true);
        list.Linear(layer, "indexer.proj", list.Model.Embedding, heads);
        list.Linear(layer, "indexer.attn_k", list.Model.Embedding, length);
        list.Linear(layer, "indexer.attn_q_b", metadata.Integer("attention.q_lora_rank", 0), heads * length);
    }
}
