using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Models;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// Which matrices each processor keeps in another form: llama.cpp's 22 builds for processors were asked for a model
/// whose tied embeddings have each type, with 1,024, 1,028 and 1,030 rows of 256 elements.
/// </summary>
public sealed class CpuRepackingTests
{
    [Theory]
    [InlineData(ProcessorKernels.Plain, "")]
    [InlineData(ProcessorKernels.Avx2, "Q4_0 Q4_K IQ4_NL MXFP4")]
    [InlineData(ProcessorKernels.Unknown, "Q4_0 Q4_K IQ4_NL MXFP4")]
    [InlineData(ProcessorKernels.Avx512, "Q4_0 Q2_K Q4_K IQ4_NL MXFP4")]
    [InlineData(ProcessorKernels.Amx, "F16 Q4_0 Q4_1 Q8_0 Q2_K Q4_K Q5_K Q6_K IQ4_NL IQ4_XS MXFP4")]
    [InlineData(ProcessorKernels.DotProduct, "Q4_0 Q8_0 Q4_K Q5_K Q6_K IQ4_NL MXFP4")]
    public void Types_are_changed_that_the_processor_has_kernels_for(ProcessorKernels kernels, string types) =>
        Assert.Equal(types, Changed(kernels, 1024));

    [Theory]
    [InlineData(ProcessorKernels.Avx512, 1028, "")]
    [InlineData(ProcessorKernels.Amx, 1028, "")]
    [InlineData(ProcessorKernels.DotProduct, 1028, "Q4_0 Q8_0 IQ4_NL MXFP4")]
    [InlineData(ProcessorKernels.DotProduct, 1030, "")]
    public void Rows_must_fill_the_kernels(ProcessorKernels kernels, long rows, string types) =>
        Assert.Equal(types, Changed(kernels, rows));

    [Theory]
    [InlineData(TensorType.Q8_0, 1024 * 8 * 38)]
    [InlineData(TensorType.Q4_K, 1024 * 148)]
    [InlineData(TensorType.Q5_K, 1024 * 180)]
    [InlineData(TensorType.IQ4_XS, 1024 * 138)]
    [InlineData(TensorType.Q6_K, 1024 * 210)]
    [InlineData(TensorType.Q4_0, 1024 * 8 * 18)]
    [InlineData(TensorType.F16, 1024 * 512)]
    public void Tiles_have_room_for_what_their_kernels_need(TensorType type, long bytes) =>
        Assert.Equal(bytes, CpuRepacking.Of(ProcessorKernels.Amx).Bytes(new("output.weight", type, 256, 1024)));

    private static string Changed(ProcessorKernels kernels, long rows)
    {
        TensorType[] types =
        [
            TensorType.F16, TensorType.Q4_0, TensorType.Q4_1, TensorType.Q5_0, TensorType.Q5_1, TensorType.Q8_0,
            TensorType.Q2_K, TensorType.Q3_K, TensorType.Q4_K, TensorType.Q5_K, TensorType.Q6_K, TensorType.IQ2_XXS,
            TensorType.IQ3_S, TensorType.IQ4_NL, TensorType.IQ4_XS, TensorType.BF16, TensorType.MXFP4,
        ];
        return string.Join(' ', types.Where(
            type => CpuRepacking.Of(kernels).Changes(new("token_embd.weight", type, 256, rows))));
    }
}
