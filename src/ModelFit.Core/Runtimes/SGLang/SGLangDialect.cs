using ModelFit.Questions;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Runtimes.SGLang;

/// <summary>SGLang's words that matter to memory (srt/server_args.py).</summary>
internal sealed class SGLangDialect : LaunchDialect
{
    private const ModelRuntime Own = ModelRuntime.SGLang;

    private SGLangDialect()
        : base("SGLang", Words())
    {
    }

    public static SGLangDialect Instance { get; } = new();

    protected override string[] OwnPrefixes => new[] { "SGLANG_", "SGL_" };

    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text != "serve") base.ReadBare(line, text, messages);
    }

    private static IEnumerable<LaunchWord> Words() => new LaunchWord[]
    {
        Value(Own, QuestionParts.Model, (line, value) => line.SetModel(value)),
        Value(Own, QuestionParts.ContextLength, (line, value) => line.SequenceContext = Count(value, 1)),
        Value(Own, SettingParts.CardCount, (line, value) => line.TensorParallel = Count(value, 1)),
        Value(Own, SettingParts.MemoryUtilization, (line, value) => line.MemoryUtilization = Utilization(value)),
        Value(Own, QuestionParts.KeyCacheType, SetCache),
        Serving(SettingParts.MaxSequences, (told, value) => told with { MaxSequences = Count(value, 1) }),
        Serving(SettingParts.MaxBatchedTokens, (told, value) => told with { MaxBatchedTokens = (int)Integer(value) }),
        Serving(SettingParts.PipelineParallel, (told, value) => told with { PipelineParallel = Count(value, 1) }),
        Serving(SettingParts.DataParallel, (told, value) => told with { DataParallel = Count(value, 1) }),
        Serving(SettingParts.AllowsLonger, (told, value) => told with
        {
            AllowsLonger = value is "1" or "true" or "True",
        }),
        Value(Own, SettingParts.Eager, (line, _) => line.Serving = line.Serving with { Eager = true })
            with { TakesValue = false },
        Shown(Own),
        new(new[] { "--quantization" }, null, true, VllmDialect.SetQuantization),
        new(new[] { "--dtype" }, null, true, VllmDialect.SetPrecision),
        new(new[] { "--language-model-only" }, null, false, (line, _) =>
            line.Serving = line.Serving with { LanguageModelOnly = true }),
    }.Concat(SGLangUncounted.All);

    private static LaunchWord Serving(QuestionPart part, Func<ServingOptions, string, ServingOptions> change) =>
        Value(Own, part, (line, value) => line.Serving = change(line.Serving, value));

    private static void SetCache(LaunchLine line, string value)
    {
        var type = KvCacheTypes.Named(value) ?? Named<KvCacheType>(value);
        line.Change(options => options with { KeyCacheType = type, ValueCacheType = type });
    }
}
