using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// What follows the layers: the rows that are wanted, the final norm, the logits (the end of graphs in src/models).
/// </summary>
internal static class OutputHead
{
    private const int ImageTokens = 8192;

    /// <summary>
    /// On the last layer the rows whose logits are wanted, else, and where rows are cut later, the tensor as it is.
    /// </summary>
    public static Tensor KeepOutputs(this GraphBuilder builder, int layer, Tensor x) =>
        builder.Shape.RowsCut == OutputRowsCut.InLastLayer && layer == builder.Model.Layers - 1
            ? GetRows(x, builder.OutputRows())
            : x;

    /// <summary>The final norm of a model that gives embeddings and no logits.</summary>
    public static void EmbeddingHead(this GraphBuilder builder, Tensor x)
    {
        x = builder.Norm(x, builder.OutputWeight(builder.Shape.OutputNorm + ".weight"), null, -1);
        builder.Expand(x).IsOutput = true;
    }

    /// <summary>Final norm and logits; both are read after the graph ran.</summary>
    public static void Head(this GraphBuilder builder, Tensor x)
    {
        var rows = builder.Shape.RowsCut;
        var hidden = x;
        if (rows == OutputRowsCut.BeforeFinalNorm) x = GetRows(x, builder.OutputRows());
        var norm = builder.Shape.OutputNorm;
        if (norm.Length > 0)
            x = builder.Norm(x, builder.OutputWeight(norm + ".weight"), builder.OutputWeight(norm + ".bias"), -1);
        if (rows == OutputRowsCut.AfterFinalNorm)
        {
            hidden = x;
            x = GetRows(x, builder.OutputRows());
        }

        builder.Logits(x);
        var isCutLate = rows is OutputRowsCut.BeforeFinalNorm or OutputRowsCut.AfterFinalNorm;
        if (isCutLate && builder.Shape.KeepsHidden) hidden.IsOutput = true;
    }

    /// <summary>The output projection of what is normed already; both are read after the graph ran.</summary>
    public static void Logits(this GraphBuilder builder, Tensor normed)
    {
        var x = normed;
        var tied = builder.Shape.Output == OutputSource.Embedding
            ? builder.Global("token_embd.weight", -1)
            : builder.OutputWeight("token_embd.weight");
        var output = builder.OutputWeight("output.weight") ?? tied
            ?? throw new GraphException("'output.weight' is missing");
        var scaling = builder.Shape.LogitScaling(builder.Model.Metadata);
        if (scaling == LogitScale.BeforeOutput) x = Scale(x);
        x = MulMat(output, x);
        if (builder.OutputWeight("output.bias") is { } bias) x = Add(x, bias);
        x = scaling switch
        {
            LogitScale.Scale => Scale(x),
            LogitScale.SoftCap => SoftCap(x),
            LogitScale.ScaleAndSoftCap when builder.Model.Metadata.Number("final_logit_softcapping") != 0 =>
                SoftCap(Scale(x)),
            LogitScale.ScaleAndSoftCap => Scale(x),
            LogitScale.WithoutImages => Set(
                x, Map(Op.Clamp, new Tensor(Op.None, TensorType.F32, new Dims(ImageTokens)))),
            _ => x,
        };
        builder.Expand(x);
        x.IsOutput = normed.IsOutput = true;
    }

    private static Tensor SoftCap(Tensor x) => Scale(Apply(UnaryFunction.Tanh, Scale(x)));
}
