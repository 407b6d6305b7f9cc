using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Architectures;

/// <summary>
/// All architectures. To add one: write its record in a file of its own beside this one, named as llama.cpp's file, and
/// a row here. A file is only run when one of its names is asked for.
/// </summary>
internal static class ArchitectureList
{
    private static readonly (string Names, Func<Architecture[]> Load)[] Files =
    {
        (
            "llama mistral3 smollm3 xverse orion nanbeige pangu-embedded internlm2 seed_oss baichuan refact",
            () => Llama.All),
        ("arcee apertus nemotron", () => Arcee.All),
        ("llama4", () => Llama4.All),
        ("deci", () => Deci.All),
        ("qwen qwen2 qwen2vl qwen3 qwen3moe qwen3tts maincoder mellum maple paddleocr", () => Qwen.All),
        ("qwen2moe", () => Qwen2Moe.All),
        ("qwen3vl qwen3vlmoe", () => Qwen3Vl.All),
        ("qwen3next qwen35 qwen35moe", () => Qwen3Next.All),
        ("qwen4exp", () => Qwen4Exp.All),
        ("llada llada-moe dream rnd1", () => Llada.All),
        ("gemma gemma2 gemma3", () => Gemma.All),
        ("gemma3n", () => Gemma3n.All),
        ("gemma4 gemma4-assistant", () => Gemma4.All),
        ("phi2", () => Phi2.All),
        ("phi3 phimoe", () => Phi3.All),
        ("chatglm glm4 glm4moe", () => Glm4.All),
        ("deepseek deepseek2-ocr", () => Deepseek.All),
        ("deepseek2 mistral4", () => Deepseek2.All),
        ("deepseek32 glm-dsa", () => Deepseek32.All),
        ("deepseek4", () => Deepseek4.All),
        ("minicpm minicpm3 plm", () => Minicpm.All),
        ("command-r cohere2", () => CommandR.All),
        ("cohere2moe", () => Cohere2Moe.All),
        ("granite granitemoe granite_swa", () => Granite.All),
        ("granitehybrid", () => GraniteHybrid.All),
        ("graniteswitch", () => GraniteSwitch.All),
        ("gpt2 jais jais2 starcoder starcoder2 codeshell bloom mpt", () => Gpt2.All),
        ("gptneox", () => GptNeox.All),
        ("stablelm", () => StableLm.All),
        ("falcon plamo", () => Falcon.All),
        ("gpt-oss", () => OpenaiMoe.All),
        ("olmo olmoe olmo2", () => Olmo.All),
        ("exaone exaone4 exaone-moe", () => Exaone.All),
        ("ernie4_5 ernie4_5-moe", () => Ernie45.All),
        ("hunyuan-dense hunyuan-moe hunyuan_vl hy_v3", () => Hunyuan.All),
        ("hy_v4", () => HyV4.All),
        ("bailingmoe bailingmoe2", () => Bailingmoe.All),
        ("bailingmoe3", () => Bailingmoe3.All),
        ("dots1", () => Dots1.All),
        ("dots3note", () => Dots3Note.All),
        ("afmoe laguna spark2_5 muse-glimmer", () => Afmoe.All),
        ("step35", () => Step35.All),
        ("mimo2", () => Mimo2.All),
        ("smallthinker", () => Smallthinker.All),
        ("dbrx", () => Dbrx.All),
        ("arctic", () => Arctic.All),
        ("grok", () => Grok.All),
        ("bitnet", () => Bitnet.All),
        ("minimax-m2 minimax-m3", () => MinimaxM3.All),
        ("minimax-01", () => Minimax01.All),
        ("kimi-linear", () => KimiLinear.All),
        ("kimi-k3", () => KimiK3.All),
        ("mamba mamba2", () => Mamba.All),
        ("jamba", () => Jamba.All),
        ("plamo2 plamo3", () => Plamo2.All),
        ("falcon-h1", () => FalconH1.All),
        ("nemotron_h nemotron_h_moe", () => NemotronH.All),
        ("lfm2 lfm2moe", () => Lfm2.All),
        ("rwkv6 rwkv6qwen2", () => Rwkv6.All),
        ("rwkv7 arwkv7", () => Rwkv7.All),
        ("t5 t5encoder", () => T5.All),
        ("bert nomic-bert nomic-bert-moe jina-bert-v2 jina-bert-v3", () => Bert.All),
        ("modern-bert neo-bert eurobert llama-embed gemma-embedding", () => ModernBert.All),
        ("chameleon", () => Chameleon.All),
        ("cogvlm", () => CogVlm.All),
        ("talkie", () => Talkie.All),
        ("hrm_text", () => HrmText.All),
        ("openelm", () => OpenElm.All),
        ("grovemoe", () => GroveMoe.All),
        ("eagle3", () => Eagle3.All),
        ("dflash", () => Dflash.All),
        ("pockettts", () => PocketTts.All),
    };

