using System.Threading;
using ModelFit.Architectures;
using ModelFit.Formats;
using ModelFit.Formats.Gguf;
using ModelFit.Models;
using ModelFit.Quantization;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>The expected names are those of the mixes that the tensors were made by.</summary>
public sealed class FileTypesTests
{
    private static readonly ModelMetadata Metadata = new("llama", new Dictionary<string, object>
    {
        ["llama.block_count"] = 24L,
        ["llama.embedding_length"] = 1024L,
        ["llama.feed_forward_length"] = 2816L,
        ["llama.attention.head_count"] = 16L,
        ["llama.attention.head_count_kv"] = 4L,
        ["llama.vocab_size"] = 32000L,
    });

    private readonly RecordingSink _sink = new();

    [Theory]
    [InlineData("F32")]
    [InlineData("F16")]
    [InlineData("BF16")]
    [InlineData("Q8_0")]
    [InlineData("Q6_K")]
    [InlineData("Q5_K_M")]
    [InlineData("Q5_K_S")]
    [InlineData("Q4_K_M")]
    [InlineData("Q4_K_S")]
    [InlineData("Q4_0")]
    [InlineData("Q3_K_L")]
    [InlineData("Q3_K_M")]
    [InlineData("Q3_K_S")]
    [InlineData("Q2_K")]
    [InlineData("IQ4_XS")]
    [InlineData("IQ4_NL")]
    [InlineData("IQ3_M")]
    [InlineData("IQ2_XXS")]
    [InlineData("IQ1_M")]
    public void Is_read_off_the_tensors_where_the_metadata_is_silent_or_lies(string quantization)
    {
        Assert.Equal(quantization, Read(quantization, null));
        Assert.Equal(quantization, Read(quantization, quantization == "Q8_0" ? 1 : 7));
        Assert.Equal(quantization, Read(quantization, 9999));
        Assert.Equal(3, _sink.Verboses.Count);
    }

    [Fact]
    public void Is_the_claim_where_the_tensors_bear_it_out()
    {
        foreach (var type in FileType.All) Assert.Equal(type.Name, Read(type.Name, type.Id));
        Assert.Empty(_sink.Verboses);
    }

    [Fact]
    public void Is_the_claim_where_a_few_tensors_differ()
    {
        var writer = new GgufWriter().Add("general.architecture", "llama").Add("general.file_type", 15);
        writer.Add("llama.block_count", 24).Add("llama.embedding_length", 1024).Add("llama.vocab_size", 32000);
        writer.Add("llama.attention.head_count", 16).Add("llama.attention.head_count_kv", 4);
        foreach (var tensor in Define("Q4_K_M").Tensors)
            writer.Add(tensor.Name == "output.weight" ? tensor with { Type = TensorType.Q8_0 } : tensor);
        Assert.Equal("Q4_K_M", Read(writer));
    }

    [Fact]
    public void Is_the_type_of_the_tensors_where_no_mix_has_it()
    {
        var writer = new GgufWriter().Add("general.architecture", "llama").Add("general.file_type", 33);
        writer.Add("llama.block_count", 1).Add("llama.embedding_length", 1024);
        Assert.Equal("Q4_0_4_4", Read(writer.Add("blk.0.attn_q.weight", TensorType.Q4_0_4_4, 1024, 1024)));
    }

    [Fact]
    public void Another_quantization_is_the_shapes_requantized()
    {
        var source = new MemorySource("m.gguf", GgufWriter.Of(Define("F16")).Header(), 1L << 40);
        var layout = GgufModel.Read(source, ModelOrigin.File, _sink, CancellationToken.None).Layout!;
        Assert.Equal("F16", layout.NativeQuantization);
        var assumptions = new List<string>();
        Assert.Equal(Define("Q4_K_M").WeightBytes, layout.Define("q4_k_m", assumptions).WeightBytes);
        Assert.Equal(Define("F16").WeightBytes, layout.Define(null, assumptions).WeightBytes);
        Assert.Same(layout.Define("Q4_K_M", assumptions), layout.Define("Q4_K_M", assumptions));
        Assert.Empty(assumptions);
    }

    private static ModelDefinition Define(string quantization) =>
        new LaidOutModel(() => new Hyperparameters(Metadata, Traits.None), null)
            .Define(quantization, new List<string>());

    private string? Read(string quantization, int? claimed)
    {
        var writer = GgufWriter.Of(Define(quantization));
        return Read(claimed is null ? writer : writer.Add("general.file_type", claimed));
    }

    private string? Read(GgufWriter writer)
    {
        var source = new MemorySource("m.gguf", writer.Header(), 1L << 40);
        return GgufModel.Read(source, ModelOrigin.File, _sink, CancellationToken.None).Quantization;
    }
}
