namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// The words of llama-cpp-python's server that matter to memory (llama_cpp/server/settings.py of 0.3.35): parameters of
/// the library by name, switches with a value, all layers on the processor unless it is told.
/// </summary>
internal sealed class LlamaPythonDialect : LaunchDialect
{
    private LlamaPythonDialect()
        : base("LlamaPython", Words())
    {
    }

    public static LlamaPythonDialect Instance { get; } = new();

    public override void Begin(LaunchLine line)
    {
        (line.TotalContext, line.GpuLayers, line.IsFit) = (2048, 0, false);
        line.Change(options => options with
        {
            BatchSize = 512, MicroBatchSize = 512, FlashAttention = FlashAttentionMode.Off,
        });
        line.Uncounted.Add("llama-cpp-python has its own copy of llama.cpp, whose buffers were not compared");
    }

    private static IEnumerable<LaunchWord> Words() => new[]
    {
        As("-m", "--model"), As("-c", "--n_ctx"), As("-b", "--n_batch"), As("-ub", "--n_ubatch"),
        As("-mg", "--main_gpu"), As("-ts", "--tensor_split") with { IsList = true }, As("--rpc", "--rpc_servers"),
        As("--mmproj", "--clip_model_path"), As("--lora", "--lora_path"), As("-hf", "--hf_model_repo_id"),
        As("-fa", "--flash_attn"),
        Value((line, value) => line.GpuLayers = Integer(value) < 0 ? int.MaxValue : Count(value, 0), "--n_gpu_layers"),
        Change((options, value) => options with { SplitMode = Modes(value) }, "--split_mode"),
        Change((options, value) => options with { OffloadKv = Flag(value) }, "--offload_kqv"),
        Change((options, value) => options with { MemoryMap = Flag(value) }, "--use_mmap"),
        Change((options, value) => options with { Embeds = Flag(value) }, "--embedding"),
        Change((options, value) => options with { KeyCacheType = TypeOf(value) }, "--type_k"),
        Change((options, value) => options with { ValueCacheType = TypeOf(value) }, "--type_v"),
        new UncountedWord(new[] { "--config_file", "--kv_overrides", "--lora_base" }, null),
        Shown(ModelRuntime.LlamaCpp),
    };

    private static LaunchWord As(string word, params string[] names) =>
        LlamaCppDialect.Instance.Renamed(word, names) with { OptionalValues = null };

    private static LaunchWord Change(Func<RuntimeOptions, string, RuntimeOptions> change, string name) =>
        Value((line, value) =>
        {
            // What cannot be read is an error of this word, before any question is asked.
            change(new RuntimeOptions(), value);
            line.Change(options => change(options, value));
        }, name);

    /// <summary>LLAMA_SPLIT_MODE_NONE, _LAYER and _ROW.</summary>
    private static GpuSplitMode Modes(string value) => value switch
    {
        "0" => GpuSplitMode.None,
        "1" => GpuSplitMode.Layer,
        "2" => GpuSplitMode.Row,
        _ => throw new FormatException("0, 1 or 2"),
    };

    /// <summary>A type of ggml by its number (ggml_type).</summary>
    private static KvCacheType TypeOf(string value) =>
        Enum.IsDefined(typeof(KvCacheType), Count(value, 0))
            ? (KvCacheType)Count(value, 0)
            : throw new FormatException("the number of a type of ggml, such as 1 for F16 or 8 for Q8_0");
}
