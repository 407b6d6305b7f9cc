using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// What distinguishes the blocks of one architecture from those of the next: one set of flags for the tensors of its
/// files and for its graph. The defaults are Llama's. Which optional parts a graph has (biases, norms, experts, sinks,
/// fused projections) follows from the tensors and needs no flag.
/// </summary>
internal sealed record ArchitectureShape
{
    /// <summary>The norm of the model; only RMS norm can run in place.</summary>
    public Op NormOp { get; init; } = Op.RmsNorm;

    /// <summary>The norm of queries and keys where it is another one.</summary>
    public Op? HeadNormOp { get; init; }

    /// <summary>The activation of a feed-forward without a gate.</summary>
    public UnaryFunction Activation { get; init; } = UnaryFunction.Gelu;

    /// <summary>How gate and up projection are joined, in feed-forward and experts.</summary>
    public Func<ModelMetadata, Tensor, Tensor, Tensor> Gate { get; init; } = (_, gate, up) => TensorOps.Glu(gate, up);

    /// <summary>
    /// Whether gate and up projection are clamped in nodes of their own in the layers whose limit in the header is not
    /// zero.
    /// </summary>
    public bool ReadsGateLimits { get; init; }

    /// <summary>Whether that activation is squared (ReLU² of the Nemotrons).</summary>
    public bool SquaresActivation { get; init; }

    /// <summary>Numbers a token in the input of positions (4 with rope sections).</summary>
    public Func<ModelMetadata, int> PositionsPerToken { get; init; } = _ => 1;

    /// <summary>As the header says: for <see cref="ScalesEmbeddings"/>.</summary>
    public static bool HasEmbeddingScale(ModelMetadata metadata) => metadata.IsNonZero("embedding_scale");

    /// <summary>As the header says: for <see cref="ScalesResidual"/>.</summary>
    public static bool HasResidualScale(ModelMetadata metadata) => metadata.IsNonZero("residual_scale");

    /// <summary>As the header says: for <see cref="LogitScaling"/>.</summary>
    public static LogitScale ScaledLogits(ModelMetadata metadata) =>
        metadata.IsNonZero("logit_scale") ? LogitScale.Scale : LogitScale.None;

    /// <summary>Four with rope sections, else one: for architectures that have models of both kinds.</summary>
    public static int PositionsBySections(ModelMetadata metadata) =>
        metadata["rope.dimension_sections"] is long[] { Length: > 1 } sections && sections[0] > 0 && sections[1] > 0
            ? 4
            : 1;

    /// <summary>Whether embeddings are normed, with <c>token_embd_norm</c> or without weights.</summary>
    public bool NormsEmbeddings { get; init; }

    /// <summary>Whether tokens attend to their batch alone, without a cache.</summary>
    public bool AttendsBatchOnly { get; init; }

    /// <summary>Whether llama.cpp allocates a cache all the same.</summary>
    public bool KeepsUnusedCache { get; init; }

    /// <summary>Whether each sequence has a cache of its own even where one for all was asked for.</summary>
    public bool KeepsStreamsApart { get; init; }

    /// <summary>
    /// First layers with a cache of their own where llama.cpp does not read how many share an earlier one's.
    /// </summary>
    public int? LayersWithCache { get; init; }

    /// <summary>The sliding window, if the model keeps a second cache for it.</summary>
    public Func<ModelMetadata, WindowRule?>? Window { get; init; }

    /// <summary>Whether embeddings are multiplied by a constant.</summary>
    public Func<ModelMetadata, bool> ScalesEmbeddings { get; init; } = Never;

    /// <summary>Whether what is added to the residual is multiplied by a constant.</summary>
    public Func<ModelMetadata, bool> ScalesResidual { get; init; } = Never;

    /// <summary>The function of the gate over attention's result.</summary>
    public UnaryFunction AttentionGate { get; init; } = UnaryFunction.Sigmoid;

    /// <summary>Whether attention scores are capped by a hyperbolic tangent.</summary>
    public Func<ModelMetadata, bool> CapsAttention { get; init; } =
        metadata => metadata.IsNonZero("attn_logit_softcapping");

