using ModelFit.Models;

namespace ModelFit.Quantization;

/// <summary>The classes of tensors that a publisher's recipe gives one type each.</summary>
internal enum TensorClass
{
    /// <summary>Attention, state-space mixers and all that is none of the others.</summary>
    Other,

    /// <summary>Gate and up projection: of the routed experts, or of a dense model's feed-forward.</summary>
    GateUp,

    /// <summary>Down projection, likewise.</summary>
    Down,

    /// <summary>Gate and up projection of what runs beside the experts: shared experts and dense layers.</summary>
    SharedGateUp,

    /// <summary>Down projection, likewise.</summary>
    SharedDown,

    /// <summary>Input and output projection of a state-space mixer.</summary>
    StateOutput,

    /// <summary>The small gates of a state-space mixer (alpha, beta).</summary>
    StateGate,

    /// <summary>Token embedding beside an output projection.</summary>
    TokenEmbedding,

    /// <summary>Output projection, or the token embedding that is used as one.</summary>
    Output,

    /// <summary>Token embedding of every layer, as Gemma 3n and the small Gemma 4 have it.</summary>
    LayerEmbedding,

    /// <summary>Matrices that llama-quantize leaves in 16 bits; a converter that writes eight does not.</summary>
    Kept,
}

/// <summary>Finds the class of a tensor by its name.</summary>
internal static class TensorClasses
{
    /// <summary>The class of a tensor.</summary>
    /// <param name="parsed">Its name.</param>
    /// <param name="hasExperts">Whether the model has routed experts.</param>
    /// <param name="isTied">Whether the model has no output projection of its own.</param>
    public static TensorClass Of(TensorName parsed, bool hasExperts, bool isTied)
    {
        var name = parsed.Text;
        bool Has(string part) => name.IndexOf(part, StringComparison.Ordinal) >= 0;
        if (name == "output.weight") return TensorClass.Output;
        if (name == "token_embd.weight") return isTied ? TensorClass.Output : TensorClass.TokenEmbedding;
        if (name == "per_layer_token_embd.weight") return TensorClass.LayerEmbedding;
        if (Has(".ssm_out") || Has(".ssm_in")) return TensorClass.StateOutput;
        if (Has(".ssm_alpha") || Has(".ssm_beta") || Has(".ssm_ba")) return TensorClass.StateGate;
        if (!Has(".ffn_")) return TensorClass.Other;
        var isDown = Has(".ffn_down");
        var isBesideExperts = hasExperts && !parsed.IsRouted;
        return isBesideExperts
            ? isDown ? TensorClass.SharedDown : TensorClass.SharedGateUp
            : isDown ? TensorClass.Down : TensorClass.GateUp;
    }
}
