using ModelFit.Architectures;
using ModelFit.Models;

namespace ModelFit.Testing;

/// <summary>Models of the Llama family of any number of layers.</summary>
internal static class SmallModels
{
    /// <summary>A dense model, or one with eight experts a layer of which a token uses two.</summary>
    public static ModelSpec Of(int layers, bool experts = false, int embedding = 1024)
    {
        var values = new Dictionary<string, object>
        {
            ["block_count"] = (long)layers,
            ["embedding_length"] = (long)embedding,
            ["feed_forward_length"] = 4L * embedding,
            ["attention.head_count"] = (long)(embedding / 64),
            ["attention.head_count_kv"] = 4L,
            ["vocab_size"] = 32000L,
            ["context_length"] = 8192L,
        };
        if (experts)
        {
            values["expert_count"] = 8L;
            values["expert_used_count"] = 2L;
        }

        var model = new Hyperparameters(new ModelMetadata("llama", values), Traits.None);
        return new ModelSpec
        {
            Name = $"{layers}-layer model",
            Architecture = "llama",
            LayerCount = layers,
            ParameterCount = 1L << 30,
            Layout = new LaidOutModel(() => model, null),
        };
    }
}
