using System.Text;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Formats;
using ModelFit.Graph;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>Configurations of transformers, with what only some architectures and tools write in them.</summary>
public sealed class HfConfigTests
{
    private const string NemotronSuper = """
        {"architectures":["NemotronHForCausalLM"],"model_type":"nemotron_h","hidden_size":4096,"head_dim":128,
        "intermediate_size":2688,"mamba_head_dim":64,"mamba_num_heads":128,"conv_kernel":4,"n_groups":8,
        "moe_intermediate_size":2688,"moe_latent_size":1024,"moe_shared_expert_intermediate_size":5376,
        "n_routed_experts":512,"n_shared_experts":1,"num_attention_heads":32,"num_experts_per_tok":22,
        "num_hidden_layers":88,"num_key_value_heads":2,"num_nextn_predict_layers":1,"ssm_state_size":128,
        "vocab_size":131072,"max_position_embeddings":262144,"hybrid_override_pattern":
        "MEMEMEM*EMEMEMEM*EMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEMEM*EMEMEMEM*EMEMEMEME"}
        """;

    private const string NemotronNano = """
        {"architectures":["NemotronHForCausalLM"],"model_type":"nemotron_h","hidden_size":2688,"head_dim":128,
        "intermediate_size":1856,"mamba_head_dim":64,"mamba_num_heads":64,"conv_kernel":4,"n_groups":8,
        "moe_intermediate_size":1856,"moe_shared_expert_intermediate_size":3712,"n_routed_experts":128,
        "n_shared_experts":1,"num_attention_heads":32,"num_experts_per_tok":6,"num_key_value_heads":2,
        "ssm_state_size":128,"vocab_size":131072,"max_position_embeddings":262144,"layers_block_type":WORDS}
        """;

    private const string NanoPattern = "MEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEM*EMEMEMEM*EMEMEMEME";

    private const string LlamaScout = """
        {"architectures":["Llama4ForConditionalGeneration"],"model_type":"llama4","text_config":{
        "model_type":"llama4_text","hidden_size":5120,"head_dim":128,"intermediate_size":8192,
        "intermediate_size_mlp":16384,"interleave_moe_layer_step":1,"max_position_embeddings":10485760,
        "num_attention_heads":40,"num_experts_per_tok":1,"num_hidden_layers":48,"num_key_value_heads":8,
        "num_local_experts":16,"rope_scaling":{"rope_type":"llama3"},"vocab_size":202048}}
        """;

    private const string DeepSeekFlash = """
        {"architectures":["DeepseekV4ForCausalLM"],"model_type":"deepseek_v4","hidden_size":4096,"head_dim":512,
        "num_attention_heads":64,"num_key_value_heads":1,"num_hidden_layers":43,"num_hash_layers":3,"vocab_size":129280,
        "q_lora_rank":1024,"o_lora_rank":1024,"o_groups":8,"qk_rope_head_dim":64,"index_n_heads":64,
        "index_head_dim":128,"index_topk":512,"sliding_window":128,"hc_mult":4,"hc_sinkhorn_iters":20,
        "n_routed_experts":256,"n_shared_experts":1,"num_experts_per_tok":6,"moe_intermediate_size":2048,
        "num_nextn_predict_layers":1,"max_position_embeddings":1048576,"compress_ratios":[0,0,RATIOS,4,0]}
        """;

    private const string KimiK3 = """
        {"architectures":["KimiK3ForConditionalGeneration"],"model_type":"kimi_k3","text_config":{"hidden_size":7168,
        "model_type":"kimi_linear","num_hidden_layers":93,"num_attention_heads":96,"num_key_value_heads":96,
        "intermediate_size":33792,"vocab_size":163840,"max_position_embeddings":1048576,"q_lora_rank":1536,
        "kv_lora_rank":512,"qk_nope_head_dim":128,"qk_rope_head_dim":64,"v_head_dim":128,"mla_use_output_gate":true,
        "num_experts":896,"num_experts_per_token":16,"num_shared_experts":2,"moe_intermediate_size":3072,
        "first_k_dense_replace":1,"routed_expert_hidden_size":3584,"latent_moe_use_norm":true,"attn_res_block_size":12,
        "linear_attn_config":{"num_heads":96,"head_dim":128,"short_conv_kernel_size":4,"gate_lower_bound":-5.0,
        "full_attn_layers":[FULL,93]}}}
        """;

