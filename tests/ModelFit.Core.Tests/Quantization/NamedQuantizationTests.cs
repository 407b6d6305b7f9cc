using ModelFit.Catalog;
using ModelFit.Fit;
using Xunit;

namespace ModelFit.Core.Tests.Quantization;

/// <summary>What a name says of the quantization, and what is counted for it.</summary>
public sealed class NamedQuantizationTests
{
    [Theory]
    [InlineData("hf.co/unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL", "UD-Q4_K_XL")]
    [InlineData("Qwen3-235B-A22B-UD-Q2_K_XL-00001-of-00002.gguf", "UD-Q2_K_XL")]
    [InlineData("mradermacher/Qwen3-8B-i1-GGUF:i1-IQ3_XXS", "i1-IQ3_XXS")]
    [InlineData("Qwen3-8B.i1-Q4_K_M.gguf", "i1-Q4_K_M")]
    [InlineData("bartowski/Qwen_Qwen3-8B-GGUF:Q4_K_L", "Q4_K_L")]
    [InlineData("gpt-oss-20b-mxfp4.gguf", "MXFP4")]
    [InlineData("Qwen/Qwen3-32B-AWQ", "AWQ")]
    [InlineData("nvidia/Llama-3.1-405B-Instruct-FP4", "NVFP4")]
    [InlineData("nvidia/DeepSeek-R1-0528-FP4-v2", "NVFP4")]
    [InlineData("RedHatAI/Qwen3-32B-NVFP4A16", "NVFP4")]
    [InlineData("amd/Llama-3.3-70B-Instruct-MXFP4-Preview", "MXFP4")]
    [InlineData("amd/Llama-3.1-8B-Instruct-FP8-KV", "FP8")]
    [InlineData("ISTA-DASLab/gemma-3-27b-it-GPTQ-4b-128g", "GPTQ-Int4")]
    [InlineData("mlx-community/Qwen3-8B-mlx-4bit", "MLX-4bit")]
    [InlineData("qwen2.5:7b-instruct-q4_K_M", "Q4_K_M")]
    [InlineData("Qwen3-8B-GGUF", null)]
    public void A_name_says_its_quantization(string name, string? expected) =>
        Assert.Equal(expected, ModelCatalog.QuantizationIn(name));

    [Theory]
    [InlineData("Qwen3-8B-UD-Q4_K_XXL.gguf")]
    [InlineData("Qwen3-8B-Q4_K_X.gguf")]
    [InlineData("Qwen3-8B-exl2")]
    [InlineData("turboderp/Qwen3-8B-exl3")]
    public void A_word_that_is_no_quantization_is_an_error(string name)
    {
        var failure = Assert.Throws<ModelFitException>(() => ModelCatalog.QuantizationIn(name));
        Assert.Equal(ErrorIds.QuantizationNotFound, failure.ErrorId);
    }

