using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Runtimes;
using ModelFit.Runtimes.LlamaCpp;
using ModelFit.Runtimes.Ollama;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Placement;

/// <summary>No option of a program is passed over in silence unless it is known not to matter to memory.</summary>
public sealed class LaunchOptionTests
{
    /// <summary>The variables that Ollama documents itself (envconfig/config.go, AsMap, August 2026).</summary>
    private const string OllamaVariables =
        "OLLAMA_DEBUG OLLAMA_DEBUG_LOG_REQUESTS OLLAMA_GO_TEMPLATE OLLAMA_FLASH_ATTENTION OLLAMA_KV_CACHE_TYPE "
        + "OLLAMA_GPU_OVERHEAD OLLAMA_IGPU_ENABLE LLAMA_ARG_FIT LLAMA_ARG_FIT_TARGET OLLAMA_HOST OLLAMA_KEEP_ALIVE "
        + "OLLAMA_LLM_LIBRARY OLLAMA_LOAD_TIMEOUT OLLAMA_MAX_LOADED_MODELS OLLAMA_MAX_TRANSFER_STREAMS "
        + "OLLAMA_MAX_QUEUE OLLAMA_MODELS OLLAMA_NO_CLOUD OLLAMA_NOHISTORY OLLAMA_NOPRUNE OLLAMA_NUM_PARALLEL "
        + "OLLAMA_ORIGINS OLLAMA_SCHED_SPREAD OLLAMA_CONTEXT_LENGTH OLLAMA_EDITOR OLLAMA_REMOTES "
        + "CUDA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES GGML_VK_VISIBLE_DEVICES "
        + "HSA_OVERRIDE_GFX_VERSION OLLAMA_VULKAN";

