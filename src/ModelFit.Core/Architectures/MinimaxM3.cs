using ModelFit.Graph;
using ModelFit.Graph.Blocks;

namespace ModelFit.Architectures;

/// <summary>
/// MiniMax M2 and M3, whose attention is sparse by blocks (src/models/minimax-m2.cpp, minimax-m3.cpp).
/// </summary>
internal static class MinimaxM3
{
    public static Architecture[] All { get; } =
    {
        new("minimax-m2")
        {
            Classes = "MiniMaxM2ForCausalLM",
            RefusesTensorSplit = true,
            Configure = ConfigDraft.ExpertsAsWideAsAll,
            Shape = new()
            {
                Experts = ExpertRules.Normalized,
                HeadNorms = QkNormKind.Row, RouterBias = ArchitectureShape.RouterBiasName,
            },
        },
        new("minimax-m3")
        {
            Classes = "MiniMaxM3SparseForCausalLM MiniMaxM3SparseForConditionalGeneration",
            RefusesTensorSplit = true,
            Configure = Configure,
            Shape = new()
            {
                RemembersLayers = true, Experts = ExpertRules.FromMetadata, HeadNorms = QkNormKind.Head,
                RouterBias = ArchitectureShape.RouterBiasName, Nodes = NodeBudget.Wide,
            },
            BlockTensors = Indexer, Compose = Decoder.WithAttention(SparseAttention),
        },
    };

    private static Tensor SparseAttention(GraphBuilder builder, int layer, Tensor x)
    {
        var settings = builder.Settings;
        var (q, k, v) = Decoder.Heads(builder, layer, x);
        var hasIndexer = layer >= builder.Model.Size("leading_dense_block_count", 0);
        if (hasIndexer) builder.ReserveIndexer(layer);
        return hasIndexer && settings.FlashAttention && (settings.Sequences == 1 || !settings.IsUnified)
            ? builder.BlockSparseAttention(layer, x, q, k, v)
            : builder.Attention(layer, q, k, v);
    }

    private static void Indexer(TensorList list, int layer)
    {
        if (layer < list.Model.LeadingDense) return;
        var length = list.Model.Metadata.Integer("attention.indexer.key_length", 0);
        var heads = list.Model.Metadata.Integer("attention.indexer.head_count", 0);
        list.Linear(layer, "indexer.q_proj", list.Model.Embedding, heads * length);
        list.Linear(layer, "indexer.k_proj", list.Model.Embedding, length);
        list.Norm(layer, "indexer.q_norm", length);
        list.Norm(layer, "indexer.k_norm", length);
    }

    private static void Configure(ConfigDraft draft)
    {
        ConfigDraft.ExpertsAsWideAsAll(draft);
        draft.LeadingDense();
        var sparse = draft.Config.Section("sparse_attention_config");
        draft.Set("attention.indexer.head_count", sparse?.Integer("sparse_num_index_heads"));
        draft.Set("attention.indexer.key_length", sparse?.Integer("sparse_index_dim"));
        draft.Set("attention.indexer.top_k", sparse?.Integer("sparse_topk_blocks"));
        draft.Set("attention.indexer.block_size", sparse?.Integer("sparse_block_size"));
        draft.Set("attention.indexer.local_blocks", sparse?.Integer("sparse_local_block"));
    }
}
