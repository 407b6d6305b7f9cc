using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <content>Embeddings, norms, dense feed-forward and the output (src/llama-graph.cpp).</content>
internal sealed partial class GraphBuilder
{
    private const int ImageTokens = 8192;

    /// <summary>
    /// The embedded tokens, with positions and scaled where the model has it so. Only the header's own scale is a node
    /// at once (build_inp_embd), a fixed one not before it is needed.
    /// </summary>
    public Tensor Embed()
    {
        var x = EmbedTokens();
        if (Global("position_embd.weight", -1) is { } positions) x = Add(x, GetRows(positions, Positions()));
        if (Shape.ScalesEmbeddings(Model.Metadata)) x = Scale(x);
        if (Model.Metadata.Has("embedding_scale")) Expand(x);
        if (Shape.NormsEmbeddings)
            x = Norm(x, Global("token_embd_norm.weight", 0), Global("token_embd_norm.bias", 0), 0);
        return x;
    }

    /// <summary>
    /// The embedded tokens, on the host unless the output matrix serves for embedding too; the input for embeddings is
    /// allocated too although text has none, with room for what images add to deeper layers.
    /// </summary>
    public Tensor EmbedTokens()
    {
        var tokens = Input("inp_tokens", TensorType.I32, Tokens);
        var width = Model.Embedding * (1 + Model.Size("n_deepstack_layers", 0));
        var embeddings = Input("inp_embd", TensorType.F32, width, Tokens);
        var table = Global("token_embd.weight", -1) ?? OutputWeight("output.weight")
            ?? throw new GraphException("'token_embd.weight' is missing");
        var x = GetRows(table, tokens);
        if (width > Model.Embedding) x = Pad(x, width - Model.Embedding);
        Expand(x);
        Expand(embeddings);
        if (width > Model.Embedding) x = View2(x, Model.Embedding, Tokens, x.Nb.D1);
        return InputEmbeddings = Expand(x);
    }

    /// <summary>The architecture's norm over a tensor with the layer's weight and bias, if it has them.</summary>
    public Tensor Norm(int layer, string name, Tensor x) => Norm(x, Weight(layer, name), Bias(layer, name), layer);

    /// <summary>
    /// The architecture's norm with weight and bias (build_norm). A layer other than -1 marks it as one that llama.cpp
    /// forces onto the layer's device.
    /// </summary>
    public Tensor Norm(Tensor x, Tensor? weight, Tensor? bias, int layer, Op? op = null)
    {
        x = Map(op ?? Shape.NormOp, x);
        if (layer >= 0 && (weight ?? bias) is not null) Pinned.Add((x, layer));
        if (weight is not null) x = Mul(x, weight);
        return bias is null ? x : Add(x, bias);
    }

    /// <summary>
    /// Dense feed-forward (build_ffn): gate and up, the activation, down. Without a gate tensor the up projection has
    /// both halves, or there is no gate at all, as its width says.
    /// </summary>
    public Tensor FeedForward(int layer, Tensor x, string suffix = "")
    {
        var up = Linear(layer, "ffn_up" + suffix, x);
        if (Weight(layer, "ffn_gate" + suffix) is not null)
        {
            var gate = Linear(layer, "ffn_gate" + suffix, x);
            return Linear(layer, "ffn_down" + suffix, Gate(layer, "swiglu_clamp_shexp", gate, up));
        }

        var down = Required(layer, "ffn_down" + suffix);
        var hidden = up.Ne.D0 == 2 * down.Ne.D0 ? Glu(up) : Activate(up);
        return Linear(layer, "ffn_down" + suffix, hidden);
    }

    private Tensor Gate(int layer, string limit, Tensor gate, Tensor up) =>
        Shape.ReadsGateLimits && Model.HasLimit(limit, layer)
            ? Mul(Map(Op.Clamp, Silu(gate)), Map(Op.Clamp, up))
            : Shape.Gate(Model.Metadata, gate, up);

    /// <summary>The activation of a feed-forward without a gate.</summary>
    public Tensor Activate(Tensor x)
    {
        var y = Apply(Shape.Activation, x);
        return Shape.SquaresActivation ? Map(Op.Sqr, y) : y;
    }

    /// <summary>On the last layer the rows whose logits are wanted, else the tensor as it is.</summary>
    public Tensor KeepOutputs(int layer, Tensor x) => layer == Model.Layers - 1 ? GetRows(x, OutputRows()) : x;

    /// <summary>Final norm and logits; both are read after the graph ran.</summary>
    public void Head(Tensor x)
    {
        var rows = Shape.RowsCut;
        var hidden = x;
        if (rows == OutputRowsCut.BeforeFinalNorm) x = GetRows(x, OutputRows());
        var norm = Shape.OutputNorm;
        if (norm.Length > 0) x = Norm(x, OutputWeight(norm + ".weight"), OutputWeight(norm + ".bias"), -1);
        if (rows == OutputRowsCut.AfterFinalNorm)
        {
            hidden = x;
            x = GetRows(x, OutputRows());
        }

        Logits(x);
        var isCutLate = rows is OutputRowsCut.BeforeFinalNorm or OutputRowsCut.AfterFinalNorm;
        if (isCutLate && Shape.KeepsHidden) hidden.IsOutput = true;
    }

    /// <summary>The output projection of what is normed already; both are read after the graph ran.</summary>
    public void Logits(Tensor normed)
    {
        var x = normed;
        var tied = Shape.Output == OutputSource.Embedding
            ? Global("token_embd.weight", -1)
            : OutputWeight("token_embd.weight");
        var output = OutputWeight("output.weight") ?? tied
            ?? throw new GraphException("'output.weight' is missing");
        var scaling = Shape.LogitScaling(Model.Metadata);
        if (scaling == LogitScale.BeforeOutput) x = Scale(x);
        x = MulMat(output, x);
        if (OutputWeight("output.bias") is { } bias) x = Add(x, bias);
        x = scaling switch
        {
            LogitScale.Scale => Scale(x),
            LogitScale.SoftCap => SoftCap(x),
            LogitScale.ScaleAndSoftCap when Model.Metadata.Number("final_logit_softcapping") != 0 =>
                SoftCap(Scale(x)),
            LogitScale.ScaleAndSoftCap => Scale(x),
            LogitScale.WithoutImages => Set(
                x, Map(Op.Clamp, new Tensor(Op.None, TensorType.F32, new Dims(ImageTokens)))),
            _ => x,
        };
        Expand(x);
        x.IsOutput = normed.IsOutput = true;
    }

    private static Tensor SoftCap(Tensor x) => Scale(Apply(UnaryFunction.Tanh, Scale(x)));
}
