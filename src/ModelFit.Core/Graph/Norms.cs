namespace ModelFit.Graph;

/// <summary>The norms of the width of the residual stream that blocks have, by their names in a layer.</summary>
internal static class Norms
{
    public static IReadOnlyList<string> None { get; } = Array.Empty<string>();

    public static IReadOnlyList<string> Usual { get; } = new[] { "attn_norm", "ffn_norm" };

    /// <summary>One before attention and feed-forward, which run side by side.</summary>
    public static IReadOnlyList<string> One { get; } = new[] { "attn_norm" };

    /// <summary>Before and after each part.</summary>
    public static IReadOnlyList<string> Sandwich { get; } =
        new[] { "attn_norm", "post_attention_norm", "ffn_norm", "post_ffw_norm" };

    /// <summary>After each part only.</summary>
    public static IReadOnlyList<string> After { get; } = new[] { "post_attention_norm", "post_ffw_norm" };

    /// <summary>The usual two, the second named after what it follows.</summary>
    public static IReadOnlyList<string> NamedAfter { get; } = new[] { "attn_norm", "post_attention_norm" };

    /// <summary>After attention and after the layer, as encoders have them.</summary>
    public static IReadOnlyList<string> Encoder { get; } = new[] { "attn_output_norm", "layer_output_norm" };
}
