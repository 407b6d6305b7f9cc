using ModelFit.Models;

namespace ModelFit.Testing;

/// <summary>Small models whose every number is known.</summary>
internal static class SampleModels
{
    /// <summary>Two layers of the llama architecture, 64 wide, with 100 tokens in the vocabulary.</summary>
    public static GgufWriter Llama(int version = 3, bool bigEndian = false, int vocabulary = 100)
    {
        var writer = new GgufWriter(version, bigEndian)
            .Add("general.architecture", "llama")
            .Add("general.name", "Tiny Llama")
            .Add("general.license", "mit")
            .Add("general.file_type", 1u)
            .Add("llama.block_count", 2u)
            .Add("llama.context_length", 2048u)
            .Add("llama.embedding_length", 64u)
            .Add("llama.feed_forward_length", 128u)
            .Add("llama.attention.head_count", 4u)
            .Add("llama.attention.head_count_kv", 2u)
            .Add("llama.attention.layer_norm_rms_epsilon", 1e-5f)
            .Add("llama.rope.freq_base", 500000f)
            .Add("tokenizer.ggml.model", "gpt2")
            .Add("tokenizer.ggml.tokens", Tokens(vocabulary))
            .Add("tokenizer.ggml.token_type", new int[vocabulary])
            .Add("tokenizer.ggml.add_bos_token", true)
            .Add("tokenizer.chat_template", new string('x', 5000))
            .Add("token_embd.weight", TensorType.F16, 64, vocabulary);
        for (var layer = 0; layer < 2; layer++) AddLayer(writer, $"blk.{layer}.");
        return writer.Add("output_norm.weight", TensorType.F32, 64)
            .Add("output.weight", TensorType.F16, 64, vocabulary);
    }

    /// <summary>Parameters of <see cref="Llama"/> with 100 tokens, by hand.</summary>
    public const long LlamaParameters =
        (2 * 64 * 100) + 64 + (2 * ((64 * 64) + (2 * 64 * 32) + (64 * 64) + (3 * 64 * 128) + (2 * 64)));

    public static string[] Tokens(int count)
    {
        var tokens = new string[count];
        for (var i = 0; i < count; i++) tokens[i] = "\u0120tok" + i;
        return tokens;
    }

    private static void AddLayer(GgufWriter writer, string prefix) => writer
        .Add(prefix + "attn_norm.weight", TensorType.F32, 64)
        .Add(prefix + "attn_q.weight", TensorType.F16, 64, 64)
        .Add(prefix + "attn_k.weight", TensorType.F16, 64, 32)
        .Add(prefix + "attn_v.weight", TensorType.F16, 64, 32)
        .Add(prefix + "attn_output.weight", TensorType.F16, 64, 64)
        .Add(prefix + "ffn_norm.weight", TensorType.F32, 64)
        .Add(prefix + "ffn_gate.weight", TensorType.F16, 64, 128)
        .Add(prefix + "ffn_up.weight", TensorType.F16, 64, 128)
        .Add(prefix + "ffn_down.weight", TensorType.F16, 128, 64);
}
