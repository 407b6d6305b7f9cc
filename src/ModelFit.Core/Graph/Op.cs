namespace ModelFit.Graph;

/// <summary>The operations of ggml that occur in the graphs (ggml/include/ggml.h, ggml_op).</summary>
internal enum Op : byte
{
    None,
    View,
    Reshape,
    Permute,
    Transpose,
    Add,
    AddId,
    Sub,
    Mul,
    Div,
    Scale,
    Fill,
    Sqr,
    Sqrt,
    Log,
    Sin,
    Cos,
    Clamp,
    Unary,
    Norm,
    RmsNorm,
    L2Norm,
    GroupNorm,
    SoftMax,
    Rope,
    RopeBack,
    MulMat,
    MulMatId,
    GetRows,
    SetRows,
    Set,
    Copy,
    Cont,
    Concat,
    Repeat,
    Pad,
    Glu,
    SumRows,
    Mean,
    CumSum,
    ArgSort,
    TopK,
    FlashAttention,
    SsmConv,
    SsmScan,
    GatedDeltaNet,
    GatedLinearAttention,
    Rwkv6,
    Rwkv7,
    Pool2D,
    Arange,
    Triangle,
    Diagonal,
    SolveTriangle,
    LightningIndexer,
    WeightedStreams,
    StreamMatrix,
    SpreadStreams,
    Custom,
}

/// <summary>The functions of <see cref="Op.Unary"/> (ggml_unary_op).</summary>
internal enum UnaryFunction : byte
{
    None,
    Silu,
    Gelu,
    Sigmoid,
    Softplus,
    Tanh,
    Relu,
    Exp,
    Neg,
    Abs,
    Round,
    Sign,
    Xielu,
}

/// <summary>What the allocator and the scheduler ask of an operation.</summary>
internal static class Ops
{
    /// <summary>Whether the result only looks at its source's memory (ggml_is_view_op).</summary>
    public static bool IsView(this Op op) => op is Op.View or Op.Reshape or Op.Permute or Op.Transpose;

    /// <summary>Whether the result may take a source's place (ggml-alloc.c, ggml_op_can_inplace).</summary>
    public static bool CanRunInPlace(this Op op) => op is Op.Fill or Op.Scale or Op.Add or Op.AddId or Op.Sub or Op.Mul
        or Op.Div or Op.Sqr or Op.Sqrt or Op.Log or Op.Unary or Op.Rope or Op.RopeBack or Op.RmsNorm or Op.Clamp
        or Op.SoftMax;
}
