using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Threading;
using ModelFit.Formats;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

public sealed class ModelFilesTests : IDisposable
{
    private const string Config = """
        {"architectures":["LlamaForCausalLM"],"model_type":"llama","torch_dtype":"bfloat16","hidden_size":64,
        "intermediate_size":128,"num_hidden_layers":2,"num_attention_heads":4,"num_key_value_heads":2,
        "max_position_embeddings":2048,"vocab_size":100,"tie_word_embeddings":false}
        """;

    private readonly TemporaryFolder _folder = new();
    private readonly RecordingSink _sink = new();

    public void Dispose() => _folder.Dispose();

    private ModelSpec Read(string path) => ModelFiles.Read(path, _sink, CancellationToken.None);

    private ModelFitException Fails(string path, string id)
    {
        var failure = Assert.Throws<ModelFitException>(() => Read(path));
        Assert.Equal(id, failure.ErrorId);
        return failure;
    }

    [Theory]
    [InlineData("model.gguf", true)]
    [InlineData("MODEL.GGUF", true)]
    [InlineData("folder/model.safetensors", true)]
    [InlineData("config.json", true)]
    [InlineData("/models/x", true)]
    [InlineData("mistralai/Mixtral-8x22B-v0.1", false)]
    [InlineData("mixtral:8x22b", false)]
    [InlineData("qwen3-8b", false)]
    [InlineData("", false)]
    public void Tells_paths_from_names(string text, bool isPath) =>
        Assert.Equal(isPath, ModelFiles.LooksLikePath(text));

    [Theory]
    [InlineData("plain.gguf")]
    [InlineData("with [brackets] & 'quotes'.gguf")]
    [InlineData("no extension")]
    [InlineData("Größe 模型.gguf")]
    public void Reads_gguf_by_its_bytes(string name)
    {
        var path = _folder.Write(SampleModels.Llama().ToArray(), name);
        var spec = Read(path);
        Assert.Equal(path, spec.ModelPath);
        Assert.Equal(SampleModels.LlamaParameters, spec.ParameterCount);
        Assert.Equal(new FileInfo(path).Length, spec.FileBytes);
    }