    /// <summary>
    /// Whether quantized caches stay unrotated where layers have a window (llm_graph_input_mem_hybrid_iswa has no
    /// rotations).
    /// </summary>
    public bool RotatesNoWindowCache { get; init; }

    /// <summary>Whether recurrent states are kept for drafted tokens (llm_arch_supports_rs_rollback).</summary>
    public bool RollsBackStates { get; init; }

    /// <summary>Whether llama.cpp turns flash attention off for it, whatever was asked for.</summary>
    public bool RefusesFlashAttention { get; init; }

    /// <summary>
    /// Whether the prompt's graph is reserved a last time as that of one sequence, for its decay takes the square of a
    /// sequence's tokens (src/llama-context.cpp, sched_reserve).
    /// </summary>
    public bool ReservesOneSequence { get; init; }

    /// <summary>Whether llama.cpp's graph of it does not build with flash attention, which ends the program.</summary>
    public bool BreaksUnderFlashAttention { get; init; }

    /// <summary>
    /// Whether the model has an encoder, so that all tokens' outputs are reserved, whatever was asked for
    /// (llama_model_has_encoder).
    /// </summary>
    public bool HasEncoder { get; init; }

    /// <summary>What happens to the logits.</summary>
    public Func<ModelMetadata, LogitScale> LogitScaling { get; init; } = _ => LogitScale.None;

    /// <summary>Where the output projection comes from.</summary>
    public OutputSource Output { get; init; }

    /// <summary>The norm before the output projection; empty where there is none.</summary>
    public string OutputNorm { get; init; } = "output_norm";

    /// <summary>What the names of the layers' weights begin with, the number following.</summary>
    public string LayerPrefix { get; init; } = "blk.";

    /// <summary>
    /// Beginnings of names of weights in layers for multi-token prediction that are loaded although those layers are
    /// not used: llama.cpp's loader forgets to skip them.
    /// </summary>
    public IReadOnlyList<string> KeptPredictionWeights { get; init; } = Array.Empty<string>();

    /// <summary>Where all but the wanted rows are dropped.</summary>
    public OutputRowsCut RowsCut { get; init; }

    /// <summary>
    /// Whether the result of the last layer is kept for multi-token prediction where rows are cut late.
    /// </summary>
    public bool KeepsHidden { get; init; } = true;

    /// <summary>How experts are chosen and weighed.</summary>
    public Func<ModelMetadata, ExpertRules> Experts { get; init; } = _ => ExpertRules.Default;

    /// <summary>Whether experts are loaded but not run, which leaves the activation alone.</summary>
    public bool IgnoresExperts { get; init; }

    /// <summary>Whether a layer's queries and keys get rope.</summary>
    public Func<ModelShape, int, bool> HasRope { get; init; } = (_, _) => true;

    /// <summary>Whether rope has no factors in layers with a window.</summary>
    public bool HasPlainWindowRope { get; init; }

    /// <summary>Whether layers with a window do not even load the factors.</summary>
    public bool LoadsFactorsForGlobal { get; init; }

    /// <summary>Whether the norms of queries and keys follow rope instead of preceding it.</summary>
    public bool NormsHeadsAfterRope { get; init; }

    /// <summary>Whether queries, keys and values are clamped where the header says how far.</summary>
    public bool ReadsClamp { get; init; }

    /// <summary>Whether queries are scaled before attention instead of in it.</summary>
    public bool ScalesQueries { get; init; }

    /// <summary>
    /// Whether queries are multiplied by a temperature that grows with the position where the header has one.
    /// </summary>
    public bool ReadsTemperature { get; init; }

    /// <summary>Whether the experts' results are computed in single precision, which CUDA does not do.</summary>
    public bool HasPreciseExperts { get; init; }

    /// <summary>Whether attention and feed-forward read the same norm and are added together.</summary>
    public bool IsParallel { get; init; }

