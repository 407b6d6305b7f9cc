using System;
using System.Collections.Generic;
using ModelFit.Models;

namespace ModelFit.Architectures.Layouts;

/// <summary>Which norms the query and key heads have.</summary>
internal enum QkNormKind
{
    /// <summary>None.</summary>
    None,

    /// <summary>One over a head, shared by the heads: [key length].</summary>
    Head,

    /// <summary>One over all heads together: [heads x key length].</summary>
    Row,

    /// <summary>One a head: [key length, heads].</summary>
    EachHead,
}

/// <summary>How the dense feed-forward is built.</summary>
internal enum FeedForwardKind
{
    /// <summary>Gate, up and down.</summary>
    Gated,

    /// <summary>Gate and up in one matrix <c>ffn_up</c> of twice the width, and down.</summary>
    Fused,

    /// <summary>Up and down only.</summary>
    Plain,
}

/// <summary>
/// What an architecture of plain decoder blocks (attention, then a dense or expert feed-forward) has and has not.
/// The defaults are Llama's.
/// </summary>
internal sealed record DecoderStyle
{
    /// <summary>The usual name of the bias on the router's scores.</summary>
    public const string RouterBiasName = "exp_probs_b.bias";

    /// <summary>Norms of the width of the residual stream, a block.</summary>
    public IReadOnlyList<string> BlockNorms { get; init; } = new[] { "attn_norm", "ffn_norm" };

    /// <summary>Whether norms have a bias (LayerNorm rather than RMSNorm).</summary>
    public bool NormBias { get; init; }

    /// <summary>Whether there is a norm before the output projection.</summary>
    public bool OutputNorm { get; init; } = true;

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
    public QkNormKind QkNorm { get; init; }

    /// <summary>Whether the norms on query and key are there only with <see cref="Traits.QkNorm"/>.</summary>
    public bool QkNormByTrait { get; init; }

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

    /// <summary>Whether the shared experts have a gate of their own (<c>ffn_gate_inp_shexp</c>).</summary>
    public bool SharedExpertGate { get; init; }

    /// <summary>Whether a layer is an expert layer; null is the rule of <see cref="DecoderLayout"/>.</summary>
    public Func<Hyperparameters, int, bool>? IsExpertLayer { get; init; }

    /// <summary>Tensors beside the blocks that the flags do not name.</summary>
    public Action<TensorList>? Extra { get; init; }

    /// <summary>Tensors of a block that the flags do not name.</summary>
    public Action<TensorList, int>? BlockExtra { get; init; }
}
