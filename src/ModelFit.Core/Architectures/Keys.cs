namespace ModelFit.Architectures;

/// <summary>Keys of GGUF that configurations are often read into, without the architecture's prefix.</summary>
internal static class Keys
{
    public const string Embedding = "embedding_length";
    public const string FeedForward = "feed_forward_length";
    public const string ExpertFeedForward = "expert_feed_forward_length";
    public const string SharedFeedForward = "expert_shared_feed_forward_length";
    public const string Heads = "attention.head_count";
    public const string KvHeads = "attention.head_count_kv";
    public const string LeadingDense = "leading_dense_block_count";
    public const string Window = "attention.sliding_window";
    public const string WindowPattern = "attention.sliding_window_pattern";
}