    /// <summary>Whether the norm after attention is over all rows of the last layer, not the wanted.</summary>
    public bool NormsBeforeCut { get; init; }

    /// <summary>Whether the addition after attention has the layer's input as its first source.</summary>
    public bool AddsToInput { get; init; }

    /// <summary>Whether the last addition of a layer has the residual as its first source.</summary>
    public bool AddsToResidual { get; init; }

    /// <summary>Whether the norm after the feed-forward is forced onto the layer's device too.</summary>
    public bool PinsLastNorm { get; init; }

    /// <summary>
    /// Whether queries and keys are normed without weights after rope, or scaled without rope (Llama 4).
    /// </summary>
    public bool NormsAfterRope { get; init; }

    /// <summary>Whether a layer without weights follows, whose only head chooses an adapter a token.</summary>
    public bool HasRouterLayer { get; init; }

    /// <summary>Whether the model has state space layers, whose scan not every GPU can run.</summary>
    public bool ScansState { get; init; }

    /// <summary>The usual name of the bias on the router's scores.</summary>
    public const string RouterBiasName = "exp_probs_b.bias";

    /// <summary>Norms of the width of the residual stream, a block.</summary>
    public IReadOnlyList<string> BlockNorms { get; init; } = Norms.Usual;

    /// <summary>Whether norms have a bias (LayerNorm rather than RMSNorm).</summary>
    public bool NormBias { get; init; }

    /// <summary>Whether the norm before the output projection has a weight.</summary>
    public bool OutputNormHasWeight { get; init; } = true;

    /// <summary>A bias of the output projection.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the output projection is always the token embedding.</summary>
    public bool AlwaysTied { get; init; }

    /// <summary>Query, key and value projections in one matrix.</summary>
    public bool FusedQkv { get; init; }

    /// <summary>Biases on query, key and value.</summary>
    public bool QkvBias { get; init; }

    /// <summary>A bias on the attention's output projection.</summary>
    public bool AttentionOutputBias { get; init; }

    /// <summary>Norms on query and key.</summary>
    public QkNormKind HeadNorms { get; init; }

    /// <summary>Whether the norms on query and key are there only with <see cref="Traits.QkNorm"/>.</summary>
    public bool HeadNormsByTrait { get; init; }

    /// <summary>The dense feed-forward.</summary>
    public FeedForwardKind FeedForward { get; init; }

    /// <summary>By what the width in the metadata is divided; Qwen's first files say twice the width.</summary>
    public int FeedForwardDivisor { get; init; } = 1;

    /// <summary>Biases of the dense feed-forward.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether expert blocks have no gate matrices.</summary>
    public bool PlainExperts { get; init; }

    /// <summary>Biases on the router and on each expert's matrices.</summary>
    public bool ExpertBias { get; init; }

    /// <summary>The name of the bias on the router's scores that expert layers have, or null.</summary>
    public string? RouterBias { get; init; }

    /// <summary>The norm behind a layer for multi-token prediction.</summary>
    public string PredictionNorm { get; init; } = "nextn.shared_head_norm";

    /// <summary>Whether a layer for multi-token prediction has neither an embedding nor an output of its own.</summary>
    public bool SharesPredictionHead { get; init; }

    /// <summary>Whether the shared experts have a gate of their own (<c>ffn_gate_inp_shexp</c>).</summary>
    public bool SharedExpertGate { get; init; }

    /// <summary>Whether a layer is an expert layer; null is every layer after the dense ones.</summary>
    public Func<Hyperparameters, int, bool>? IsExpertLayer { get; init; }

    /// <summary>
    /// Whether what a layer computes stays alive beyond the next two, so that buffers follow from the whole stack and
    /// not from what repeats in it (<c>LayoutPattern</c>).
    /// </summary>
    public bool RemembersLayers { get; init; }

    /// <summary>Nodes that llama.cpp makes room for (llama_context::graph_max_nodes).</summary>
    public NodeBudget Nodes { get; init; } = NodeBudget.Usual;

    private static bool Never(ModelMetadata metadata) => false;
}