    /// <summary>
    /// Bits of a weight by the formats' own rules: 4 and a 16-bit scale and 4-bit zero a 128; 4 and a scale a 128; 4, a
    /// scale and a bias a 64; a mean.
    /// </summary>
    [Theory]
    [InlineData("AWQ", 4.15625, false)]
    [InlineData("W4A16", 4.125, false)]
    [InlineData("MLX-4bit", 4.5, true)]
    [InlineData("MLX-6bit", 6.5, true)]
    [InlineData("EXL3-4.0bpw", 4.0, false)]
    [InlineData("EXL2-4.65bpw", 4.65, false)]
    public void A_format_of_another_runtime_has_bits_of_its_own(string quantization, double bits, bool isWhole)
    {
        var layout = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance).Layout!;
        var definition = layout.Define(quantization, new List<string>());
        var matrices = definition.Tensors.Where(tensor => tensor.N1 > 1
            && (isWhole || tensor.Name.StartsWith("blk.", StringComparison.Ordinal))).ToArray();
        var mean = 8.0 * matrices.Sum(tensor => tensor.Bytes) / matrices.Sum(tensor => tensor.Elements);
        Assert.InRange(mean / bits, 0.999, 1.001);
    }

    [Theory]
    [InlineData("4.0bpw", "EXL3-4.0bpw")]
    [InlineData("exl2-4.65bpw", "EXL2-4.65bpw")]
    [InlineData("6.0bpw-h6-exl2", "EXL2-6.0bpw")]
    [InlineData("i1-q4_k_m", "i1-Q4_K_M")]
    [InlineData("Q4_K_XL", "UD-Q4_K_XL")]
    [InlineData("IQ4_KS", "IQ4_KS")]
    [InlineData("8bit", "MLX-8bit")]
    [InlineData("Q4_0_4_4", "Q4_0")]
    [InlineData("0.0bpw", null)]
    [InlineData("exl3", null)]
    public void A_quantization_is_taken_as_people_write_it(string written, string? name) =>
        Assert.Equal(name, QuantizationCatalog.Find(written)?.Name);

    /// <summary>Bytes of files on the hub, of August 2025 (ggml-org, unsloth), headers included.</summary>
    [Theory]
    [InlineData("openai/gpt-oss-20b", "MXFP4", 12096558336)]
    [InlineData("openai/gpt-oss-20b", "Q8_0", 12096558336)]
    [InlineData("openai/gpt-oss-20b", null, 12096558336)]
    [InlineData("openai/gpt-oss-20b", "F16", 13779630336)]
    [InlineData("openai/gpt-oss-120b", null, 63374323968)]
    [InlineData("openai/gpt-oss-120b", "F16", 65355994368)]
    public void The_experts_of_gpt_oss_are_four_bits_in_every_file(string model, string? quantization, long bytes)
    {
        var question = new FitQuestion
        {
            Model = ModelCatalog.Resolve(model, NullSink.Instance),
            Quantization = quantization,
        };
        var fit = FitCase.Of(question, NullSink.Instance);
        Assert.InRange(fit.Definition.WeightBytes / (double)bytes, 0.9999, 1.0001);
        if (quantization is null) Assert.Equal("MXFP4_MOE", fit.Quantization);
    }

    [Theory]
    [InlineData("UD-Q4_K_XL")]
    [InlineData("UD-IQ2_M")]
    [InlineData("Q4_K_L")]
    public void What_a_publisher_mixes_is_modelled_at_best(string quantization)
    {
        var layout = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance).Layout!;
        var assumptions = new List<string>();
        Assert.NotEqual(Accuracy.Exact, layout.Define(quantization, assumptions).Accuracy);
        Assert.Contains(quantization, Assert.Single(assumptions), StringComparison.Ordinal);
    }

    /// <summary>
    /// Models whose experts are published in four bits: a file of eight bits holds them so, and all else in sixteen
    /// (gigabytes of unsloth's documentation and release notes, collected November 2026).
    /// </summary>
    [Theory]
    [InlineData("Kimi-K2.6", "UD-Q8_K_XL", 595)]
    [InlineData("Kimi-K2.6", "UD-Q4_K_XL", 584)]
    [InlineData("Kimi-K2.7-Code", "UD-Q8_K_XL", 605)]
    [InlineData("Kimi-K3", "UD-Q8_K_XL", 1560)]
    [InlineData("Kimi-K3", "UD-Q4_K_XL", 1510)]
    [InlineData("DeepSeek-V4-Flash", "UD-Q8_K_XL", 162)]
    [InlineData("DeepSeek-V4-Flash", "UD-Q4_K_XL", 155)]
    public void Experts_of_four_bits_stay_as_they_are(string model, string quantization, double gigabytes)
    {
        var spec = ModelCatalog.Resolve(model, NullSink.Instance);
        var bytes = PublishedModels.Layout(spec)!.Define(quantization, new List<string>()).WeightBytes;
        Assert.InRange(bytes / 1e9, gigabytes * 0.98, gigabytes * 1.02);
    }

    /// <summary>
    /// llama.cpp's converter makes 16 bits of INT4, and llama-quantize the rest (its pull request 17064).
    /// </summary>
    [Fact]
    public void A_standard_mix_of_integers_is_made_of_sixteen_bits()
    {
        var spec = ModelCatalog.Resolve("Kimi-K2.6", NullSink.Instance);
        var bytes = PublishedModels.Layout(spec)!.Define("Q8_0", new List<string>()).WeightBytes;
        Assert.InRange(bytes / 1e9, 1080, 1100);
    }
}
