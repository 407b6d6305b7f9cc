using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Quantization;

namespace ModelFit.Architectures;

/// <summary>
/// All that is known of one architecture of llama.cpp: its names, how its configuration is read, its tensors, its
/// graph, and where it departs from the rules of quantization. What most have is the default, so that a plain decoder
/// is a name and a few flags. Methods over a <see cref="TensorList"/> lay tensors out (load_arch_tensors of llama.cpp's
/// src/models), those over a <see cref="GraphBuilder"/> build the graph (build_arch_graph).
/// </summary>
/// <param name="Name">The name in <c>general.architecture</c>.</param>
internal sealed record Architecture(string Name)
{
    /// <summary>The classes of transformers that the converter registers for it, separated by spaces.</summary>
    public string Classes { get; init; } = string.Empty;

    /// <summary>
    /// The types of transformers (<c>model_type</c>) that stand for it, beside its own name; separated by spaces.
    /// </summary>
    public string Types { get; init; } = string.Empty;

    /// <summary>The name that a configuration of these classes has in the end, where they stand for two.</summary>
    public Func<IModelConfig, string>? Variant { get; init; }

    /// <summary>What its configurations say in their own way (set_gguf_parameters of the converter's class).</summary>
    public Action<ConfigDraft>? Configure { get; init; }

    /// <summary>Whether its class of transformers ties embedding and output unless a configuration says not.</summary>
    public bool TiesByDefault { get; init; }

    /// <summary>Whether a configuration's bias of attention is one of its output too.</summary>
    public bool OutputBiasAsAttention { get; init; }

    /// <summary>Whether the converter keeps the full heads of latent attention.</summary>
    public bool KeepsFullHeads { get; init; }

    /// <summary>Whether the converter counts and keeps the blocks for multi-token prediction.</summary>
    public bool KeepsPredictionLayers { get; init; }

    /// <summary>Those blocks where a configuration does not count them.</summary>
    public long UsualPredictionLayers { get; init; }

    /// <summary>What published counts of its models have beyond the text model.</summary>
    public PublishedCount PublishedCount { get; init; }

    /// <summary>Whether attention goes over the whole context whatever window is configured.</summary>
    public bool IgnoresWindow { get; init; }

    /// <summary>What its blocks have and have not, in files and in the graph.</summary>
    public ArchitectureShape Shape { get; init; } = new();

    /// <summary>Lays out the tensors; the common decoder unless the architecture is different.</summary>
    public Action<TensorList> LayOut { get; init; } = DecoderTensors.Build;

    /// <summary>Tensors of the common decoder's file that the shape does not name.</summary>
    public Action<TensorList>? FrameTensors { get; init; }

    /// <summary>Tensors of a block in the place of the common attention, where it has another one.</summary>
    public Action<TensorList, int> AttentionTensors { get; init; } = DecoderTensors.Attention;

    /// <summary>Tensors of a block of the common decoder that the shape does not name.</summary>
    public Action<TensorList, int>? BlockTensors { get; init; }

    /// <summary>Why its tensors cannot be laid out, as a clause; null where they can.</summary>
    public string? NoLayout { get; init; }

    /// <summary>How well the laid-out tensors are known: exact where they were compared with real files.</summary>
    public Accuracy LayoutAccuracy { get; init; } = Accuracy.Exact;

    /// <summary>Builds the graph; the common decoder unless the architecture is different.</summary>
    public Action<GraphBuilder> Compose { get; init; } = Decoder.Compose;

    /// <summary>How well the figures are known: exact where they were compared with llama.cpp's.</summary>
    public Accuracy Accuracy { get; init; } = Accuracy.Exact;

    /// <summary>
    /// Composes the graph of the layers for the next tokens, which a draft context runs (LLM_GRAPH_TYPE_DECODER_MTP).
    /// </summary>
    public Action<GraphBuilder> ComposeDraft { get; init; } = Decoder.ComposeDraft;

    /// <summary>Whether that graph was compared with llama.cpp's.</summary>
    public bool IsDraftCompared { get; init; }

    /// <summary>Where llama.cpp's quantizer treats it apart.</summary>
    public MixExceptions Mix { get; init; } = MixExceptions.None;

    /// <summary>Whether llama.cpp does not share each tensor among cards (llm_arch_supports_sm_tensor).</summary>
    public bool RefusesTensorSplit { get; init; }

    /// <summary>Whether keys and values lie in one cache, so that they are of one type.</summary>
    public bool HasOneCache { get; init; }

    /// <summary>Whether it drafts a block of tokens at once, with a row of logits each.</summary>
    public bool DraftsBlocks { get; init; }

    /// <summary>What all its models are for, whatever they are called; null if for several things.</summary>
    public ModelKind? Kind { get; init; }

    /// <summary>How files keep its experts, where they are published in four bits; null where they are not.</summary>
    public NativeExperts? NativeExperts { get; init; }

    /// <summary>What engines do with it in a way of its own.</summary>
    public ServedTraits Served { get; init; }

    /// <summary>
    /// By what a model of an unknown architecture that is built like it is recognized; null if by nothing.
    /// </summary>
    public Likeness? Likeness { get; init; }
}

/// <summary>
/// By what a model that is built like an architecture is recognized: the tensors (their names in a layer, or whole
/// ones) and keys of the header that it has, or with <c>!</c> lacks, separated by spaces. Of several that hold, the one
/// with the lowest rank counts.
/// </summary>
internal sealed record Likeness(int Rank, string Signs);