    private const string Small = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","torch_dtype":"bfloat16","hidden_size":256,
        "intermediate_size":512,"num_hidden_layers":2,"num_attention_heads":4,"max_position_embeddings":2048,
        "vocab_size":100,"NAME":VALUE}
        """;

    private readonly RecordingSink _sink = new();

    /// <summary>Parameters as the hub counts them in the safetensors of each model, or as llama.cpp does.</summary>
    public static TheoryData<string, long> Published => new()
    {
        { NemotronSuper, 123_611_012_096 },
        { NemotronNano.Replace("WORDS", Words(NanoPattern)), 31_577_937_344 },
        { LlamaScout, 107_769_861_120 },
    };

    [Theory]
    [MemberData(nameof(Published))]
    public void Have_the_published_parameters(string json, long published)
    {
        var difference = Math.Abs(Read(json).ParameterCount!.Value - published);
        Assert.True(difference < published / 100_000, $"off by {difference}");
    }

    /// <summary>Tensors of a configuration and of the catalog's entry of the same model.</summary>
    public static TheoryData<string, string> InTheCatalog => new()
    {
        {
            DeepSeekFlash.Replace("RATIOS", string.Join(',', Enumerable.Repeat("4,128", 20))),
            "deepseek-ai/DeepSeek-V4-Flash"
        },
        {
            KimiK3.Replace("FULL", string.Join(',', Enumerable.Range(1, 23).Select(number => 4 * number))),
            "moonshotai/Kimi-K3"
        },
    };

    [Theory]
    [MemberData(nameof(InTheCatalog))]
    public void Have_the_tensors_of_the_catalogs_entry(string json, string name)
    {
        var expected = Define(ModelCatalog.Resolve(name, NullSink.Instance), "F16");
        Assert.Equal(expected.Tensors, Define(Read(json), "F16").Tensors);
    }

    [Fact]
    public void Count_an_image_encoders_inner_layers_where_they_are_added()
    {
        var json = Small.Replace("LlamaForCausalLM", "Qwen3VLForConditionalGeneration")
            .Replace("\"NAME\":VALUE", "\"vision_config\":{\"deepstack_visual_indexes\":[5,11,17]}");
        Assert.Equal(3, Define(Read(json), "F16").Metadata.Integer("n_deepstack_layers"));
    }

    /// <summary>
    /// yuhuili's drafter for Llama 3.1 8B bears Llama's class; the converter tells it by its vocabulary, and writes the
    /// numbers of its tokens as 64-bit integers (conversion/llama.py; read in November 2026).
    /// </summary>
    [Fact]
    public void A_llama_of_one_layer_that_drafts_a_part_of_the_vocabulary_is_eagle3()
    {
        var model = Define(
            Read("""
                {"architectures":["LlamaForCausalLM"],"model_type":"llama","hidden_size":4096,"num_hidden_layers":1,
                "intermediate_size":14336,"num_attention_heads":32,"num_key_value_heads":8,"vocab_size":128256,
                "draft_vocab_size":32000,"max_position_embeddings":2048}
                """),
            "F16");
        Assert.Equal("eagle3", model.Architecture);
        Assert.Equal(TensorType.I64, model.Tensor("d2t")!.Type);
        Assert.Equal([4096L, 32000L], new[] { model.Tensor("output.weight")!.N0, model.Tensor("output.weight")!.N1 });
        Assert.Null(model.Tensor("token_embd.weight"));
    }

    /// <summary>
    /// Gemma 4's assistants read the other model's caches and have none. The matrices of the 12B's are those by which
    /// its published files differ: 861,520,128 bytes in BF16 and 465,109,248 in Q8_0 (sjakek/gemma4-12b-mtp-assistant,
    /// whose card has the header); the 31B's repository says 470M parameters, the E4B's file of safetensors 159 MB.
    /// </summary>
    [Theory]
    [InlineData(1024, 3840, 8192, 16, "[8,8,8,1]", false, 422_838_272)]
    [InlineData(1024, 5376, 8192, 32, "[16,16,16,4]", false, 469_499_904)]
    [InlineData(256, 2560, 2048, 4, "[2,2,2,2]", true, 78_512_128)]
    public void An_assistant_of_Gemma_4_has_the_published_size_and_no_cache(
        int width, int target, int inner, int heads, string kvHeads, bool isOrdered, long matrices)
    {
        var kv = kvHeads.Trim('[', ']').Split(',');
        var model = Define(
            Read($$$"""
                {"architectures":["Gemma4AssistantForCausalLM"],"model_type":"gemma4_assistant",
                "backbone_hidden_size":{{{target}}},"use_ordered_embeddings":{{{(isOrdered ? "true" : "false")}}},
                "num_centroids":2048,"text_config":{"model_type":"gemma4_text","hidden_size":{{{width}}},
                "num_hidden_layers":4,"intermediate_size":{{{inner}}},"num_attention_heads":{{{heads}}},
                "num_key_value_heads":{{{kv[0]}}},"num_global_key_value_heads":{{{kv[3]}}},"head_dim":256,
                "global_head_dim":512,"vocab_size":262144,"sliding_window":1024,"attention_k_eq_v":true,
                "max_position_embeddings":131072,"num_kv_shared_layers":4,"layer_types":["sliding_attention",
                "sliding_attention","sliding_attention","full_attention"]}}
                """),
            "F16");
        Assert.Equal("gemma4-assistant", model.Architecture);
        Assert.Equal(matrices, model.Tensors.Where(tensor => tensor.N1 > 1).Sum(tensor => tensor.Elements));
        Assert.Equal(isOrdered ? 51 : 49, model.Tensors.Count);
        var layout = new DeviceLayout { Backend = ComputeBackend.Cuda, GpuCount = 1, GpuLayers = int.MaxValue };
        var memory = MemoryModel.Measure(model, new RuntimeOptions { ContextLength = 32768 }, layout);
        Assert.Equal(Accuracy.Modelled, memory.Accuracy);
        Assert.Equal(0, memory.Devices.Sum(device => device.KvCacheBytes));
        Assert.InRange(memory.Gpus.Single().WeightBytes, model.WeightBytes * 0.97, model.WeightBytes + 4096);
    }

    [Fact]
    public void Have_no_values_where_keys_are_values()
    {
        var json = Small.Replace("LlamaForCausalLM", "Gemma4ForCausalLM").Replace(
            "\"NAME\":VALUE",
            """
            "attention_k_eq_v":true,"sliding_window":512,"layer_types":["sliding_attention","full_attention"]
            """);
        var model = Define(Read(json), "F16");
        Assert.NotNull(model.Tensor("blk.0.attn_v.weight"));
        Assert.Null(model.Tensor("blk.1.attn_v.weight"));
    }

    [Theory]
    [InlineData("""{"quant_method":"gptq","bits":4}""", "GPTQ-Int4")]
    [InlineData("""{"quant_method":"gptq","bits":2}""", "GPTQ-Int2")]
    [InlineData("""{"quant_method":"awq","bits":4}""", "AWQ")]
    [InlineData("""{"quant_method":"bitsandbytes","load_in_4bit":true}""", "NF4")]
    [InlineData("""{"quant_method":"bitsandbytes","load_in_8bit":true}""", "INT8")]
    [InlineData("""{"quant_method":"fp8","weight_block_size":[128,128]}""", "FP8")]
    [InlineData("""{"quant_method":"fbgemm_fp8"}""", "FP8")]
    [InlineData("""{"quant_method":"mxfp4"}""", "MXFP4")]
    [InlineData("""{"quant_method":"modelopt","quant_algo":"NVFP4"}""", "NVFP4-ModelOpt")]
    [InlineData("""{"quant_method":"modelopt","quant_algo":"MIXED_PRECISION","quantized_layers": """
        + """{"a":{"quant_algo":"FP8"},"b":{"quant_algo":"FP8"},"c":{"quant_algo":"NVFP4","group_size":16}}}""",
        "NVFP4-ModelOpt")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"pack-quantized","config_groups": """
        + """{"group_0":{"weights":{"num_bits":4,"type":"int"}}}}""", "W4A16")]
    [InlineData("""{"quant_method":"compressed-tensors","format":"nvfp4-pack-quantized", """
        + """ "config_groups":{"group_0":{"weights":{"num_bits":4,"type":"float"}}}}""", "NVFP4-ModelOpt")]
    [InlineData("""{"quant_method":"hqq","quant_config":{"weight_quant_params":{"nbits":3}}}""", "HQQ-3bit")]
    [InlineData("""{"quant_method":"eetq","weights":"int8"}""", "INT8")]
    [InlineData("""{"quant_method":"quanto","weights":"float8"}""", "FP8")]
    [InlineData("""{"quant_method":"torchao","quant_type":"int8_dynamic_activation_int4_weight"}""", "W4A16")]
    [InlineData("""{"quant_method":"torchao","quant_type":{"default":{"_type":"Int8WeightOnlyConfig"}}}""", "INT8")]
    [InlineData("""{"quant_method":"auto-round","bits":4}""", "AutoRound")]
    [InlineData("""{"quant_method":"aqlm"}""", "AQLM")]
    [InlineData("""{"group_size":64,"bits":5}""", "MLX-5bit")]
    public void Name_their_quantization(string section, string name)
    {
        var json = Small.Replace("NAME", "quantization_config").Replace("VALUE", section);
        var spec = Read(json);
        Assert.Equal(name, spec.Quantization);
        var own = spec.Layout!.Define(null, new List<string>());
        Assert.True(own.WeightBytes < Define(spec, "F16").WeightBytes);
        Assert.Equal(Accuracy.Approximate, own.Accuracy);
    }

    [Fact]
    public void May_have_their_quantization_beside_them()
    {
        const string beside = """{"producer":{"name":"modelopt"},"quantization":{"quant_algo":"NVFP4"}}""";
        var spec = Read(Small.Replace("\"NAME\":VALUE", "\"use_cache\":true"), beside);
        Assert.Equal("NVFP4-ModelOpt", spec.Quantization);
    }

    /// <summary>NVIDIA's MiniMax-M3 names each of its 22,422 matrices: 3 MB.</summary>
    [Fact]
    public void May_name_each_matrix_of_each_expert()
    {
        var layers = Enumerable.Range(0, 22_422).Select(number =>
            $"\"language_model.model.layers.{number / 400}.block_sparse_moe.experts.{number % 400}.gate_proj.matrix\":"
            + "{\"quant_algo\":\"NVFP4\",\"group_size\":16}");
        var section = "{\"quant_method\":\"modelopt\",\"quantized_layers\":{" + string.Join(',', layers) + "}}";
        var json = Small.Replace("NAME", "quantization_config").Replace("VALUE", section);
        Assert.InRange(json.Length, 2 << 20, 4 << 20);
        Assert.Equal("NVFP4-ModelOpt", Read(json).Quantization);
    }

    private static string Words(string pattern) => "[" + string.Join(',', pattern.Select(kind =>
        kind == 'M' ? "\"mamba\"" : kind == '*' ? "\"attention\"" : "\"moe\"")) + "]";

    private static ModelFit.Models.ModelDefinition Define(ModelSpec spec, string quantization) =>
        spec.Layout!.Define(quantization, new List<string>());

    private ModelSpec Read(string json, string? quantizationBeside = null)
    {
        var source = new MemorySource("config.json", Encoding.UTF8.GetBytes(json));
        ByteSource? Beside(string name) => name == "hf_quant_config.json" && quantizationBeside is not null
            ? new MemorySource(name, Encoding.UTF8.GetBytes(quantizationBeside))
            : null;
        return ModelFiles.Read(source, Beside, ModelOrigin.File, _sink, CancellationToken.None);
    }
}
