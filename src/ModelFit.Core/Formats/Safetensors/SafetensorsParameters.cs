namespace ModelFit.Formats.Safetensors;

/// <summary>
/// How many parameters the tensors of a file stand for: packed numbers count each, scales and zero points not at all.
/// </summary>
internal static class SafetensorsParameters
{
    private static readonly string[] Companions =
    {
        "_scale", "_scale_inv", "_scale_2", "_scales", ".scales", ".qzeros", ".zeros", ".g_idx", "_g_idx",
        "_zero_point", "_shape", ".absmax", ".quant_map", ".nested_absmax", ".nested_quant_map", ".SCB",
        ".weight_format", ".input_scale", ".biases", ".scale", ".zero",
    };

    private static readonly string[] PackedNames = { ".qweight", "_packed", "_blocks", ".weight", ".W_q" };

    /// <summary>The parameters of a tensor in a model of the given quantization.</summary>
    public static long Count(SafetensorsTensor tensor, string? quantization)
    {
        if (EndsWith(tensor.Name, Companions) || tensor.Name.Contains("quant_state")) return 0;
        if (tensor.Type.Name is "I64" or "BOOL") return 0;
        if (!tensor.Type.IsPacked || tensor.Type.Name == "F4" || !EndsWith(tensor.Name, PackedNames))
            return tensor.Elements;
        return tensor.Bytes * 8 / Bits(quantization);
    }

    /// <summary>The bits that a format has in its name (<c>GPTQ-Int8</c>, <c>MLX-6bit</c>); most have four.</summary>
    private static int Bits(string? quantization) =>
        quantization?.FirstOrDefault(char.IsDigit) is >= '2' and <= '8' and var digit ? digit - '0' : 4;

    private static bool EndsWith(string name, string[] ends) =>
        Array.Exists(ends, end => name.EndsWith(end, StringComparison.Ordinal));
}
