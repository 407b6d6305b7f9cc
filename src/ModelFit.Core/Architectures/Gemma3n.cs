using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Gemma 3n: several residual streams of which each layer predicts all and computes one (AltUp), a low-rank residual
/// beside attention (LAuReL), embeddings a layer (src/models/gemma3n.cpp).
/// </summary>
internal static class Gemma3n
{
    // Layers whose feed-forward keeps only the largest gates (gemma3n.cpp, n_layer_sparsity).
    private const int SparseLayers = 10;

    // gemma3n.cpp, n_layer_kv_from_start.
    private const int OwnCaches = 20;

    private const long LaurelRank = 64;

    // gemma3n.cpp, n_altup and n_embd_altup: what holds where the header does not say it.
    private const long DefaultStreams = 4;

    private const long DefaultInputLength = 256;

    public static Architecture[] All { get; } =
    {
        new("gemma3n")
        {
            Classes = "Gemma3nForCausalLM Gemma3nForConditionalGeneration",
            TiesByDefault = true, RefusesTensorSplit = true, Served = ServedTraits.TurnsWindowsApart,
            Configure = Configure,
            Shape = new()
            {
                RemembersLayers = true,
                Window = WindowRule.Standard(5), ScalesEmbeddings = _ => true, LogitScaling = _ => LogitScale.SoftCap,
                RowsCut = OutputRowsCut.BeforeFinalNorm, KeepsHidden = false, Output = OutputSource.OwnOrCopied,
                LayersWithCache = OwnCaches, HeadNorms = QkNormKind.Head,
            },
            LayOut = LayOut, Compose = Compose, Likeness = new(21, "altup_proj.weight per_layer_token_embd.weight"),
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        var streams = builder.Model.Size("altup.num_inputs", DefaultStreams);
        var embedded = builder.Embed();
        builder.RequiredGlobal("per_layer_token_embd.weight", -1);
        var inputs = Gemma4.PerLayerInputs(builder, embedded)!;
        var magnitude = Magnitude(embedded);
        var others = MulMat(
            builder.RequiredOutput("altup_proj.weight"),
            Repeat(embedded, embedded.Ne.D0, embedded.Ne.D1, streams - 1));
        others = Rescale(others, magnitude);
        var x = Concat(embedded, others, 2);
        for (var layer = 0; layer < builder.Model.Layers; layer++) x = Layer(builder, layer, x, inputs, streams);
        builder.Head(Join(builder, x, streams));
    }

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x, Tensor inputs, long streams)
    {
        var predictions = Predict(builder, layer, x, streams);
        var active = Gemma4.Plane(predictions, 0);
        var normed = builder.Norm(layer, "attn_norm", active);
        var low = MulMat(
            builder.Required(layer, "laurel_r"), MulMat(builder.Required(layer, "laurel_l"), normed));
        low = Add(builder.Norm(layer, "laurel_post_norm", low), normed);
        var y = Gemma4.Attention(builder, layer, normed, null);
        y = Add(builder.Norm(layer, "post_attention_norm", y), active);
        var residual = Scale(Add(y, low));
        y = FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual));
        y = Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
        var corrected = Correct(builder, layer, predictions, y, streams);
        var first = Mul(Gemma4.Plane(corrected, 0), builder.Required(layer, "altup_correct_scale"));
        first = Gemma4.PerLayerBlock(builder, layer, first, inputs);
        return Concat(Gemma4.Plane(corrected, 0), Add(Rest(corrected, streams), first), 2);
    }

    private static Tensor FeedForward(GraphBuilder builder, int layer, Tensor x)
    {
        var up = MulMat(builder.Required(layer, "ffn_up"), x);
        var gate = MulMat(builder.Required(layer, "ffn_gate"), x);
        if (layer < SparseLayers) gate = KeepLargest(gate);
        return MulMat(builder.Required(layer, "ffn_down"), Mul(up, Apply(UnaryFunction.Gelu, gate)));
    }

    /// <summary>Zeroes what is below mean plus so many deviations.</summary>
    private static Tensor KeepLargest(Tensor x)
    {
        var mean = Mean(x);
        var deviation = Map(Op.Sqrt, Scale(SumRows(Map(Op.Sqr, Sub(x, mean)))));
        return Apply(UnaryFunction.Relu, Sub(x, Add(mean, Scale(deviation))));
    }

    private static Tensor Modalities(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = Scale(builder.Norm(layer, "altup_router_norm", x));
        return Apply(UnaryFunction.Tanh, MulMat(builder.Required(layer, "altup_router"), normed));
    }

    private static Tensor Predict(GraphBuilder builder, int layer, Tensor x, long streams)
    {
        var modalities = Modalities(builder, layer, Gemma4.Plane(x, 0));
        var coefficients = MulMat(builder.Required(layer, "altup_predict_coef"), modalities);
        coefficients = Reshape(coefficients, streams, streams, builder.Tokens);
        var permuted = Cont(Permute(x, 1, 2, 0, 3));
        var predictions = Cont(SwapFirstAndLast(MulMat(permuted, coefficients)));
        return Add(predictions, x);
    }

    private static Tensor Correct(GraphBuilder builder, int layer, Tensor predictions, Tensor y, long streams)
    {
        var modalities = Modalities(builder, layer, y);
        var innovation = Sub(y, Gemma4.Plane(predictions, 0));
        var coefficients = Scale(MulMat(builder.Required(layer, "altup_correct_coef"), modalities));
        coefficients = Cont(Transpose(coefficients), 1, builder.Tokens, streams);
        innovation = Repeat(innovation, innovation.Ne.D0, innovation.Ne.D1, streams);
        return Add(Mul(innovation, coefficients), predictions);
    }

    private static Tensor Join(GraphBuilder builder, Tensor x, long streams)
    {
        var magnitude = Magnitude(Gemma4.Plane(x, 0));
        var projection = builder.RequiredOutput("altup_unembd_proj.weight");
        var others = Rescale(MulMat(projection, Rest(x, streams)), magnitude);
        var sum = Gemma4.Plane(x, 0);
        for (var i = 0; i < streams - 1; i++) sum = Add(sum, Gemma4.Plane(others, i));
        return Scale(sum);
    }

    private static Tensor Rest(Tensor x, long streams)
    {
        var (width, tokens) = (x.Ne.D0, x.Ne.D1);
        var plane = width * tokens * sizeof(float);
        return View3(x, width, tokens, streams - 1, width * sizeof(float), plane, plane);
    }

    private static Tensor Rescale(Tensor x, Tensor magnitude)
    {
        var own = Magnitude(x);
        return Div(Mul(x, magnitude), own);
    }

    private static Tensor Magnitude(Tensor x) => Map(Op.Sqrt, SumRows(Map(Op.Sqr, x)));

    // [streams, width, tokens] to [width, tokens, streams], as ggml_permute(0, 2, 1, 3) after the product has it.
    private static Tensor SwapFirstAndLast(Tensor x) => Permute(x, 0, 2, 1, 3);

    private static void LayOut(TensorList list)
    {
        var model = list.Model;
        var (width, inner) = (
            model.Embedding, model.Metadata.Integer("embedding_length_per_layer_input", DefaultInputLength));
        var streams = model.Metadata.Integer("altup.num_inputs", DefaultStreams);
        Gemma4.Frame(list, inner);
        list.Add("altup_proj.weight", width, width, streams - 1);
        list.Add("altup_unembd_proj.weight", width, width, streams - 1);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var norm in Norms.Sandwich)
                list.Norm(layer, norm, width);
            list.Attention(layer);
            list.FeedForward(layer);
            Gemma4.PerLayerInput(list, layer, inner);
            list.Block(layer, "altup_correct_coef.weight", streams, streams);
            list.Block(layer, "altup_correct_scale.weight", width);
            list.Block(layer, "altup_predict_coef.weight", streams, streams * streams);
            list.Linear(layer, "altup_router", width, streams);
            list.Norm(layer, "altup_router_norm", width);
            list.Linear(layer, "laurel_l", width, LaurelRank);
            list.Linear(layer, "laurel_r", LaurelRank, width);
            list.Norm(layer, "laurel_post_norm", width);
        }
    }

    private static void Configure(ConfigDraft draft)
    {
        Gemma.Configure(draft);
        draft.WindowPattern();
    }
}
