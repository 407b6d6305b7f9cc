using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// The architecture of llama.cpp by the class that transformers loads, as llama.cpp's converter registers them
/// (conversion/*.py), and by the type of the model where the class is not known.
/// </summary>
internal static class HfArchitectures
{
    private static readonly string[] Suffixes =
    {
        "ForCausalLM", "ForConditionalGeneration", "LMHeadModel", "ForMaskedLM", "ForSequenceClassification", "Model",
    };

    private static readonly Dictionary<string, string> ByClass = new(StringComparer.Ordinal);

    private static readonly Dictionary<string, string> ByType = new(StringComparer.Ordinal)
    {
        ["mixtral"] = "llama", ["mistral"] = "llama", ["granitemoehybrid"] = "granitehybrid",
        ["qwen35text"] = "qwen35", ["qwen35moetext"] = "qwen35moe", ["nemotronnas"] = "deci", ["cohere"] = "command-r",
        ["kimik2"] = "deepseek2", ["kimik25"] = "deepseek2", ["deepseekv2"] = "deepseek2",
        ["deepseekv3"] = "deepseek2", ["deepseekv32"] = "deepseek32", ["deepseekv4"] = "deepseek4",
        ["glmmoedsa"] = "glm-dsa", ["glm"] = "chatglm", ["phi"] = "phi2", ["step3p5"] = "step35",
        ["step3p7"] = "step35", ["gptbigcode"] = "starcoder", ["gemma3text"] = "gemma3", ["gemma4text"] = "gemma4",
        ["lfm2text"] = "lfm2", ["llama4text"] = "llama4", ["qwen2vltext"] = "qwen2vl", ["qwen25vl"] = "qwen2vl",
        ["qwen25vltext"] = "qwen2vl", ["qwen3vltext"] = "qwen3vl", ["qwen3vlmoetext"] = "qwen3vlmoe",
        ["mimo"] = "qwen2",
    };

