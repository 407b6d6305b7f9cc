using System.Linq;
using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

public sealed class ModelCatalogTests
{
    [Theory]
    [InlineData("mixtral-8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("mistralai/Mixtral-8x22B-v0.1", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("mixtral:8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("Mixtral 8x22B Instruct", "mistralai/Mixtral-8x22B-Instruct-v0.1")]
    [InlineData("llama3.3:70b", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama 3.3 70b instruct", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama-3.3-70b", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama3.1", null)]
    [InlineData("qwen3:30b-a3b", "Qwen/Qwen3-30B-A3B")]
    [InlineData("qwen3-8b", "Qwen/Qwen3-8B")]
    [InlineData("QWEN3_8B", "Qwen/Qwen3-8B")]
    [InlineData("bartowski/Qwen3-8B-GGUF", "Qwen/Qwen3-8B")]
    [InlineData("bartowski/Qwen_Qwen3-8B-GGUF", "Qwen/Qwen3-8B")]
    [InlineData("hf.co/unsloth/Qwen3-8B-GGUF:UD-Q4_K_XL", "Qwen/Qwen3-8B")]
    [InlineData("Qwen3-8B-Q4_K_M.gguf", "Qwen/Qwen3-8B")]
    [InlineData("gemma3:27b", "google/gemma-3-27b-it")]
    [InlineData("gemma-2-2b", "google/gemma-2-2b")]
    [InlineData("gemma-2b", "google/gemma-2b")]
    [InlineData("phi4", "microsoft/phi-4")]
    [InlineData("gpt-oss:20b", "openai/gpt-oss-20b")]
    [InlineData("meta-llama-3.1-8b-instruct", "meta-llama/Meta-Llama-3.1-8B-Instruct")]
    [InlineData("llama-3.1-8b", "meta-llama/Llama-3.1-8B-Instruct")]
    [InlineData("mistral-7b", "mistralai/Mistral-7B-Instruct-v0.3")]
    [InlineData("qwen3", null)]
    [InlineData("70b", null)]
    [InlineData("no-such-model-9b", null)]
    [InlineData("", null)]
    [InlineData("llama-8b", null)]
    public void Resolve_FindsTheModelAsPeopleWriteItOrNone(string name, string? id)
    {
        if (id is null)
        {
            var failure = Assert.Throws<ModelFitException>(() => ModelCatalog.Resolve(name, NullSink.Instance));
            Assert.Equal(ErrorIds.ModelNotFound, failure.ErrorId);
            Assert.Equal(name, failure.Target);
            return;
        }
        Assert.Equal(id, ModelCatalog.Resolve(name, NullSink.Instance).Name);
    }

    [Fact]
    public void Resolve_FindsEveryModelByItsIdAndSaysNothingWrong()
    {
        var wrong = ModelCatalog.All
            .Where(model => ModelCatalog.Resolve(model.Name, NullSink.Instance).Name != model.Name)
            .Select(model => model.Name)
            .ToArray();
        Assert.Empty(wrong);
    }
}
