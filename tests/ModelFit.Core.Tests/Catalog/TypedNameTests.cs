using ModelFit.Catalog;
using ModelFit.Runtimes;
using ModelFit.Testing;
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
    // Ollama's own tags, and the pages and commands that name them.
    [InlineData("qwen3:30b", "Qwen3-30B-A3B-Thinking-2507")]
    [InlineData("ollama run qwen3:30b", "Qwen3-30B-A3B-Thinking-2507")]
    [InlineData("ollama.com/library/qwen3:30b", "Qwen3-30B-A3B-Thinking-2507")]
    [InlineData("ollama run deepseek-r1", "DeepSeek-R1-0528-Qwen3-8B")]
    [InlineData("bge base", "bge-base-en-v1.5")]
    [InlineData("minimax 2.1", "MiniMax-M2.1")]
    [InlineData("kimi 2.5", "Kimi-K2.5")]
    [InlineData("glm-46v", "GLM-4.6V")]
    [InlineData("qwen coder 32b", "Qwen2.5-Coder-32B")]
    [InlineData("qwen3coder 30b", "Qwen3-Coder-30B-A3B")]
    [InlineData("qwen3 30b a3b 2507 thinking", "Qwen3-30B-A3B-Thinking-2507")]
    [InlineData("Qwen3 30B Instruct 2507", "Qwen3-30B-A3B-Instruct-2507")]
    [InlineData("olmo-3.1:32b-instruct", "Olmo-3.1-32B-Instruct")]
    public void One_model_is_found(string typed, string model) =>
        Assert.Contains(model, ModelCatalog.Resolve(typed, NullSink.Instance).Name, System.StringComparison.Ordinal);

    /// <summary>Finetunes: where the family, its size and its version stand, and what other words say.</summary>
    [Theory]
    [InlineData("someone/CyberGemma-3-1b-merged-GGUF:Q8_0", "gemma-3-1b-it")]
    [InlineData("someone/annie-lite-v0.2.1-qwen3-8b-GGUF:Q8_0", "Qwen3-8B")]
    [InlineData("someone/anonymizer_merge_Llama-3.2-1B_6jul-GGUF:Q8_0", "Llama-3.2-1B")]
    [InlineData("someone/olmo2_math_7b-GGUF:Q8_0", "OLMo-2-1124-7B")]
    [InlineData("someone/layout-qwen-3b-GGUF:Q8_0", "Qwen2.5-3B")]
    [InlineData("someone/MS-24B-Nothing-GGUF:Q8_0", "Mistral-Small-24B")]
    [InlineData("someone/Q3-30B-A3B-Nothing-GGUF:Q8_0", "Qwen3-30B-A3B")]
    public void The_base_of_a_finetune_is_found(string name, string model) => Assert.Contains(
        model, PublishedModels.Resolve(name, NullSink.Instance).Source, System.StringComparison.Ordinal);

    /// <summary>Models that only their makers serve: no other maker's names are offered for them.</summary>
    [Theory]
    [InlineData("gpt-4o", "OpenAI")]
    [InlineData("openai/gpt-5-mini", "OpenAI")]
    [InlineData("o3-mini", "OpenAI")]
    [InlineData("claude-3-5-sonnet-20241022", "Anthropic")]
    [InlineData("gemini-2.5-pro", "Google")]
    [InlineData("qwen3-max", "Alibaba")]
    [InlineData("mistral-medium-3", "Mistral AI")]
    public void A_model_that_is_only_served_is_said_to_be(string name, string maker)
    {
        var error = Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance));
        Assert.Equal(ErrorIds.ModelNotFound, error.ErrorId);
        Assert.Contains(maker + " has not published its weights", error.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("claude2-alpaca-13b")]
    [InlineData("gpt4-x-alpaca")]
    [InlineData("o1x")]
    [InlineData("0731")]
    public void A_name_like_one_is_only_unknown(string name) => Assert.DoesNotContain(
        "has not published",
        Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(name, NullSink.Instance)).Message,
        System.StringComparison.Ordinal);

    /// <summary>A longer name is never taken in silence.</summary>
    [Theory]
    [InlineData("codestral 7b", "Mamba-Codestral-7B")]
    [InlineData("scout", "Llama-4-Scout")]
    public void A_fuller_name_is_said(string typed, string model)
    {
        var messages = new RecordingSink();
        ModelCatalog.Resolve(typed, messages);
        Assert.Contains(messages.Warnings, text => text.Contains(model, System.StringComparison.Ordinal));
    }

    /// <summary>Names of finetunes: the first part of a version, and what llama.cpp's converter writes.</summary>
    [Theory]
    [InlineData("someone/Unheard-Llama3-1B-GGUF", "Llama-3.2-1B")]
    [InlineData("someone/qwen2-15b-unheard-GGUF", "Qwen2-1.5B")]
    [InlineData("DeepSeek-V4-Flash-0731-Abliterated-Unheard128.gguf", "DeepSeek-V4-Flash-0731")]
    [InlineData("someone/gemma-4-abliterated:26b-q4_K", "gemma-4-26B-A4B")]
    [InlineData("VLM-Unheard-Qwen2.5VL-3B-0321.i1-Q4_K_M.gguf", "Qwen2.5-VL-3B")]
    [InlineData("Gemma-4-26B-MoE-IQ4_XS.gguf", "gemma-4-26B-A4B")]
    [InlineData("someone/unheard-gemma3-12b-vision1-GGUF", "gemma-3-12b")]
    [InlineData("Nous-Hermes-2-Mistral-7B-DPO.Q4_0.gguf", "Mistral-7B")]
    [InlineData("someone/qwen3-vl-unheard:8b-instruct", "Qwen3-VL-8B")]
    [InlineData("gpt-oss-20b-32x2.4B-Q8_0.gguf", "gpt-oss-20b")]
    [InlineData("someone/Qwen3-30B-A3B-unheard-128x1.8B-GGUF", "Qwen3-30B-A3B")]
    [InlineData("someone/lora_Qwen3_0.6B_unheard.gguf/unsloth.F16.gguf", "Qwen3-0.6B")]
    public void A_finetune_has_the_dimensions_of_its_base(string name, string model)
    {
        var found = PublishedModels.Resolve(name, NullSink.Instance);
        Assert.Contains(model, found.Name + " " + found.Source, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gemma 2b", "gemma-2-2b")]
    [InlineData("gemma4b", "gemma-4-E4B")]
    [InlineData("llama-3.2-8b-q4_k_m.gguf", "Llama-3.2-3B")]
    [InlineData("llama 3.1 8b and qwen 2.5 7b", "llama-3.1-8b")]
    [InlineData("llama 7b", "Llama-2-7b")]
    [InlineData("llama 8b", "Llama-3.1-8B")]
    [InlineData("qwen 14b", "Qwen2.5-14B")]
    [InlineData("qwen vl 7b", "Qwen2.5-VL-7B")]
    [InlineData("starcoder 7b", "starcoder2-7b")]
    [InlineData("deepseek r1 qwen3 32b", "DeepSeek-R1-0528-Qwen3-8B")]
    [InlineData("deepseek r1 llama 32b", "DeepSeek-R1-Distill-Llama-8B")]
    [InlineData("e5 large", "multilingual-e5-large")]
    [InlineData("nemotron super", "Nemotron-Super-49B")]
    [InlineData("jamba", "Jamba-Mini")]
    public void Several_or_none_are_named(string typed, string one)
    {
        var error = Assert.Throws<ModelFitException>(() => PublishedModels.Resolve(typed, NullSink.Instance));
        Assert.Equal(ErrorIds.ModelNotFound, error.ErrorId);
        Assert.Contains(one, error.Message, System.StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-server -m Qwen3-8B-Q4_K_M.gguf -c 32768", true)]
    [InlineData("CUDA_VISIBLE_DEVICES=0 ./llama-cli -m qwen3-8b.gguf", true)]
    [InlineData("vllm serve Qwen/Qwen3-32B-AWQ", true)]
    [InlineData("ollama run qwen3:30b", false)]
    [InlineData("llama 3.1 8b", false)]
    [InlineData("llama - 3.1 8b", false)]
    [InlineData("mlx community qwen3 8b", false)]
    public void A_launch_line_is_no_name(string text, bool isLine) => Assert.Equal(isLine, LaunchReader.IsLine(text));

    [Fact]
    public void The_name_of_a_card_is_called_one()
    {
        var error = Assert.Throws<ModelFitException>(() => ModelCatalog.Resolve("RTX 4070", NullSink.Instance));
        Assert.Contains("-Gpu", error.Message, System.StringComparison.Ordinal);
    }
}