    private static readonly (string Architecture, string Classes)[] Table =
    {
        ("afmoe", "AfmoeForCausalLM"),
        ("apertus", "ApertusForCausalLM"),
        ("arcee", "ArceeForCausalLM"),
        ("arctic", "ArcticForCausalLM"),
        ("arwkv7", "RwkvHybridForCausalLM"),
        ("baichuan", "BaichuanForCausalLM BaiChuanForCausalLM"),
        ("bailingmoe", "BailingMoeForCausalLM"),
        ("bailingmoe2", "BailingMoeV2ForCausalLM SarvamMoEForCausalLM modeling_sarvam_moe.SarvamMoEForCausalLM"),
        ("bailingmoe3", "BailingMoeV3ForCausalLM"),
        (
            "bert",
            "BertModel BertForMaskedLM CamembertModel BertForSequenceClassification DistilBertModel " +
            "DistilBertForMaskedLM DistilBertForSequenceClassification RobertaModel " +
            "RobertaForSequenceClassification NomicBertModel XLMRobertaModel XLMRobertaForSequenceClassification"),
        ("bitnet", "BitnetForCausalLM BitNetForCausalLM"),
        ("bloom", "BloomForCausalLM BloomModel"),
        ("chameleon", "ChameleonForConditionalGeneration ChameleonForCausalLM"),
        ("chatglm", "GlmForCausalLM ChatGLMModel ChatGLMForConditionalGeneration"),
        ("codeshell", "CodeShellForCausalLM"),
        ("cogvlm", "CogVLMForCausalLM"),
        ("cohere2", "Cohere2ForCausalLM"),
        ("cohere2moe", "Cohere2MoeForCausalLM"),
        ("command-r", "CohereForCausalLM"),
        ("dbrx", "DbrxForCausalLM"),
        ("deci", "DeciLMForCausalLM"),
        ("deepseek", "DeepseekForCausalLM"),
        (
            "deepseek2",
            "DeepseekV2ForCausalLM DeepseekV3ForCausalLM DeepseekOCRForCausalLM UnlimitedOCRForCausalLM " +
            "KimiVLForConditionalGeneration KimiK25ForConditionalGeneration YoutuForCausalLM " +
            "YoutuVLForConditionalGeneration Glm4MoeLiteForCausalLM"),
        ("deepseek32", "DeepseekV32ForCausalLM"),
        ("deepseek4", "DeepseekV4ForCausalLM"),
        (
            "dflash",
            "DeepseekV4DSparkModel Gemma4DSparkModel MuseGlimmerAssistantModel DFlashDraftModel DFlash2DraftModel " +
            "Qwen3DSparkModel DSparkDraftModel DSparkSpeculator Lfm2DSparkDraftModel LingDSparkModel"),
        ("dots1", "Dots1ForCausalLM"),
        ("dots3note", "Dots3NoteForCausalLM Dots3NoteForConditionalGeneration Dots3NoteTextForCausalLM"),
        ("dream", "DreamModel"),
        ("ernie4_5", "Ernie4_5_ForCausalLM Ernie4_5ForCausalLM"),
        ("ernie4_5-moe", "Ernie4_5_MoeForCausalLM"),
        ("eurobert", "EuroBertModel JinaEmbeddingsV5Model"),
        ("exaone", "ExaoneForCausalLM"),
        ("exaone-moe", "ExaoneMoEForCausalLM ExaoneMoeForCausalLM"),
        ("exaone4", "Exaone4ForCausalLM Exaone4_5_ForConditionalGeneration"),
        ("falcon", "FalconForCausalLM RWForCausalLM"),
        ("falcon-h1", "FalconH1ForCausalLM"),
        ("gemma", "GemmaForCausalLM"),
        ("gemma-embedding", "Gemma3TextModel"),
        ("gemma2", "Gemma2ForCausalLM"),
        ("gemma3", "Gemma3ForCausalLM Gemma3ForConditionalGeneration"),
        ("gemma3n", "Gemma3nForCausalLM Gemma3nForConditionalGeneration"),
        ("gemma4", "Gemma4ForConditionalGeneration Gemma4ForCausalLM Gemma4UnifiedForConditionalGeneration"),
        ("gemma4-assistant", "Gemma4AssistantForCausalLM Gemma4UnifiedAssistantForCausalLM"),
        ("glm-dsa", "GlmMoeDsaForCausalLM"),
        ("glm4", "Glm4ForCausalLM Glm4vForConditionalGeneration GlmOcrForConditionalGeneration"),
        ("glm4moe", "Glm4MoeForCausalLM Glm4vMoeForConditionalGeneration SolarOpenForCausalLM"),
        ("gpt-oss", "GptOssForCausalLM"),
        ("gpt2", "GPT2LMHeadModel RuGPT3XLForCausalLM"),
        ("gptneox", "GPTNeoXForCausalLM"),
        ("granite", "GraniteForCausalLM"),
        ("granite_swa", "GraniteSWAForCausalLM GraniteMoeSWAForCausalLM"),
        ("granitehybrid", "GraniteMoeHybridForCausalLM BambaForCausalLM"),
        ("granitemoe", "GraniteMoeForCausalLM GraniteMoeSharedForCausalLM"),
        ("graniteswitch", "GraniteSwitchForCausalLM"),
        ("grok", "GrokForCausalLM Grok1ForCausalLM"),
        ("grovemoe", "GroveMoeForCausalLM modeling_grove_moe.GroveMoeForCausalLM"),
        ("hrm_text", "HrmTextForCausalLM"),
        ("hunyuan-dense", "HunYuanDenseV1ForCausalLM"),
        ("hunyuan-moe", "HunYuanMoEV1ForCausalLM"),
        ("hunyuan_vl", "HunYuanVLForConditionalGeneration"),
        ("hy_v3", "HYV3ForCausalLM"),
        ("hy_v4", "HYV4ForCausalLM"),
        ("internlm2", "InternLM2ForCausalLM"),
        ("jais", "JAISLMHeadModel"),
        ("jais2", "Jais2ForCausalLM"),
        ("jamba", "JambaForCausalLM"),
        ("jina-bert-v2", "JinaBertModel JinaBertForMaskedLM"),
        ("kimi-k3", "KimiK3ForConditionalGeneration"),
        ("kimi-linear", "KimiLinearModel KimiLinearForCausalLM"),
        ("laguna", "LagunaForCausalLM"),
        ("lfm2", "Lfm2ForCausalLM LFM2ForCausalLM Lfm2Model Lfm2BidirectionalModel Lfm25AudioTokenizer"),
        ("lfm2moe", "Lfm2MoeForCausalLM"),
        ("llada", "LLaDAModelLM"),
        ("llada-moe", "LLaDAMoEModel LLaDAMoEModelLM"),
        (
            "llama",
            "InternLM3ForCausalLM JanusForConditionalGeneration LLaMAForCausalLM LlamaForCausalLM " +
            "MistralForCausalLM MixtralForCausalLM VLlama3ForCausalLM LlavaForConditionalGeneration " +
            "VoxtralForConditionalGeneration LlamaForCausalLMEagle3 Eagle3LlamaForCausalLM Eagle3Speculator " +
            "Eagle3DraftModel IQuestCoderForCausalLM LlamaModel Sarashina2VisionForCausalLM UltravoxModel"),
        ("llama-embed", "LlamaBidirectionalModel"),
        ("llama4", "Llama4ForConditionalGeneration Llama4ForCausalLM"),
        ("maincoder", "MaincoderForCausalLM"),
        ("mamba", "MambaForCausalLM MambaLMHeadModel FalconMambaForCausalLM"),
        ("mamba2", "Mamba2ForCausalLM"),
        ("maple", "MapleForCausalLM"),
        ("mellum", "MellumForCausalLM"),
        ("mimo2", "MiMoV2FlashForCausalLM MiMoV2ForCausalLM"),
        ("minicpm", "MiniCPMForCausalLM"),
        ("minicpm3", "MiniCPM3ForCausalLM"),
        ("minimax-01", "MiniMaxText01ForCausalLM MiniMaxM1ForCausalLM"),
        ("minimax-m2", "MiniMaxM2ForCausalLM"),
        ("minimax-m3", "MiniMaxM3SparseForCausalLM MiniMaxM3SparseForConditionalGeneration"),
        ("mistral3", "Mistral3ForConditionalGeneration Ministral3ForCausalLM"),
        ("modern-bert", "ModernBertModel ModernBertForMaskedLM ModernBertForSequenceClassification"),
        ("mpt", "MPTForCausalLM"),
        ("muse-glimmer", "MuseGlimmerForConditionalGeneration"),
        ("nanbeige", "NanbeigeForCausalLM"),
        ("nemotron", "NemotronForCausalLM"),
        ("nemotron_h", "NemotronHForCausalLM"),
        ("nemotron_h_moe", "NemotronHPuzzleForCausalLM"),
        ("neo-bert", "NeoBERT NeoBERTLMHead NeoBERTForSequenceClassification"),
        ("olmo", "OlmoForCausalLM OLMoForCausalLM"),
        ("olmo2", "Olmo2ForCausalLM Olmo3ForCausalLM"),
        ("olmoe", "OlmoeForCausalLM"),
        ("openelm", "OpenELMForCausalLM"),
        ("orion", "OrionForCausalLM"),
        ("paddleocr", "PaddleOCRVLForConditionalGeneration"),
        ("pangu-embedded", "PanguEmbeddedForCausalLM"),
        ("phi2", "PhiForCausalLM"),
        ("phi3", "Phi3ForCausalLM Phi4ForCausalLMV"),
        ("phimoe", "PhiMoEForCausalLM"),
        ("plamo", "PlamoForCausalLM"),
        ("plamo2", "Plamo2ForCausalLM PLaMo2ForCausalLM"),
        ("plamo3", "Plamo3ForCausalLM PLaMo3ForCausalLM"),
        ("plm", "PLMForCausalLM"),
        ("pockettts", "PocketTTSModel"),
        ("qwen", "QWenLMHeadModel"),
        (
            "qwen2",
            "Qwen2Model Qwen2ForCausalLM Qwen2AudioForConditionalGeneration KORMoForCausalLM " +
            "AudioFlamingo3ForConditionalGeneration DotsOCRForCausalLM"),
        ("qwen2moe", "Qwen2MoeForCausalLM"),
        ("qwen2vl", "Qwen2VLModel Qwen2VLForConditionalGeneration Qwen2_5_VLForConditionalGeneration Qwen2_5OmniModel"),
        ("qwen3", "Qwen3ForCausalLM Qwen3Model StepVLForConditionalGeneration"),
        ("qwen35", "MiniCPMV4_6ForConditionalGeneration Qwen3_5ForConditionalGeneration Qwen3_5ForCausalLM"),
        ("qwen35moe", "Qwen3_5MoeForConditionalGeneration Qwen3_5MoeForCausalLM"),
        ("qwen3moe", "Qwen3MoeForCausalLM"),
        ("qwen3next", "Qwen3NextForCausalLM"),
        ("qwen3tts", "Qwen3TTSForConditionalGeneration"),
        ("qwen3vl", "Qwen3VLForConditionalGeneration Qwen3ASRForConditionalGeneration"),
        ("qwen3vlmoe", "Qwen3VLMoeForConditionalGeneration Qwen3OmniMoeForConditionalGeneration"),
        ("qwen4exp", "Qwen4ExpForConditionalGeneration Qwen4ExpForCausalLM"),
        ("refact", "GPTRefactForCausalLM"),
        ("rnd1", "RND1"),
        ("rwkv6", "Rwkv6ForCausalLM"),
        ("rwkv6qwen2", "RWKV6Qwen2ForCausalLM"),
        ("rwkv7", "Rwkv7ForCausalLM RWKV7ForCausalLM"),
        ("seed_oss", "SeedOssForCausalLM"),
        ("smallthinker", "SmallThinkerForCausalLM"),
        ("smollm3", "SmolLM3ForCausalLM"),
        ("spark2_5", "Spark2_5ForCausalLM"),
        ("stablelm", "StableLmForCausalLM StableLMEpochForCausalLM LlavaStableLMEpochForCausalLM"),
        ("starcoder", "GPTBigCodeForCausalLM"),
        ("starcoder2", "Starcoder2ForCausalLM"),
        ("step35", "Step3p5ForCausalLM Step3p7ForConditionalGeneration"),
        (
            "t5",
            "T5WithLMHeadModel T5ForConditionalGeneration MT5ForConditionalGeneration " +
            "UMT5ForConditionalGeneration UMT5Model"),
        ("t5encoder", "T5EncoderModel"),
        ("talkie", "TalkieForCausalLM"),
        ("wavtokenizer-dec", "WavTokenizerDec"),
        ("xverse", "XverseForCausalLM"),
    };

