using ModelFit.Models;

namespace ModelFit.Graph;

/// <summary>
/// The constructors of ggml (ggml/src/ggml.c): shapes and strides of a result from those of its sources. To be used
/// with <c>using static</c>.
/// </summary>
internal static class TensorOps
{
    public static Tensor MulMat(Tensor weight, Tensor x) =>
        new(Op.MulMat, TensorType.F32, Multiplied(weight.Ne, x.Ne), weight, x);

    public static Tensor MulMatId(Tensor weights, Tensor x, Tensor ids, bool isPrecise = false) =>
        new(Op.MulMatId, TensorType.F32, new Dims(weights.Ne.D1, ids.Ne.D0, x.Ne.D2), weights, x, ids)
        {
            IsPrecise = isPrecise,
        };

    public static Tensor Add(Tensor a, Tensor b) => new(Op.Add, a.Type, Repeated(b.Ne, a.Ne), a, b);

    public static Tensor AddId(Tensor a, Tensor b, Tensor ids) => new(Op.AddId, a.Type, a.Ne, a, b, ids);

    public static Tensor Sub(Tensor a, Tensor b) => new(Op.Sub, a.Type, Repeated(b.Ne, a.Ne), a, b);

    public static Tensor Mul(Tensor a, Tensor b) => new(Op.Mul, a.Type, Repeated(b.Ne, a.Ne), a, b);

    public static Tensor Div(Tensor a, Tensor b) => new(Op.Div, a.Type, Repeated(b.Ne, a.Ne), a, b);

    /// <summary>The part of each where a dimension is shared.</summary>
    /// <exception cref="GraphException">Nobody shares it.</exception>
    public static long Each(long whole, long parts) => parts > 0
        ? whole / parts
        : throw new GraphException(FormattableString.Invariant($"{whole} is shared by {parts}"));

    /// <summary>An operation over one source with a result of the same shape.</summary>
    public static Tensor Map(Op op, Tensor a) => new(op, a.Type, a.Ne, a);

