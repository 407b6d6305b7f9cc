using System.Threading;
using ModelFit.Formats;
using ModelFit.Formats.Gguf;
using ModelFit.Models;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

public sealed class GgufModelTests
{
    private readonly RecordingSink _sink = new();

    private ModelSpec Read(MemorySource source) =>
        GgufModel.Read(source, ModelOrigin.File, _sink, CancellationToken.None);

    private static MemorySource Source(GgufWriter writer, string name = "model.gguf") => new(name, writer.ToArray());

    [Fact]
    public void Describes_a_language_model()
    {
        var source = Source(SampleModels.Llama());
        var spec = Read(source);
        Assert.Equal("Tiny Llama", spec.Name);
        Assert.Equal("llama", spec.Architecture);
        Assert.Equal(SampleModels.LlamaParameters, spec.ParameterCount);
        Assert.Equal((2, 64, 128), (spec.LayerCount, spec.EmbeddingLength, spec.FeedForwardLength));
        Assert.Equal((4, 2), (spec.HeadCount, spec.KvHeadCount));
        Assert.Equal(100, spec.VocabularySize);
        Assert.Equal(2048, spec.TrainedContextLength);
        Assert.Equal("F16", spec.Quantization);
        Assert.Equal(source.Length, spec.FileBytes);
        Assert.Equal("model.gguf", spec.ModelPath);
        Assert.Equal("Gguf", spec.Source);
        Assert.Equal("mit", spec.License);
        var definition = spec.Layout!.Define(null, new List<string>());
        Assert.Equal(Accuracy.Exact, definition.Accuracy);
        Assert.Equal(21, definition.Tensors.Count);
        Assert.Empty(_sink.Warnings);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Finds_all_parts_from_any_part(int given)
    {
        var parts = Parts();
        var spec = Read(parts[given - 1]);
        Assert.Equal(2 + 1 + 1, spec.Layout!.Define(null, new List<string>()).Tensors.Count);
        Assert.Equal(parts[0].Length + parts[1].Length + parts[2].Length, spec.FileBytes);
        Assert.Equal("tiny-00001-of-00003.gguf", spec.ModelPath);
        Assert.Equal(2, spec.LayerCount);
    }

    [Fact]
    public void Names_a_missing_part()
    {
        var parts = Parts();
        parts[1].Siblings.Remove("tiny-00003-of-00003.gguf");
        Assert.Contains("tiny-00003-of-00003.gguf", Fails(parts[1]).Message);
    }

    [Fact]
    public void Refuses_parts_that_do_not_belong_together()
    {
        var twice = Parts();
        twice[0].Siblings["tiny-00002-of-00003.gguf"] = twice[2];
        Fails(twice[0]);
        var renamed = new MemorySource("renamed.gguf", Part(2, 3).ToArray());
        Assert.Contains("-00002-of-00003.gguf", Fails(renamed).Message);
        var huge = new MemorySource("tiny-00001-of-99999.gguf", Part(1, 99999).ToArray());
        Fails(huge);
    }

    public static TheoryData<string, byte[]> Others => new()
    {
        { "projector", Of("clip").Add("v.patch_embd.weight", TensorType.F16, 8).ToArray() },
        { "projector", Of("llama").Add("general.type", "mmproj").ToArray() },
        { "LoRA adapter", Of("llama").Add("general.type", "adapter").ToArray() },
        { "LoRA adapter", Of("llama").Add("adapter.type", "lora").ToArray() },
        { "(wavtokenizer-dec)", Vocoder().ToArray() },
        { "importance matrix", Of("llama").Add("general.type", "imatrix").ToArray() },
        { "control vector", Of("controlvector").ToArray() },
        { "vocabulary", Of("llama").Add("tokenizer.ggml.tokens", new[] { "a" }).ToArray() },
        { "(flux)", Of("flux").Add("img_in.weight", TensorType.F16, 64, 8).ToArray() },
        { "names no architecture", new GgufWriter().Add("general.name", "nothing").ToArray() },
    };

    [Theory]
    [MemberData(nameof(Others))]
    public void Says_what_is_no_language_model_and_refuses_to_compute_with_it(string words, byte[] bytes)
    {
        var spec = Read(new MemorySource("model.gguf", bytes));
        Assert.Contains(words, Assert.Single(_sink.Warnings));
        var refusal = Assert.Throws<ModelFitException>(() => spec.Layout!.Define(null, new List<string>()));
        Assert.Equal(ErrorIds.InvalidModelFile, refusal.ErrorId);
    }

    [Fact]
    public void Reads_companions_of_their_kind_and_nothing_else()
    {
        static CompanionFile Companion(GgufWriter writer, CompanionKind kind) =>
            GgufModel.ReadCompanion(Source(writer), kind, CancellationToken.None);
        var projector = Of("clip").Add("mm.0.weight", TensorType.F16, 64, 8);
        Assert.Equal(64 * 8 * 2, Companion(projector, CompanionKind.Projector).Bytes);
        var adapter = Of("llama").Add("general.type", "adapter").Add("blk.0.x.lora_a", TensorType.F32, 64, 8);
        Assert.Equal(64 * 8 * 4, Companion(adapter, CompanionKind.Adapter).Bytes);
        Assert.Throws<ModelFitException>(() => Companion(projector, CompanionKind.Adapter));
        Assert.Throws<ModelFitException>(() => Companion(SampleModels.Llama(), CompanionKind.Projector));
    }

    public static TheoryData<string, object> Impossible => new()
    {
        { "llama.block_count", 513u },
        { "llama.block_count", 3u },
        { "llama.block_count", 1u },
        { "llama.block_count", 0u },
        { "llama.embedding_length", 65u },
        { "llama.embedding_length", -1L },
        { "llama.attention.head_count", uint.MaxValue },
        { "llama.attention.head_count_kv", new[] { 1, -1 } },
        { "llama.expert_count", 1u << 31 },
        { "llama.context_length", ulong.MaxValue },
        { "llama.hyper_connection.count", 17u },
        { "llama.hyper_connection.sinkhorn_iterations", 65u },
        { "llama.attention.indexer.head_count", 1025u },
        { "llama.attention.compress_ratios", new[] { 4, 1025 } },
        { "llama.experts_per_group", 1u << 31 },
        { "llama.ple.conv_kernel", uint.MaxValue },
        { "llama.conv_kernel_size", 65u },
        { "llama.ple.heads_per_ngram", uint.MaxValue },
        { "llama.hrm.h_cycles", 513u },
        { "llama.hrm.l_cycles", ulong.MaxValue },
        { "llama.hrm.layers_per_stack", 513u },
    };

    [Theory]
    [MemberData(nameof(Impossible))]
    public void Refuses_hyperparameters_that_cannot_be(string key, object value)
    {
        var writer = Of("llama");
        if (key != "llama.block_count") writer.Add("llama.block_count", 2u);
        if (key != "llama.embedding_length") writer.Add("llama.embedding_length", 64u);
        writer.Add(key, value).Add("token_embd.weight", TensorType.F16, 64, 100);
        Fails(Source(writer.Add("blk.1.attn_norm.weight", TensorType.F32, 64)));
    }

    [Fact]
    public void Warns_of_what_llama_cpp_does_not_load()
    {
        Read(Source(SampleModels.Llama(version: 1, bigEndian: true)));
        Assert.Equal(2, _sink.Warnings.Count);
    }

    private ModelFitException Fails(MemorySource source)
    {
        var failure = Assert.Throws<ModelFitException>(() => Read(source));
        Assert.Equal(ErrorIds.InvalidModelFile, failure.ErrorId);
        return failure;
    }

    private static GgufWriter Of(string architecture) => new GgufWriter().Add("general.architecture", architecture);

    private static GgufWriter Vocoder() => Of("wavtokenizer-dec").Add("wavtokenizer-dec.block_count", 2u)
        .Add("wavtokenizer-dec.embedding_length", 64u).Add("token_embd.weight", TensorType.F16, 64, 8);

    private static GgufWriter Part(int number, int count)
    {
        var writer = new GgufWriter().Add("split.no", (ushort)(number - 1)).Add("split.count", count);
        if (number > 1) return writer.Add($"blk.{number - 2}.ffn_up.weight", TensorType.F16, 64, 32);
        return writer
            .Add("split.tensors.count", 4)
            .Add("general.architecture", "llama")
            .Add("llama.block_count", 2u)
            .Add("llama.embedding_length", 64u)
            .Add("token_embd.weight", TensorType.F16, 64, 100)
            .Add("output_norm.weight", TensorType.F32, 64);
    }

    private static MemorySource[] Parts()
    {
        var parts = new MemorySource[3];
        for (var i = 0; i < 3; i++) parts[i] = Source(Part(i + 1, 3), $"tiny-0000{i + 1}-of-00003.gguf");
        foreach (var part in parts) foreach (var other in parts) part.Siblings[other.FileName] = other;
        return parts;
    }
}
