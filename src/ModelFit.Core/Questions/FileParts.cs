using static ModelFit.ModelRuntime;

namespace ModelFit.Questions;

/// <summary>
/// The part of the table that names files: where the model comes from, what is loaded beside it, what llama.cpp fits by
/// itself, and which cards a program is shown. Answers say them in properties of their own.
/// </summary>
internal static class FileParts
{
    private const string Visible =
        "CUDA_VISIBLE_DEVICES HIP_VISIBLE_DEVICES ROCR_VISIBLE_DEVICES GGML_VK_VISIBLE_DEVICES GPU_DEVICE_ORDINAL";

    public static readonly QuestionPart Url = Word("Url", "-mu --model-url LLAMA_ARG_MODEL_URL");
    public static readonly QuestionPart Repository = Word("Repository", "-hf -hfr --hf-repo LLAMA_ARG_HF_REPO");
    public static readonly QuestionPart RepositoryFile = Word("RepositoryFile", "-hff --hf-file LLAMA_ARG_HF_FILE");
    public static readonly QuestionPart Image = Word("Image", "-dr --docker-repo LLAMA_ARG_DOCKER_REPO");
    public static readonly QuestionPart Projector = Word("Projector", "--mmproj -mm LLAMA_ARG_MMPROJ");
    public static readonly QuestionPart ProjectorUrl = Word("ProjectorUrl", "--mmproj-url -mmu LLAMA_ARG_MMPROJ_URL");

    /// <summary>Whether a repository's own projector is loaded.</summary>
    public static readonly QuestionPart TakesProjector = Word(
        "TakesProjector", "--mmproj-auto LLAMA_ARG_MMPROJ_AUTO ! --no-mmproj --no-mmproj-auto");
    public static readonly QuestionPart OffloadProjector = Word(
        "OffloadProjector", "--mmproj-offload LLAMA_ARG_MMPROJ_OFFLOAD ! --no-mmproj-offload");
    public static readonly QuestionPart Adapter = Word("Adapter", "--lora");

    /// <summary>Whether an engine takes adapters with its requests.</summary>
    public static readonly QuestionPart TakesAdapters = Word("TakesAdapters", "--enable-lora", Vllm);
    public static readonly QuestionPart ScaledAdapters = Word("ScaledAdapters", "--lora-scaled");
    public static readonly QuestionPart ControlVectors = Word("ControlVectors", "--control-vector");
    public static readonly QuestionPart ScaledControlVectors = Word("ScaledControlVectors", "--control-vector-scaled");
    public static readonly QuestionPart Draft = Word(
        "Draft", "-md --model-draft --spec-draft-model LLAMA_ARG_SPEC_DRAFT_MODEL");
    public static readonly QuestionPart DraftRepository = Word(
        "DraftRepository", "-hfd -hfrd --hf-repo-draft --spec-draft-hf LLAMA_ARG_SPEC_DRAFT_HF_REPO");

    /// <summary>The ways of drafting.</summary>
    public static readonly QuestionPart Drafters = Word("Drafters", "--spec-type LLAMA_ARG_SPEC_TYPE");

    /// <summary>Whether the experts of all layers stay in system memory.</summary>
    public static readonly QuestionPart AllExperts = Word("AllExperts", "--cpu-moe -cmoe LLAMA_ARG_CPU_MOE");

    /// <summary>Whether llama.cpp fits what the line leaves open to the memory.</summary>
    public static readonly QuestionPart Fit = Word("Fit", "-fit --fit LLAMA_ARG_FIT");

    /// <summary>MiB that this leaves free on each card.</summary>
    public static readonly QuestionPart FitTargets = Word("FitTargets", "-fitt --fit-target LLAMA_ARG_FIT_TARGET");

    /// <summary>Tokens that it leaves the context.</summary>
    public static readonly QuestionPart FitContext = Word("FitContext", "-fitc --fit-ctx LLAMA_ARG_FIT_CTX");
    public static readonly QuestionPart RopeScaling = Word("RopeScaling", "--rope-scaling LLAMA_ARG_ROPE_SCALING_TYPE");

    /// <summary>The cards that the driver shows a program; answers say them as its devices.</summary>
    public static readonly QuestionPart VisibleDevices = Word(
        "VisibleDevices", (LlamaCpp, Visible), (Ollama, Visible), (Vllm, Visible), (SGLang, Visible));

    /// <summary>Every row.</summary>
    public static readonly IReadOnlyList<QuestionPart> All = new[]
    {
        Url, Repository, RepositoryFile, Image, Projector, ProjectorUrl, TakesProjector, OffloadProjector, Adapter,
        TakesAdapters, ScaledAdapters, ControlVectors, ScaledControlVectors, Draft, DraftRepository, Drafters,
        AllExperts, Fit, FitTargets, FitContext, RopeScaling, VisibleDevices,
    };

    private static QuestionPart Word(string name, string words, ModelRuntime runtime = LlamaCpp) =>
        Word(name, (runtime, words));

    private static QuestionPart Word(string name, params (ModelRuntime Runtime, string Words)[] launch) => new(name)
    {
        Echo = null, IsBoundByName = false, Launch = QuestionPart.Words(launch),
    };
}