    private static readonly Dictionary<string, Lazy<Architecture[]>> ByName = Index();

    private static readonly Lazy<Dictionary<string, Architecture>> ByClass = new(
        () => Pairs(known => known.Classes.Split(' ')));

    private static readonly Lazy<Dictionary<string, Architecture>> ByType = new(
        () => Pairs(known => known.Types.Split(' ').Append(Folded(known.Name))));

    /// <summary>All architectures, in the order of the files.</summary>
    public static IEnumerable<Architecture> All => ByName.Values.Distinct().SelectMany(file => file.Value);

    /// <summary>All names.</summary>
    public static IReadOnlyCollection<string> Names => ByName.Keys;

    /// <summary>Whether the architecture is of the list.</summary>
    public static bool Knows(string name) => ByName.ContainsKey(name);

    /// <summary>The architecture of that name, or null.</summary>
    public static Architecture? Find(string name) =>
        ByName.TryGetValue(name, out var file) ? Array.Find(file.Value, known => known.Name == name) : null;

    /// <summary>Whether engines treat models of that architecture so.</summary>
    public static bool IsServed(string name, ServedTraits traits) => ((Find(name)?.Served ?? default) & traits) != 0;

    /// <summary>Where the quantizer treats models of that architecture apart.</summary>
    public static MixExceptions MixOf(string name) => Find(name)?.Mix ?? MixExceptions.None;

    /// <summary>What all models of that architecture are for; null if several things, or not known.</summary>
    public static ModelKind? KindOf(string? name) => name is null ? null : Find(name)?.Kind;

    /// <summary>
    /// The quantization of a model of that architecture where none is named: four bits, its own if it is published so.
    /// </summary>
    public static string UsualQuantization(string? name) =>
        name is not null && Find(name)?.NativeExperts is not null ? NativeExperts.Mix : QuantizationNames.Usual;

    /// <summary>The architecture that a class of transformers stands for, or null.</summary>
    public static Architecture? OfClass(string name) => ByClass.Value.TryGetValue(name, out var known) ? known : null;

    /// <summary>The architecture that a type of transformers (<c>qwen3_moe</c>) stands for, or null.</summary>
    public static Architecture? OfType(string type) =>
        ByType.Value.TryGetValue(Folded(type), out var known) ? known : null;

    /// <summary>The architecture of a model: its own, or what one that is not known is taken for.</summary>
    public static Architecture Of(ModelDefinition model) => Find(model.Architecture) ?? LikelyArchitecture.Of(model);

    private static Dictionary<string, Lazy<Architecture[]>> Index()
    {
        var byName = new Dictionary<string, Lazy<Architecture[]>>(StringComparer.Ordinal);
        foreach (var (names, load) in Files)
        {
            var file = new Lazy<Architecture[]>(load);
            foreach (var name in names.Split(' ')) byName.Add(name, file);
        }

        return byName;
    }

    private static Dictionary<string, Architecture> Pairs(Func<Architecture, IEnumerable<string>> words)
    {
        var pairs = new Dictionary<string, Architecture>(StringComparer.Ordinal);
        foreach (var known in All)
            foreach (var word in words(known))
                if (word.Length > 0 && !pairs.ContainsKey(word)) pairs.Add(word, known);
        return pairs;
    }

    private static string Folded(string type) =>
        new(type.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).ToArray());
}