    [Fact]
    public void Reads_a_file_that_is_being_written()
    {
        var path = _folder["model.gguf"];
        using var writer = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.ReadWrite);
        writer.Write(SampleModels.Llama().ToArray());
        writer.Flush();
        Assert.Equal(2, Read(path).LayerCount);
    }

    /// <summary>Opening a pipe that nobody writes to would wait for ever.</summary>
    [Fact]
    public void Does_not_wait_for_a_pipe()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "pipes have no names in folders on Windows");
        using var process = Process.Start("mkfifo", [_folder["pipe.gguf"]]);
        process.WaitForExit();
        File.CreateSymbolicLink(_folder["link.gguf"], _folder["pipe.gguf"]);
        foreach (var name in new[] { "pipe.gguf", "link.gguf", "/dev/null" })
            Assert.Contains("a pipe", Fails(Path.Combine(_folder.Path, name), ErrorIds.InvalidModelFile).Message);
    }

    [Fact]
    public void Reads_a_path_of_more_than_260_characters()
    {
        var segments = new List<string>();
        for (var i = 0; i < 6; i++) segments.Add(new string('a', 60));
        Assert.Equal(2, Read(_folder.Write(SampleModels.Llama().ToArray(), [.. segments, "m.gguf"])).LayerCount);
    }

    [Fact]
    public void Finds_the_parts_of_a_split_file_beside_it()
    {
        for (var number = 1; number <= 2; number++)
        {
            var writer = new GgufWriter().Add("split.no", (ushort)(number - 1)).Add("split.count", (ushort)2)
                .Add("general.architecture", "llama").Add("llama.block_count", 1).Add("llama.embedding_length", 64)
                .Add($"blk.0.t{number}.weight", ModelFit.Models.TensorType.F16, 64, 64);
            _folder.Write(writer.ToArray(), $"m-0000{number}-of-00002.gguf");
        }

        var spec = Read(_folder["m-00002-of-00002.gguf"]);
        Assert.Equal(2 * 64 * 64, spec.ParameterCount);
        Assert.EndsWith("m-00001-of-00002.gguf", spec.ModelPath);
        Assert.Equal(2 * 64 * 64, Read(_folder.Path).ParameterCount);
        File.Delete(_folder["m-00002-of-00002.gguf"]);
        var failure = Fails(_folder["m-00001-of-00002.gguf"], ErrorIds.InvalidModelFile);
        Assert.Contains("m-00002-of-00002.gguf", failure.Message);
    }

    [Theory]
    [InlineData("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 5\n", "Git LFS")]
    [InlineData("<!DOCTYPE html><html></html>", "web page")]
    [InlineData("tjgg\u0001\u0000\u0000\u0000", "GGJT")]
    [InlineData("", "an empty file")]
    [InlineData("MZ anything", "something else")]
    public void Says_what_is_no_model(string content, string words)
    {
        var failure = Fails(_folder.Write(content, "some.bin"), ErrorIds.InvalidModelFile);
        Assert.Contains(words, failure.Message);
    }

    [Fact]
    public void Reads_no_folder_without_a_model_or_with_several()
    {
        Fails(_folder.Path, ErrorIds.InvalidModelFile);
        _folder.Write(SampleModels.Llama().ToArray(), "mmproj-a.gguf");
        _folder.Write(SampleModels.Llama().ToArray(), "a.gguf");
        Assert.EndsWith("a.gguf", Read(_folder.Path).ModelPath);
        _folder.Write(SampleModels.Llama().ToArray(), "b.gguf");
        Assert.Contains("b.gguf", Fails(_folder.Path, ErrorIds.InvalidModelFile).Message);
    }

    [Fact]
    public void Cannot_read_what_is_not_there()
    {
        Fails(Path.Combine(_folder.Path, "absent.gguf"), ErrorIds.FileUnreadable);
        Fails("bad\0name.gguf", ErrorIds.FileUnreadable);
        Fails(string.Empty, ErrorIds.FileUnreadable);
    }

    [Fact]
    public void Reads_a_configuration_alone()
    {
        var spec = Read(_folder.Write(Config, "Tiny-Llama", "config.json"));
        Assert.Equal("Tiny-Llama", spec.Name);
        Assert.Equal("Config", spec.Source);
        Assert.Equal("BF16", spec.Quantization);
        Assert.Equal(SampleModels.LlamaParameters, spec.ParameterCount);
        Assert.Null(spec.FileBytes);
        Assert.Equal(100, spec.VocabularySize);
    }

    [Fact]
    public void Reads_numbers_the_same_where_a_comma_separates_decimals()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");
            var json = Config.Replace("\"hidden_size\":64", "\"hidden_size\":6.4e1,\"partial_rotary_factor\":0.5");
            var spec = Read(_folder.Write(json, "config.json"));
            var metadata = spec.Layout!.Define("Q8_0", new List<string>()).Metadata;
            Assert.Equal(64, spec.EmbeddingLength);
            Assert.Equal(8, metadata.Integer("rope.dimension_count"));
            var cut = _folder.Write(SampleModels.Llama().ToArray()[..^1234], "cut.gguf");
            Assert.Contains(" 1234 bytes are missing", Fails(cut, ErrorIds.InvalidModelFile).Message);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("{\"model_type\":\"llama\"}")]
    [InlineData("{\"model_type\":\"llama\",\"num_hidden_layers\":1e9,\"hidden_size\":64}")]
    [InlineData("{\"model_type\":\"llama\",\"num_hidden_layers\":2,\"hidden_size\":-64}")]
    [InlineData("{\"model_type\":\"llama\",\"num_hidden_layers\":2,\"num_hidden_layers\":2}")]
    [InlineData("{\"_class_name\":\"UNet2DConditionModel\"}")]
    [InlineData("{\"model_type\":5,\"architectures\":7}")]
    public void Refuses_configurations_of_no_model(string json) =>
        Fails(_folder.Write(json, "config.json"), ErrorIds.InvalidModelFile);

    [Fact]
    public void Reads_safetensors_in_parts_through_links_of_the_hubs_cache()
    {
        WriteSnapshot("0123", out var blobs);
        var spec = Read(_folder["models--acme--Tiny-Llama"]);
        Assert.Equal("acme/Tiny-Llama", spec.Name);
        Assert.Equal("Safetensors", spec.Source);
        Assert.Equal("BF16", spec.Quantization);
        Assert.Equal(SampleModels.LlamaParameters, spec.ParameterCount);
        Assert.Equal(blobs, spec.FileBytes);
        var own = spec.Layout!.Define(null, new List<string>());
        Assert.Equal(2 * SampleModels.LlamaParameters, own.WeightBytes);
        Assert.Equal(2 * 64 * 64, own.Tensor("blk.1.self_attn.q_proj.weight")!.Bytes);
        var converted = spec.Layout!.Define("Q8_0", new List<string>());
        Assert.Equal(34 * 64 * 64 / 32, converted.Tensor("blk.1.attn_q.weight")!.Bytes);
        Assert.Equal(SampleModels.LlamaParameters, converted.ParameterCount);
    }

    [Fact]
    public void Names_a_missing_part_of_safetensors()
    {
        WriteSnapshot("0123", out _);
        File.Delete(_folder["models--acme--Tiny-Llama", "snapshots", "0123", "model-00002-of-00002.safetensors"]);
        var failure = Fails(_folder["models--acme--Tiny-Llama"], ErrorIds.InvalidModelFile);
        Assert.Contains("model-00002-of-00002.safetensors", failure.Message);
    }

    [Fact]
    public void Reads_all_parts_whichever_is_given_without_an_index()
    {
        WriteSnapshot("0123", out _);
        File.Delete(_folder["models--acme--Tiny-Llama", "snapshots", "0123", "model.safetensors.index.json"]);
        var given = _folder["models--acme--Tiny-Llama", "snapshots", "0123", "model-00002-of-00002.safetensors"];
        Assert.Equal(SampleModels.LlamaParameters, Read(given).ParameterCount);
    }

    [Fact]
    public void Says_what_safetensors_without_a_configuration_are()
    {
        var weights = new SafetensorsWriter().Add("base_model.layers.0.q_proj.lora_A.weight", 8, 64).ToArray();
        var spec = Read(_folder.Write(weights, "adapter_model.safetensors"));
        Assert.Contains("LoRA adapter", Assert.Single(_sink.Warnings));
        Assert.Throws<ModelFitException>(() => spec.Layout!.Define(null, new List<string>()));
    }

    private void WriteSnapshot(string revision, out long bytes)
    {
        var (first, second) = (new SafetensorsWriter(), new SafetensorsWriter());
        first.Add("model.embed_tokens.weight", 100, 64).Add("model.norm.weight", 64).Add("lm_head.weight", 100, 64);
        for (var layer = 0; layer < 2; layer++)
        {
            var prefix = $"model.layers.{layer}.";
            second.Add(prefix + "input_layernorm.weight", 64).Add(prefix + "post_attention_layernorm.weight", 64)
                .Add(prefix + "self_attn.q_proj.weight", 64, 64).Add(prefix + "self_attn.k_proj.weight", 32, 64)
                .Add(prefix + "self_attn.v_proj.weight", 32, 64).Add(prefix + "self_attn.o_proj.weight", 64, 64)
                .Add(prefix + "mlp.gate_proj.weight", 128, 64).Add(prefix + "mlp.up_proj.weight", 128, 64)
                .Add(prefix + "mlp.down_proj.weight", 64, 128);
        }

        const string root = "models--acme--Tiny-Llama";
        _folder.Write(revision + "\n", root, "refs", "main");
        bytes = Link(first.ToArray(), root, revision, "model-00001-of-00002.safetensors")
            + Link(second.ToArray(), root, revision, "model-00002-of-00002.safetensors");
        _folder.Write(Config, root, "snapshots", revision, "config.json");
        var map = "{\"a\":\"model-00001-of-00002.safetensors\",\"b\":\"model-00002-of-00002.safetensors\"}";
        var index = "{\"metadata\":{},\"weight_map\":" + map + "}";
        _folder.Write(index, root, "snapshots", revision, "model.safetensors.index.json");
    }

    private long Link(byte[] bytes, string root, string revision, string name)
    {
        var blob = _folder.Write(bytes, root, "blobs", name + "-blob");
        File.CreateSymbolicLink(_folder[root, "snapshots", revision, name], blob);
        return bytes.Length;
    }
}