    /// <summary>A tensor of one number everywhere (ggml_fill).</summary>
    public static Tensor Fill(TensorType type, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        Map(Op.Fill, new Tensor(Op.None, type, new Dims(n0, n1, n2, n3)));

    public static Tensor Scale(Tensor a) => Map(Op.Scale, a);

    public static Tensor Cont(Tensor a) => Map(Op.Cont, a);

    public static Tensor Cont(Tensor a, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        new(Op.Cont, a.Type, new Dims(n0, n1, n2, n3), a);

    public static Tensor Apply(UnaryFunction function, Tensor a) =>
        new(Op.Unary, a.Type, a.Ne, a) { Function = function };

    public static Tensor Silu(Tensor a) => Apply(UnaryFunction.Silu, a);

    public static Tensor Sigmoid(Tensor a) => Apply(UnaryFunction.Sigmoid, a);

    public static Tensor SoftMax(Tensor a) => Map(Op.SoftMax, a);

    public static Tensor Reshape(Tensor a, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        Reshape(a, new Dims(n0, n1, n2, n3));

    public static Tensor Reshape(Tensor a, Dims ne) => a.Elements == ne.Product
        ? new(Op.Reshape, a.Type, ne, Tensor.Contiguous(a.Type, ne), new[] { a }, a)
        : throw new ShapeException(a.Ne, ne);

    /// <summary>The first <paramref name="n0"/> elements from an offset (ggml_view_1d).</summary>
    public static Tensor View1(Tensor a, long n0, long offset = 0)
    {
        var ne = new Dims(n0);
        return new(Op.View, a.Type, ne, Tensor.Contiguous(a.Type, ne), new[] { a }, a, offset);
    }

    public static Tensor View2(Tensor a, long n0, long n1, long b1, long offset = 0) =>
        View(a, new Dims(n0, n1), b1, b1 * n1, b1 * n1, offset);

    public static Tensor View3(Tensor a, long n0, long n1, long n2, long b1, long b2, long offset = 0) =>
        View(a, new Dims(n0, n1, n2), b1, b2, b2 * n2, offset);

    public static Tensor View4(
        Tensor a, long n0, long n1, long n2, long n3, long b1, long b2, long b3, long offset = 0) =>
        View(a, new Dims(n0, n1, n2, n3), b1, b2, b3, offset);

    /// <summary>Moves dimension i of the source to the place <c>axis_i</c> of the result (ggml_permute).</summary>
    public static Tensor Permute(Tensor a, int axis0, int axis1, int axis2, int axis3)
    {
        _ = axis3;
        int From(int place) => axis0 == place ? 0 : axis1 == place ? 1 : axis2 == place ? 2 : 3;
        Dims Moved(Dims dims) => new(dims[From(0)], dims[From(1)], dims[From(2)], dims[From(3)]);
        return new(Op.Permute, a.Type, Moved(a.Ne), Moved(a.Nb), new[] { a }, a);
    }

    /// <summary>Swaps heads and tokens, the permutation before and after attention.</summary>
    public static Tensor SwapMiddle(Tensor a) => new(
        Op.Permute, a.Type, new Dims(a.Ne.D0, a.Ne.D2, a.Ne.D1, a.Ne.D3),
        new Dims(a.Nb.D0, a.Nb.D2, a.Nb.D1, a.Nb.D3), new[] { a }, a);

    public static Tensor Transpose(Tensor a) => new(
        Op.Transpose, a.Type, new Dims(a.Ne.D1, a.Ne.D0, a.Ne.D2, a.Ne.D3),
        new Dims(a.Nb.D1, a.Nb.D0, a.Nb.D2, a.Nb.D3), new[] { a }, a);

    public static Tensor Concat(Tensor a, Tensor b, int dimension = 0)
    {
        long Joined(int i) => i == dimension ? a.Ne[i] + b.Ne[i] : a.Ne[i];
        return new(Op.Concat, a.Type, new Dims(Joined(0), Joined(1), Joined(2), Joined(3)), a, b);
    }

    public static Tensor Repeat(Tensor a, long n0, long n1 = 1, long n2 = 1, long n3 = 1) =>
        new(Op.Repeat, a.Type, new Dims(n0, n1, n2, n3), a);

    public static Tensor Pad(Tensor a, long p0, long p1 = 0) =>
        new(Op.Pad, a.Type, new Dims(a.Ne.D0 + p0, a.Ne.D1 + p1, a.Ne.D2, a.Ne.D3), a);

    public static Tensor GetRows(Tensor a, Tensor ids) => new(
        Op.GetRows, a.Type == TensorType.I32 ? TensorType.I32 : TensorType.F32,
        new Dims(a.Ne.D0, ids.Ne.D0, ids.Ne.D1, ids.Ne.D2), a, ids);

    public static Tensor SetRows(Tensor target, Tensor rows, Tensor ids) =>
        new(Op.SetRows, target.Type, target.Ne, target.Nb, new[] { rows, ids, target }, target);

    /// <summary>A copy of the target with the values in some of its places (ggml_set).</summary>
    public static Tensor Set(Tensor target, Tensor values) => new(Op.Set, target.Type, target.Ne, target, values);

    public static Tensor Copy(Tensor from, Tensor to) => new(Op.Copy, to.Type, to.Ne, to.Nb, new[] { from, to }, to);

    /// <summary>A copy in another type; like ggml_cast it names itself as its target.</summary>
    public static Tensor Cast(Tensor a, TensorType type)
    {
        var sources = new Tensor[2];
        var result = new Tensor(Op.Copy, type, a.Ne, sources);
        sources[0] = a;
        sources[1] = result;
        return result;
    }

    /// <summary>A gated unit over two tensors.</summary>
    public static Tensor Glu(Tensor gate, Tensor up) => new(Op.Glu, gate.Type, gate.Ne, gate, up);

    /// <summary>A gated unit over the two halves of one tensor.</summary>
    public static Tensor Glu(Tensor both) =>
        new(Op.Glu, both.Type, new Dims(both.Ne.D0 / 2, both.Ne.D1, both.Ne.D2, both.Ne.D3), both);

    public static Tensor Rope(Tensor a, Tensor positions, Tensor? factors = null) => factors is null
        ? new(Op.Rope, a.Type, a.Ne, a, positions)
        : new(Op.Rope, a.Type, a.Ne, a, positions, factors);

    /// <summary>Rope undone.</summary>
    public static Tensor RopeBack(Tensor a, Tensor positions) => new(Op.RopeBack, a.Type, a.Ne, a, positions);

    public static Tensor SumRows(Tensor a) =>
        new(Op.SumRows, a.Type, new Dims(1, a.Ne.D1, a.Ne.D2, a.Ne.D3), a);

    public static Tensor Mean(Tensor a) =>
        new(Op.Mean, TensorType.F32, new Dims(1, a.Ne.D1, a.Ne.D2, a.Ne.D3), a);

    /// <summary>The indices of the largest elements of each row: a sort and a view of its first columns.</summary>
    public static Tensor ArgTop(Tensor a, long count)
    {
        var sorted = new Tensor(Op.ArgSort, TensorType.I32, a.Ne, a);
        return View4(
            sorted, count, a.Ne.D1, a.Ne.D2, a.Ne.D3, sorted.Nb.D1, sorted.Nb.D2, sorted.Nb.D3);
    }

    /// <summary>A sum that takes the place of its first source (ggml_add_inplace).</summary>
    public static Tensor AddInPlace(Tensor a, Tensor b) => new(Op.Add, a.Type, a.Ne, a.Nb, new[] { a, b }, a);

    /// <summary>Sources without the absent ones.</summary>
    public static Tensor[] Present(params Tensor?[] sources)
    {
        var count = 0;
        foreach (var source in sources)
            if (source is not null) sources[count++] = source;
        Array.Resize(ref sources, count);
        return sources!;
    }

    // The shapes that ggml insists on (ggml_can_repeat, ggml_can_mul_mat).
    private static Dims Repeated(Dims small, Dims large) => small.Equals(large)
        || (IsMultiple(large.D0, small.D0) && IsMultiple(large.D1, small.D1) && IsMultiple(large.D2, small.D2)
            && IsMultiple(large.D3, small.D3))
        ? large
        : throw new ShapeException(small, large);

    private static bool IsMultiple(long large, long small) => small > 0 && large % small == 0;

    private static Dims Multiplied(Dims a, Dims b) => a.D0 == b.D0 && IsMultiple(b.D2, a.D2) && IsMultiple(b.D3, a.D3)
        ? new Dims(a.D1, b.D1, b.D2, b.D3)
        : throw new ShapeException(a, b);

    private static Tensor View(Tensor a, Dims ne, long b1, long b2, long b3, long offset) =>
        new(Op.View, a.Type, ne, new Dims(a.Type.BlockBytes(), b1, b2, b3), new[] { a }, a, offset);
}
