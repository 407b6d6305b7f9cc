using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Graph.Blocks;

/// <summary>
/// Embeddings of the last tokens together, looked up by hashes on the host and added to the residual streams of one
/// layer (src/models/qwen4exp.cpp, build_inp_ple and build_ple).
/// </summary>
internal static class NgramEmbedding
{
    private const int Size = sizeof(float);

    /// <summary>The rows of all hashes of a token side by side; null if the model has none.</summary>
    public static Tensor? Find(GraphBuilder builder)
    {
        if (builder.Model.Metadata["ple.layers"] is not long[] { Length: > 0 }) return null;
        var heads = (builder.Model.Size("ple.ngram_size") - 1) * builder.Model.Size("ple.heads_per_ngram");
        var table = builder.RequiredGlobal("per_layer_token_embd.weight", -1);
        var rows = GetRows(table, builder.Input("ple_rows", TensorType.I32, heads * builder.Tokens));
        return builder.Expand(Reshape(rows, rows.Ne.D0 * heads, builder.Tokens));
    }

    /// <summary>Adds the embeddings to the streams, gated by their likeness to each and convolved.</summary>
    public static Tensor Add(GraphBuilder builder, int layer, Tensor streams, Tensor embeddings)
    {
        var (width, count, tokens) = (streams.Ne.D0, streams.Ne.D1, builder.Tokens);
        Tensor Norm(string name, Tensor x) =>
            Mul(Map(Op.RmsNorm, Reshape(x, width, count, tokens)), builder.Required(layer, name));
        var key = Norm("ple_norm_key", MulMat(builder.Required(layer, "ple_key"), embeddings));
        var likeness = Scale(SumRows(Mul(key, Norm("ple_norm_query", streams))));
        var root = Map(Op.Sqrt, Map(Op.Clamp, Apply(UnaryFunction.Abs, likeness)));
        var gate = Sigmoid(Mul(Apply(UnaryFunction.Sign, likeness), root));
        var value = MulMat(builder.Required(layer, "ple_value"), embeddings);
        value = Mul(Repeat(Reshape(value, width, 1, tokens), width, count, tokens), gate);
        var flat = Reshape(Norm("ple_norm_conv", Reshape(value, width * count, tokens)), width * count, tokens);
        var convolved = Cont(Silu(Convolve(builder, layer, flat)));
        var added = TensorOps.Add(value, Reshape(convolved, width, count, tokens));
        return TensorOps.Add(streams, added);
    }

    /// <summary>A convolution as a sum of shifted copies, so many tokens apart as an n-gram is long.</summary>
    private static Tensor Convolve(GraphBuilder builder, int layer, Tensor x)
    {
        var (channels, tokens, sequences) =
            (x.Ne.D0, builder.Settings.TokensPerSequence, builder.Settings.Sequences);
        var (taps, step) = (builder.Model.Size("ple.conv_kernel"), builder.Model.Size("ple.ngram_size"));
        var joined = builder.JoinColumns(
            "p", layer, Reshape(x, channels, tokens, sequences), (taps - 1) * step, copies: true);
        var weight = builder.Required(layer, "ple_conv1d");
        Tensor Tap(long index)
        {
            var shifted = Cont(Transpose(View3(
                joined, tokens, channels, sequences, joined.Nb.D1, joined.Nb.D2, index * step * Size)));
            var factors = Cont(View2(weight, 1, channels, weight.Nb.D1, index * weight.Nb.D0));
            factors = Reshape(factors, channels);
            return Mul(shifted, factors.Type == TensorType.F32 ? factors : Cast(factors, TensorType.F32));
        }

        var sum = Tap(0);
        for (long i = 1; i < taps; i++) sum = TensorOps.Add(sum, Tap(i));
        return sum;
    }
}
