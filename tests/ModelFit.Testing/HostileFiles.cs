using System.Text;
using System.Threading;
using ModelFit.Formats;
using ModelFit.Formats.HuggingFace;
using ModelFit.Formats.Stores;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Testing;

/// <summary>
/// What files are damaged in the corpus and in long runs, and what must come of it: an error that names the file, or a
/// spec that can be computed with.
/// </summary>
internal static class HostileFiles
{
    private const string ManifestName = "manifests/library/tiny/latest";

    private const string MixtureConfig = """
        {"architectures":["Qwen3MoeForCausalLM"],"model_type":"qwen3_moe","torch_dtype":"bfloat16","hidden_size":256,
        "intermediate_size":512,"moe_intermediate_size":128,"num_experts":8,"num_experts_per_tok":2,
        "num_hidden_layers":4,"num_attention_heads":8,"num_key_value_heads":2,"head_dim":32,"vocab_size":1000,
        "max_position_embeddings":40960,"rope_scaling":{"rope_type":"yarn","factor":4.0},"sliding_window":null,
        "quantization_config":{"quant_method":"fp8","weight_block_size":[128,128]},"tie_word_embeddings":false}
        """;

    private const string LatentConfig = """
        {"architectures":["DeepseekV3ForCausalLM"],"hidden_size":256,"intermediate_size":512,"kv_lora_rank":64,
        "q_lora_rank":96,"qk_nope_head_dim":32,"qk_rope_head_dim":16,"v_head_dim":32,"first_k_dense_replace":1,
        "moe_intermediate_size":128,"n_routed_experts":8,"n_shared_experts":1,"num_experts_per_tok":2,
        "num_hidden_layers":4,"num_attention_heads":8,"num_key_value_heads":8,"vocab_size":1000,
        "max_position_embeddings":4096,"topk_method":"noaux_tc","num_nextn_predict_layers":1}
        """;

    private const string HybridConfig = """
        {"architectures":["NemotronHForCausalLM"],"model_type":"nemotron_h","hidden_size":256,"head_dim":32,
        "mamba_head_dim":32,"mamba_num_heads":8,"n_groups":2,"ssm_state_size":16,"conv_kernel":4,"vocab_size":1000,
        "moe_intermediate_size":128,"moe_latent_size":64,"moe_shared_expert_intermediate_size":256,
        "num_experts_per_tok":2,"n_routed_experts":8,"n_shared_experts":1,"num_attention_heads":8,
        "num_key_value_heads":2,
        "layers_block_type":["mamba","moe","attention","moe"],"num_nextn_predict_layers":1,
        "quantization_config":{"quant_method":"modelopt","quantized_layers":{"a":{"quant_algo":"NVFP4"}},
        "config_groups":{"group_0":{"format":"mxfp4-pack-quantized","weights":{"num_bits":4,"type":"float"}}}}}
        """;

    private const string NestedConfig = """
        {"architectures":["Gemma4ForConditionalGeneration"],"vision_config":{"hidden_size":64},"text_config":{
        "model_type":"gemma4_text","hidden_size":256,"head_dim":32,"global_head_dim":64,"attention_k_eq_v":true,
        "intermediate_size":512,"num_hidden_layers":4,"num_attention_heads":8,"num_key_value_heads":4,
        "num_global_key_value_heads":2,"num_kv_shared_layers":1,"use_double_wide_mlp":true,"sliding_window":512,
        "layer_types":["sliding_attention","full_attention","sliding_attention","full_attention"],
        "rope_parameters":{"full_attention":{"rope_theta":1000000.0},"sliding_attention":{"rope_theta":10000.0}},
        "hidden_size_per_layer_input":64,"vocab_size":1000,"max_position_embeddings":4096}}
        """;

    private const string Index = """
        {"metadata":{"total_size":1e3},"weight_map":{"a":"model-00001-of-00001.safetensors",
        "b":"model-00001-of-00001.safetensors"}}
        """;

    private const string Manifest = """
        {"schemaVersion":2,"layers":[{"mediaType":"application/vnd.ollama.image.model","size":100,
        "digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"},
        {"mediaType":"application/vnd.ollama.image.projector","size":10,
        "digest":"sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"}]}
        """;

