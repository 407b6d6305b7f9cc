using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

/// <summary>Names that people type in haste; none is taken for one of several.</summary>
public sealed class TypedNameTests
{
    [Theory]
    [InlineData("llama 405b", "Llama-3.1-405B")]
    [InlineData("gemma 31b", "gemma-4-31B")]
    [InlineData("qwen 122b", "Qwen3.5-122B")]
    [InlineData("hunyuan 80b", "Hunyuan-A13B")]
    [InlineData("qwen coder next", "Qwen3-Coder-Next")]
    [InlineData("glm air", "GLM-4.5-Air")]
    [InlineData("r1 0528", "DeepSeek-R1-0528")]
    [InlineData("scout", "Llama-4-Scout")]
    [InlineData("maverick", "Llama-4-Maverick")]
    [InlineData("mixtral 8x22", "Mixtral-8x22B")]
    [InlineData("code llama 70b", "CodeLlama-70b")]
    [InlineData("r1 distill qwen 7b", "DeepSeek-R1-Distill-Qwen-7B")]
    public void One_model_is_found(string typed, string model) =>
        Assert.Contains(model, ModelCatalog.Resolve(typed, NullSink.Instance).Name, System.StringComparison.Ordinal);

    [Theory]
    [InlineData("gemma 2b", "gemma-2-2b")]
    [InlineData("llama 7b", "Llama-2-7b")]
    [InlineData("llama 8b", "Llama-3.1-8B")]
    [InlineData("qwen 14b", "Qwen2.5-14B")]
    [InlineData("qwen vl 7b", "Qwen2.5-VL-7B")]
    [InlineData("starcoder 7b", "starcoder2-7b")]
    [InlineData("deepseek r1 qwen3 32b", "DeepSeek-R1-0528-Qwen3-8B")]
    [InlineData("deepseek r1 llama 32b", "DeepSeek-R1-Distill-Llama-8B")]
    public void Several_or_none_are_named(string typed, string one)
    {
        var error = Assert.Throws<ModelFitException>(() => ModelCatalog.Resolve(typed, NullSink.Instance));
        Assert.Equal(ErrorIds.ModelNotFound, error.ErrorId);
        Assert.Contains(one, error.Message, System.StringComparison.Ordinal);
    }
}
