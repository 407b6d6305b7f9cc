using System.Text;
using System.Threading;
using ModelFit.Testing;
using ModelFit.Formats;
using Xunit;

namespace ModelFit.Core.Tests.Formats;

/// <summary>How large a model is whose architecture has no tensor layout.</summary>
public sealed class HfSizeTests
{
    private const string Unknown = """
        {"architectures":["NobodyKnowsForCausalLM"],"model_type":"nobody_knows","torch_dtype":"bfloat16",
        "hidden_size":2560,"num_hidden_layers":52,"num_attention_heads":28,"num_key_value_heads":4,"head_dim":128,
        "vocab_size":151936,"moe_num_primary_experts":64,"moe_ffn_hidden_size":768}
        """;

    [Fact]
    public void It_is_unknown_where_nothing_says_it()
    {
        var spec = Read(index: null);
        Assert.Null(spec.ParameterCount);
        var error = Assert.Throws<ModelFitException>(() => spec.Layout!.Define("Q4_K_M", new List<string>()));
        Assert.Equal(ErrorIds.ModelSizeUnknown, error.ErrorId);
    }

    [Theory]
    [InlineData("""{"metadata":{"total_size":43013021696},"weight_map":{"a":"b.safetensors"}}""", 21_506_510_848)]
    [InlineData("""{"metadata":{"total_parameters":21506510848},"weight_map":{"a":"b.safetensors"}}""", 21_506_510_848)]
    public void The_index_beside_a_configuration_says_it(string index, long parameters) =>
        AssertSize(Read(index), parameters);

    [Fact]
    public void A_typed_number_says_it() => AssertSize(Read(index: null, 21_000_000_000), 21_000_000_000);

    [Fact]
    public void An_index_without_a_total_says_nothing() =>
        Assert.Null(Read("""{"metadata":{},"weight_map":{"a":"b.safetensors"}}""").ParameterCount);

    [Theory]
    [InlineData("21B", 21_000_000_000)]
    [InlineData(" 7.6b ", 7_600_000_000)]
    [InlineData("350M", 350_000_000L)]
    [InlineData("1T", 1_000_000_000_000)]
    [InlineData("21506510848", 21_506_510_848)]
    [InlineData("2.1e10", 21_000_000_000)]
    [InlineData("0", null)]
    [InlineData("-1B", null)]
    [InlineData("21GB", null)]
    [InlineData("B", null)]
    [InlineData("", null)]
    public void Numbers_of_parameters_are_read_as_people_write_them(string text, long? expected) =>
        Assert.Equal(expected, ParameterCountText.TryParse(text, out var count) ? count : null);

    private static void AssertSize(ModelSpec spec, long parameters)
    {
        Assert.Equal(parameters, spec.ParameterCount);
        var assumptions = new List<string>();
        var definition = spec.Layout!.Define("BF16", assumptions);
        Assert.InRange(definition.WeightBytes, 0.98 * 2 * parameters, 1.02 * 2 * parameters);
        Assert.Equal(Accuracy.Approximate, definition.Accuracy);
        Assert.NotEmpty(assumptions);
    }

    private static ModelSpec Read(string? index, long? parameterCount = null)
    {
        ByteSource? Beside(string name) => name == "model.safetensors.index.json" && index is not null
            ? new MemorySource(name, Encoding.UTF8.GetBytes(index))
            : null;
        return ModelFiles.Read(
            new MemorySource("config.json", Encoding.UTF8.GetBytes(Unknown)), Beside,
            ModelOrigin.File with { ParameterCount = parameterCount }, new RecordingSink(), CancellationToken.None);
    }
}