    /// <summary>The whole files that are damaged, by a name that decides how they are read.</summary>
    public static IReadOnlyList<(string Name, byte[] Bytes)> Originals { get; } =
    [
        ("v1.gguf", Gguf(1, false)), ("v2.gguf", Gguf(2, false)), ("v3.gguf", Gguf(3, false)),
        ("big-endian.gguf", Gguf(3, true)), ("arrays.gguf", Arrays()),
        ("model.safetensors", Weights()), ("config.json", Encoding.UTF8.GetBytes(MixtureConfig)),
        ("latent/config.json", Encoding.UTF8.GetBytes(LatentConfig)),
        ("hybrid/config.json", Encoding.UTF8.GetBytes(HybridConfig)),
        ("nested/config.json", Encoding.UTF8.GetBytes(NestedConfig)),
        ("model.safetensors.index.json", Encoding.UTF8.GetBytes(Index)),
        (ManifestName, Encoding.UTF8.GetBytes(Manifest)),
    ];

    /// <summary>
    /// Reads a damaged file and computes with what comes of it; true for a spec, false for an error as it should be.
    /// Everything else escapes.
    /// </summary>
    public static bool Read(string name, byte[] bytes, out long allocatedBytes)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        ModelSpec? spec = null;
        try
        {
            spec = Read(name, bytes);
        }
        catch (ModelFitException failure) when (
            failure.ErrorId == ErrorIds.InvalidModelFile && failure.Message.Contains(name, StringComparison.Ordinal))
        {
        }

        allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        return spec is not null && Compute(spec);
    }

    private static ModelSpec Read(string name, byte[] bytes)
    {
        if (name == ManifestName) return ReadManifest(bytes);
        var length = name.EndsWith(".gguf", StringComparison.Ordinal) ? 1L << 40 : bytes.Length;
        using var source = new MemorySource(name, bytes, length);
        return ModelFiles.Read(source, OpenBeside, ModelOrigin.File, NullSink.Instance, CancellationToken.None);
    }

    private static ModelSpec ReadManifest(byte[] bytes)
    {
        using var source = new MemorySource(ManifestName, bytes);
        var manifest = OllamaManifest.Read(ManifestName, JsonFile.ReadObject(source, CancellationToken.None));
        manifest.SayCompanions(ManifestName, layer => layer.Digest, NullSink.Instance);
        if (manifest.Model is null) throw InvalidFile.Whole(ManifestName, "no model");
        return Read("v3.gguf", Gguf(3, false));
    }

    private static ByteSource? OpenBeside(string name) => name switch
    {
        "config.json" => new MemorySource(name, Encoding.UTF8.GetBytes(MixtureConfig)),
        "model-00001-of-00001.safetensors" => new MemorySource(name, Weights()),
        _ => null,
    };

    private static bool Compute(ModelSpec spec)
    {
        try
        {
            var layout = new DeviceLayout { Backend = ComputeBackend.Cuda, GpuCount = 1, GpuLayers = int.MaxValue };
            var options = new RuntimeOptions { ContextLength = 512 };
            MemoryModel.Measure(spec.Layout!.Define(null, new List<string>()), options, layout);
            foreach (var quantization in new[] { "Q4_K_M", "IQ2_XS" })
                spec.Layout.Define(quantization, new List<string>());
            return true;
        }
        catch (ModelFitException failure) when (
            failure.ErrorId is ErrorIds.InvalidModelFile or ErrorIds.ModelSizeUnknown)
        {
            return false;
        }
    }

    private static byte[] Gguf(int version, bool bigEndian) => SampleModels.Llama(version, bigEndian).Header();

    private static byte[] Arrays() => new GgufWriter()
        .Add("general.architecture", "gemma3").Add("general.alignment", 32u).Add("gemma3.block_count", 2u)
        .Add("gemma3.embedding_length", 256u).Add("gemma3.attention.head_count", new[] { 4, 4 })
        .Add("gemma3.attention.head_count_kv", new[] { 2, 2 })
        .Add("gemma3.feed_forward_length", new long[] { 512, 512 })
        .Add("gemma3.attention.sliding_window", 512u).Add("gemma3.vocab_size", 64u)
        .Add("gemma3.attention.sliding_window_pattern", new[] { true, false }).Add("split.count", (ushort)1)
        .Add("tokenizer.ggml.tokens", SampleModels.Tokens(64)).Add("tokenizer.ggml.scores", new float[64])
        .Add("token_embd.weight", TensorType.Q8_0, 256, 64).Add("blk.0.attn_q.weight", TensorType.Q4_K, 256, 256)
        .Add("blk.1.ffn_down_exps.weight", TensorType.IQ3_XXS, 256, 64, 4).Header();

    private static byte[] Weights() => new SafetensorsWriter()
        .Add("model.embed_tokens.weight", 8, 16).Add("model.layers.0.mlp.experts.1.up_proj.weight", "F8_E4M3", 8, 8, 8)
        .Add("model.layers.0.mlp.experts.1.up_proj.weight_scale_inv", "F32", 32, 1, 1).ToArray();
}
