namespace ModelFit.Runtimes.Mlx;

/// <summary>
/// Bits of a number in MLX's own quantizations: groups of 64 with a scale and a bias of 16 bit each (mlx: quantize);
/// the floating-point ones have one scale of 8 bit.
/// </summary>
internal static class MlxFormats
{
    private static readonly Dictionary<string, double> Formats = new(StringComparer.OrdinalIgnoreCase)
    {
        ["MLX-2bit"] = 2.5, ["MLX-3bit"] = 3.5, ["MLX-4bit"] = 4.5, ["MLX-5bit"] = 5.5, ["MLX-6bit"] = 6.5,
        ["MLX-8bit"] = 8.5, ["MXFP4"] = 4.25, ["NVFP4"] = 4.5, ["MXFP8"] = 8.25, ["FP8"] = 8,
    };

    /// <summary>Bits of a number with its part of scale and bias; 16 for what is not quantized.</summary>
    public static double BitsOf(string? quantization) =>
        quantization is not null && Formats.TryGetValue(quantization, out var bits) ? bits : 16;
}