    [Fact]
    public void Every_option_of_llama_cpp_is_known_with_its_variables()
    {
        var words = HonestLines.Options.SelectMany(row => new[] { row[0], row[1], row[3] })
            .SelectMany(cell => cell.Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToArray();
        Assert.True(words.Length > 600);
        Assert.Equal([], words.Where(word => !LlamaCppDialect.Instance.Knows(word)));
    }

    [Fact]
    public void Every_option_of_llama_cpp_takes_as_many_values() => Assert.Empty(
        from row in HonestLines.Options
        from name in (row[0] + " " + row[1]).Split(' ', StringSplitOptions.RemoveEmptyEntries)
        let values = LlamaCppDialect.Instance.ValuesOf(name)
        where values != int.Parse(row[2], CultureInfo.InvariantCulture)
        select $"{name} takes {row[2]}, not {values}");

    /// <summary>What an option does to memory is that of the list, which was made from the source by hand.</summary>
    [Fact]
    public void An_option_is_counted_or_not_as_the_list_says() => Assert.Empty(
        from row in HonestLines.Options
        where row[4] != "counted" && row[0] is not ("-lzm --lazy-mode" or "--override-kv")
        from name in row[0].Split(' ')
        let values = string.Concat(Enumerable.Repeat(" 1", int.Parse(row[2], CultureInfo.InvariantCulture)))
        let line = LaunchReader.Parse($"llama-server -m a.gguf {name}{values}", NullSink.Instance)
        where line.Uncounted.Count > 0 != (row[4] == "uncounted")
        select name);

    /// <summary>No line is Exact with a guess, and what is emitted reads back; lines of fixed seeds.</summary>
    [Fact]
    public void Lines_of_all_options_are_honest() => Assert.Equal(
        [], Enumerable.Range(0, 60).Select(HonestLines.Problem).OfType<string>());

    [Fact]
    public void Every_variable_of_Ollama_is_known() =>
        Assert.Equal([], OllamaVariables.Split(' ').Where(name => !OllamaDialect.Instance.Knows(name)));

    /// <summary>What follows a word is its value only where it takes one: layers are read behind each.</summary>
    [Fact]
    public void What_stands_behind_an_option_is_read()
    {
        foreach (var row in HonestLines.Options)
        {
            foreach (var name in row[0].Split(' '))
            {
                if (name is "-ngl" or "--gpu-layers" or "--n-gpu-layers" or "--models-preset") continue;
                var values = string.Concat(Enumerable.Repeat(" 1", int.Parse(row[2], CultureInfo.InvariantCulture)));
                LaunchLine line;
                try
                {
                    line = LaunchReader.Parse($"llama-server -m a.gguf {name}{values} -ngl 7", NullSink.Instance);
                }
                catch (ModelFitException failure) when (failure.ErrorId == ErrorIds.InvalidArgument)
                {
                    continue;
                }

                Assert.True(line.GpuLayers == 7, name);
            }
        }
    }

    [Theory]
    [InlineData("--no-host", true)]
    [InlineData("--override-kv qwen3.expert_used_count=int:4", true)]
    [InlineData("--override-kv tokenizer.ggml.add_bos_token=bool:false", false)]
    [InlineData("-lzm on", true)]
    [InlineData("-lzm auto", false)]
    [InlineData("--image-max-tokens 1024", false)]
    [InlineData("--image-max-tokens 1024 -mm mmproj-F16.gguf", true)]
    [InlineData("-bs", true)]
    [InlineData("-otd exps=CPU", false)]
    [InlineData("-otd exps=CPU -md draft.gguf", true)]
    [InlineData("-cmoed -md draft.gguf", true)]
    [InlineData("-ncmoed 3 -md draft.gguf", true)]
    [InlineData("-devd CUDA1", false)]
    [InlineData("-devd CUDA1 -md draft.gguf", false)]
    [InlineData("-mmdev CUDA1", false)]
    [InlineData("-mmdev CUDA1 -mm mmproj-F16.gguf", true)]
    [InlineData("-mmdev none", false)]
    [InlineData("--models-dir /srv", true)]
    [InlineData("--an-option-of-next-year 3", true)]
    [InlineData("--numa distribute", false)]
    [InlineData("--cache-ram 0 --mlock --temp -1", false)]
    public void A_word_that_may_change_memory_and_is_not_counted_is_a_guess(string words, bool isGuess)
    {
        var line = LaunchReader.Parse("llama-server -m a.gguf " + words, NullSink.Instance);
        var question = line.ApplyTo(new FitQuestion
        {
            Model = SmallModels.Of(4),
            Companions = new EquatableArray<CompanionFile>(
                line.Companions.Select(file => new CompanionFile(file.Kind, file.Path, 1 << 20) { ComputeBytes = 0 })),
            Draft = line.DraftModel is null ? null : new DraftModel(SmallModels.Of(2), null),
        });
        Assert.Equal(isGuess, question.Uncounted is not null);
    }

    [Theory]
    [InlineData("LLAMA_ARG_NO_HOST=1 llama-server", true)]
    [InlineData("LLAMA_ARG_BACKEND_SAMPLING=0 llama-server", false)]
    [InlineData("GGML_CUDA_ENABLE_UNIFIED_MEMORY=1 llama-server", true)]
    [InlineData("GGML_CUDA_NO_PINNED=1 LLAMA_ARG_THREADS=8 HF_TOKEN=x llama-server", false)]
    [InlineData("LLAMA_ARG_OF_NEXT_YEAR=1 llama-server", true)]
    [InlineData("OLLAMA_KEEP_ALIVE=-1 OLLAMA_HOST=0.0.0.0 ollama run qwen3:8b", false)]
    [InlineData("OLLAMA_SCHED_SPREAD=1 OLLAMA_IGPU_ENABLE=1 OLLAMA_VULKAN=0 ollama run qwen3:8b", false)]
    [InlineData("OLLAMA_GPU_OVERHEAD=1073741824 OLLAMA_LLM_LIBRARY=cuda_v13 ollama run qwen3:8b", false)]
    [InlineData("OLLAMA_NEW_ENGINE=1 ollama run qwen3:8b", true)]
    [InlineData("OLLAMA_SCHED_SPREAD=0 ollama run qwen3:8b", false)]
    [InlineData("OLLAMA_OF_NEXT_YEAR=1 ollama run qwen3:8b", true)]
    [InlineData("VLLM_OF_NEXT_YEAR=1 vllm serve a/b", true)]
    [InlineData("VLLM_LOGGING_LEVEL=DEBUG vllm serve a/b --no-enable-log-requests --port 80", false)]
    [InlineData("vllm serve a/b --an-option-of-next-year", true)]
    [InlineData("python -m sglang.launch_server --model-path a/b --host 0.0.0.0 --port 30000", false)]
    [InlineData("python -m sglang.launch_server --model-path a/b --an-option-of-next-year 3", true)]
    public void A_variable_is_no_less_than_a_word(string text, bool isGuess) =>
        Assert.Equal(isGuess, LaunchReader.Parse(text, NullSink.Instance).Uncounted.Count > 0);

    /// <summary>common/arg.cpp: such a variable denies its switch by being there.</summary>
    [Theory]
    [InlineData("LLAMA_ARG_NO_KV_OFFLOAD=1", "OffloadKv=False")]
    [InlineData("LLAMA_ARG_NO_REPACK=yes", "Repack=False")]
    public void A_variable_with_NO_denies(string variable, string setting)
    {
        var line = LaunchReader.Parse(variable + " llama-cli -m a.gguf", NullSink.Instance);
        var text = Questions.SettingsText.Of(line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }));
        Assert.Contains(setting, text);
    }

    /// <summary>Fields of a Modelfile that say nothing of memory are no model's name.</summary>
    [Fact]
    public void A_Modelfile_is_read_past_its_other_fields()
    {
        var line = LaunchReader.Parse(
            "PARAMETER temperature 0.6\nPARAMETER stop \"<end>\"\nSYSTEM \"Be brief\"\nMESSAGE user Hi\nFROM qwen3:8b",
            NullSink.Instance);
        Assert.Equal("qwen3:8b", line.Model);
        Assert.Empty(line.Uncounted);
    }

    /// <summary>src/llama-context.cpp: YaRN moves the trained length, at which the server caps a slot.</summary>
    [Theory]
    [InlineData("-c 131072 -np 1", 40_960)]
    [InlineData("-c 131072 -np 1 --rope-scaling yarn --rope-scale 4 --yarn-orig-ctx 32768", 131_072)]
    [InlineData("-c 131072 -np 1 --rope-scaling yarn --rope-freq-scale 0.25", 131_072)]
    [InlineData("-c 131072 -np 1 --rope-scaling linear --rope-scale 4", 40_960)]
    [InlineData("-c 65536 -np 1 --rope-scaling yarn --rope-scale 2 --yarn-orig-ctx 16384", 32_768)]
    public void YaRN_moves_the_length_at_which_a_slot_is_capped(string words, int context)
    {
        var model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance);
        var line = LaunchReader.Parse("llama-server -m a.gguf " + words, NullSink.Instance);
        Assert.Equal(context, line.ApplyTo(new FitQuestion { Model = model }).Options.ContextLength);
    }

    /// <summary>common/speculative.cpp, common_speculative_n_max: rows for what a drafter may propose.</summary>
    [Theory]
    [InlineData("--spec-type ngram-simple", 49)]
    [InlineData("--spec-type ngram-simple --spec-ngram-simple-size-m 20", 21)]
    [InlineData("--spec-ngram-mod-n-max 30 --spec-type ngram-mod", 31)]
    [InlineData("--spec-type ngram-map-k --spec-ngram-simple-size-m 20", 49)]
    public void Drafters_from_the_text_keep_as_many_rows_as_they_are_told(string words, int rows)
    {
        var line = LaunchReader.Parse("llama-server -m a.gguf -np 1 " + words, NullSink.Instance);
        Assert.Equal(rows, line.ApplyTo(new FitQuestion { Model = SmallModels.Of(4) }).Options.OutputCount);
    }
}
