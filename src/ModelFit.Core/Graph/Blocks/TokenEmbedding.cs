using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>What the layers read first (src/llama-graph.cpp, build_inp_embd).</summary>
internal static class TokenEmbedding
{
    /// <summary>
    /// The embedded tokens, with positions and scaled where the model has it so. Only the header's own scale is a node
    /// at once (build_inp_embd), a fixed one not before it is needed.
    /// </summary>
    public static Tensor Embed(this GraphBuilder builder)
    {
        var x = builder.EmbedTokens();
        if (builder.Global("position_embd.weight", -1) is { } positions)
            x = Add(x, GetRows(positions, builder.Positions()));
        if (builder.Shape.ScalesEmbeddings(builder.Model.Metadata)) x = Scale(x);
        if (builder.Model.Metadata.Has("embedding_scale")) builder.Expand(x);
        return builder.Shape.NormsEmbeddings
            ? builder.Norm(
                x, builder.Global("token_embd_norm.weight", 0), builder.Global("token_embd_norm.bias", 0), 0)
            : x;
    }

    /// <summary>
    /// The embedded tokens, on the host unless the output matrix serves for embedding too; the input for embeddings is
    /// allocated too although text has none, with room for what images add to deeper layers.
    /// </summary>
    public static Tensor EmbedTokens(this GraphBuilder builder)
    {
        var tokens = builder.Input("inp_tokens", TensorType.I32, builder.Tokens);
        var width = builder.Model.Embedding * (1 + builder.Model.Size("n_deepstack_layers", 0));
        var embeddings = builder.Input("inp_embd", TensorType.F32, width, builder.Tokens);
        var table = builder.Global("token_embd.weight", -1) ?? builder.OutputWeight("output.weight")
            ?? throw new GraphException("'token_embd.weight' is missing");
        var x = GetRows(table, tokens);
        if (width > builder.Model.Embedding) x = Pad(x, width - builder.Model.Embedding);
        builder.Expand(x);
        builder.Expand(embeddings);
        if (width > builder.Model.Embedding) x = View2(x, builder.Model.Embedding, builder.Tokens, x.Nb.D1);
        return builder.InputEmbeddings = builder.Expand(x);
    }
}
