using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Catalog;

public sealed class ModelCatalogTests
{
    /// <summary>gemma-4-31B has an encoder and no projector in the lists; gemma-3-1b reads text alone.</summary>
    [Theory]
    [InlineData("google/gemma-4-31B-it", true)]
    [InlineData("google/gemma-4-26B-A4B-it", true)]
    [InlineData("Qwen/Qwen3.8-27B", true)]
    [InlineData("google/gemma-3-1b-it", false)]
    [InlineData("Qwen/Qwen3-8B", false)]
    public void A_model_to_talk_to_that_reads_images_is_for_seeing(string name, bool sees) => Assert.Equal(
        sees, ModelCatalog.IsFor(ModelCatalog.Resolve(name, NullSink.Instance), [ModelKind.Vision]));

    [Theory]
    [InlineData("mixtral-8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("mistralai/Mixtral-8x22B-v0.1", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("mixtral:8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("8x22b", "mistralai/Mixtral-8x22B-v0.1")]
    [InlineData("Mixtral 8x22B Instruct", "mistralai/Mixtral-8x22B-Instruct-v0.1")]
    [InlineData("llama3.3:70b", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama 3.3 70b instruct", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama-3.3-70b", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("llama3.1", "meta-llama/Llama-3.1-8B-Instruct")]
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
    [InlineData("meta-llama-3.1-8b-instruct", "meta-llama/Llama-3.1-8B-Instruct")]
    [InlineData("llama-3.1-8b", "meta-llama/Llama-3.1-8B-Instruct")]
    [InlineData("mistral-7b", "mistralai/Mistral-7B-Instruct-v0.3")]
    [InlineData("hf.co/bartowski/google_gemma-3-27b-it-GGUF:IQ3_M", "google/gemma-3-27b-it")]
    [InlineData("TheBloke/Mixtral-8x7B-Instruct-v0.1-GGUF", "mistralai/Mixtral-8x7B-Instruct-v0.1")]
    [InlineData("Meta-Llama-3-8B-Instruct.Q4_K_M.gguf", "meta-llama/Meta-Llama-3-8B-Instruct")]
    [InlineData("Qwen3-235B-A22B-UD-Q2_K_XL-00001-of-00002.gguf", "Qwen/Qwen3-235B-A22B")]
    [InlineData("qwen2.5:7b-instruct-q4_K_M", "Qwen/Qwen2.5-7B-Instruct")]
    [InlineData("Qwen/Qwen3-32B-AWQ", "Qwen/Qwen3-32B")]
    [InlineData("mistral-7b-v0.1", "mistralai/Mistral-7B-v0.1")]
    [InlineData("mistral-7b-v0.9", null)]
    [InlineData("mistral-large:123b", "mistralai/Mistral-Large-Instruct-2411")]
    [InlineData("mistral-large:99b", null)]
    [InlineData("olmo2:13b", "allenai/OLMo-2-1124-13B-Instruct")]
    [InlineData("235b-a22b", null)]
    [InlineData("gemma2:9b", "google/gemma-2-9b-it")]
    [InlineData("deepseek-r1:8b", "deepseek-ai/DeepSeek-R1-0528-Qwen3-8B")]
    [InlineData("command-a", "CohereLabs/c4ai-command-a-03-2025")]
    [InlineData("qwen3-coder", "Qwen/Qwen3-Coder-30B-A3B-Instruct")]
    [InlineData("gpt-oss", "openai/gpt-oss-20b")]
    [InlineData("GPT OSS", null)]
    [InlineData("   ", null)]
    [InlineData("/", null)]
    [InlineData("*", null)]
    [InlineData("qwen3", "Qwen/Qwen3-8B")]
    [InlineData("Qwen3", null)]
    [InlineData("70b", null)]
    [InlineData("no-such-model-9b", null)]
    [InlineData("qwen3-8b-Q9_K_Z.gguf", null)]
    [InlineData("Qwen3-8B-IQ9_S.gguf", null)]
    [InlineData("MiniMax-M2.5-REAP-50B-A10B", null)]
    [InlineData("Qwen3-Next-REAP-25B-A3B", null)]
    [InlineData("", null)]
    [InlineData("llama-8b", null)]
    [InlineData("command-r:35b", "CohereLabs/c4ai-command-r-08-2024")]
    [InlineData("command-r 35b finetunes", null)]
    [InlineData("mradermacher/command-r-35b-writer-v2-GGUF", null)]
    [InlineData("lddn-deepseek-r1-8b-25080414", null)]
    [InlineData("deepseek r1 3b", null)]
    [InlineData("deepseek-ocr:3b", "deepseek-ai/DeepSeek-OCR")]
    [InlineData("aya vision 8b", null)]
    [InlineData("mistral 8b", null)]
    [InlineData("mistral small 7b", null)]
    [InlineData("qwen3 coder 14b", null)]
    [InlineData("deepseek coder v2 33b", null)]
    [InlineData("llama guard", null)]
    [InlineData("llama-guard3:1b", "meta-llama/Llama-Guard-3-1B")]
    [InlineData("Llama3-1B-Base-Q4_K_M-GGUF", null)]
    public void Resolve_finds_the_model_as_people_write_it_or_none(string name, string? id)
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

    /// <summary>Sizes and experts as Cerebras publishes them; BF16 files of the first are 49.77 GB.</summary>
    [Theory]
    [InlineData("cerebras/Qwen3-Coder-REAP-25B-A3B", 103, 24.87)]
    [InlineData("MiniMax-M2.5-REAP-139B-A10B", 154, 139.2)]
    [InlineData("mradermacher/MiniMax-M2.1-REAP-50-GGUF", 128, 116.3)]
    [InlineData("0xSero/Qwen3.5-122B-A10B-REAP-20-GGUF", 205, 102.0)]
    [InlineData("Kimi-Linear-REAP-35B-A3B-Instruct", 180, 35.1)]
    public void A_mixture_of_which_experts_were_left_out_has_what_its_size_leaves(
        string name, int experts, double billions)
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        Assert.Equal(experts, model.ExpertCount);
        Assert.Equal(billions, model.ParameterCount!.Value / 1e9, 1);
    }

    /// <summary>Whose published files have the size of the base (repositories of November 2026).</summary>
    [Theory]
    [InlineData("TheDrummer/Gemma-3-R1-27B-v1-GGUF", "google/gemma-3-27b-it")]
    [InlineData("mradermacher/Kuvera-8B-qwen3-v0.2.1-GGUF", "Qwen/Qwen3-8B")]
    [InlineData("mradermacher/L3.3-GeneticLemonade-Opus-70B-GGUF", "meta-llama/Llama-3.3-70B-Instruct")]
    [InlineData("mradermacher/MN-12B-Skyrim-GGUF", "mistralai/Mistral-Nemo-Instruct-2407")]
    [InlineData("DevQuasar/ValiantLabs.Qwen3-14B-Esper3-GGUF", "Qwen/Qwen3-14B")]
    [InlineData("OpenBuddy/SimpleChat-30BA3B-Qwen3", "Qwen/Qwen3-30B-A3B")]
    [InlineData("mw-ai/Meta-Llama-3.1-8B-q4_k_m-bassie-and-adriaan-GGUF", "meta-llama/Llama-3.1-8B")]
    [InlineData("LGAI-EXAONE/EXAONE-4.0.1-32B", "LGAI-EXAONE/EXAONE-4.0-32B")]
    [InlineData("mradermacher/Qwen3-4B-GPT-5-mini-Distill-GGUF", "Qwen/Qwen3-4B")]
    [InlineData("Qwen3-VL-8B-Thinking-1M", "Qwen/Qwen3-VL-8B-Thinking")]
    [InlineData("echos-keeper/open_llama_7b_v2-Q5_K_M-GGUF", "openlm-research/open_llama_7b")]
    public void A_finetune_is_found_by_the_parts_of_its_name(string name, string id) => Assert.Equal(
        $"Catalog ({id})", ModelCatalog.Resolve(name, NullSink.Instance).Source);

    [Fact]
    public void Resolve_finds_every_model_by_its_id_and_says_nothing_wrong()
    {
        var wrong = ModelCatalog.All
            .Where(model => ModelCatalog.Resolve(model.Name, NullSink.Instance).Name != model.Name)
            .Select(model => model.Name)
            .ToArray();
        Assert.Empty(wrong);
    }

    [Theory]
    [InlineData("de-DE")]
    [InlineData("tr-TR")]
    public void Resolve_does_not_depend_on_the_culture(string culture)
    {
        var before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo(culture);
        try
        {
            Assert.Equal("TinyLlama/TinyLlama_v1.1", ModelCatalog.Resolve("TINYLLAMA_V1.1", NullSink.Instance).Name);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Resolve_says_what_it_passed_over_and_what_it_chose()
    {
        var sink = new RecordingSink();
        ModelCatalog.Resolve("bartowski/Qwen3-8B-GGUF", sink);
        Assert.Contains(sink.Verboses, message => message.Contains("GGUF"));
        Assert.Contains(sink.Verboses, message => message.Contains("Qwen/Qwen3-8B"));
    }

    [Theory]
    [InlineData("qwen4-8b", "qwen3-8b")]
    [InlineData("lama-3.1-8b", "llama-3.1-8b")]
    [InlineData("gemma3:28b", "gemma3:2")]
    public void Resolve_names_the_nearest_of_an_unknown_name(string name, string nearest)
    {
        var failure = Assert.Throws<ModelFitException>(() => ModelCatalog.Resolve(name, NullSink.Instance));
        Assert.Contains(nearest, failure.Message, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("mixtral*", 4)]
    [InlineData("mistralai/Mixtral-8x22B*", 2)]
    [InlineData("MIXTRAL-8X22B-V0.?", 1)]
    [InlineData("qwen3-[48]b", 2)]
    [InlineData("no*such*model", 0)]
    public void Search_matches_wildcards_over_ids_and_aliases(string pattern, int count) =>
        Assert.Equal(count, ModelCatalog.Search(pattern).Count);

    [Fact]
    public void Search_takes_a_plain_name_as_resolve_does()
    {
        Assert.Equal("Qwen/Qwen3-8B", Assert.Single(ModelCatalog.Search("qwen3:8b")).Name);
        Assert.Throws<ModelFitException>(() => ModelCatalog.Search("no-such-model"));
    }

    [Fact]
    public void All_says_what_is_known_and_nothing_else()
    {
        Assert.True(ModelCatalog.All.Count >= 600);
        Assert.All(ModelCatalog.All, model =>
        {
            Assert.NotNull(model.Layout);
            Assert.NotNull(model.Family);
            Assert.Equal("Catalog", model.Source);
            Assert.Null(model.ModelPath);
            Assert.True(model.ParameterCount is null or > 0);
            Assert.True(model.ExpertUsedCount is null || model.ExpertUsedCount <= model.ExpertCount);
            Assert.True(model.ActiveParameterCount is null || model.ActiveParameterCount <= model.ParameterCount);
            Assert.Matches("^$|^[0-9]{4}-[0-9]{2}-[0-9]{2}$", model.ReleaseDate ?? string.Empty);
        });
    }

    [Fact]
    public void All_fills_a_spec_completely()
    {
        var model = ModelCatalog.Resolve("qwen3-30b-a3b", NullSink.Instance);
        Assert.Equal("Qwen/Qwen3-30B-A3B", model.Name);
        Assert.Equal("Qwen3", model.Family);
        Assert.Equal("qwen3moe", model.Architecture);
        Assert.Equal(30532122624, model.ParameterCount);
        Assert.InRange(model.ActiveParameterCount!.Value, 3.2e9, 3.5e9);
        Assert.Equal(48, model.LayerCount);
        Assert.Equal(2048, model.EmbeddingLength);
        Assert.Equal(768, model.FeedForwardLength);
        Assert.Equal(32, model.HeadCount);
        Assert.Equal(4, model.KvHeadCount);
        Assert.Equal(128, model.KeyLength);
        Assert.Equal(128, model.ValueLength);
        Assert.Equal(151936, model.VocabularySize);
        Assert.Equal(40960, model.TrainedContextLength);
        Assert.Equal(128, model.ExpertCount);
        Assert.Equal(8, model.ExpertUsedCount);
        Assert.Null(model.SlidingWindow);
        Assert.Equal("GQA", model.AttentionKind);
        Assert.Equal("apache-2.0", model.License);
    }

    [Theory]
    [InlineData("gemma-3-27b-it", "GQA")]
    [InlineData("llama-2-7b", "MHA")]
    [InlineData("gemma-2b", "MQA")]
    [InlineData("deepseek-v3", "MLA")]
    [InlineData("qwen3-next-80b", "Hybrid")]
    [InlineData("falcon-mamba-7b", "Recurrent")]
    public void All_tells_the_kind_of_attention(string name, string kind) =>
        Assert.Equal(kind, ModelCatalog.Resolve(name, NullSink.Instance).AttentionKind);

    [Fact]
    public void Gguf_repository_is_known_for_many_and_null_for_others()
    {
        Assert.True(ModelCatalog.All.Count(model => ModelCatalog.GgufRepository(model) is not null) > 350);
        Assert.Null(ModelCatalog.GgufRepository(new ModelSpec { Name = "somebody/else" }));
        Assert.All(
            ModelCatalog.All.Select(ModelCatalog.GgufRepository).OfType<string>(),
            repository => Assert.Matches("^[^/ ]+/[^/ ]+$", repository));
    }
}