    static HfArchitectures()
    {
        foreach (var (architecture, classes) in Table)
        {
            if (!ByType.ContainsKey(Normalize(architecture))) ByType[Normalize(architecture)] = architecture;
            foreach (var name in classes.Split(' ')) ByClass[name] = architecture;
        }
    }

    /// <summary>
    /// The architecture of a configuration; null if llama.cpp knows neither its classes nor its type.
    /// </summary>
    public static string? Find(HfConfig config)
    {
        foreach (var name in config.Classes)
            if (ByClass.TryGetValue(name, out var architecture)) return Refine(architecture, config);
        var types = config.Classes.Select(WithoutSuffix).Prepend(config.ModelType ?? string.Empty);
        foreach (var type in types)
            if (ByType.TryGetValue(Normalize(type), out var architecture)) return Refine(architecture, config);
        return null;
    }

    /// <summary>One class stands for two architectures: with experts and without.</summary>
    private static string Refine(string architecture, HfConfig config) =>
        architecture == "nemotron_h" && config["num_experts_per_tok"] is not null ? "nemotron_h_moe" : architecture;

    private static string WithoutSuffix(string name)
    {
        var suffix = Suffixes.FirstOrDefault(end => name.EndsWith(end, StringComparison.Ordinal));
        return suffix is null ? name : name.Substring(0, name.Length - suffix.Length);
    }

    private static string Normalize(string type) =>
        new(type.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant).ToArray());
}
