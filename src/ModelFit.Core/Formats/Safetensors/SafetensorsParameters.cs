using System;
using System.Collections.Generic;

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
        ".weight_format", ".input_scale", ".biases",
    };

    private static readonly string[] PackedNames = { ".qweight", "_packed", "_blocks", ".weight" };

    private static readonly Dictionary<string, int> BitsByName = new(StringComparer.Ordinal)
    {
        ["GPTQ-Int8"] = 8, ["GPTQ-Int3"] = 3, ["INT8"] = 8, ["FP8"] = 8, ["MLX-8bit"] = 8, ["MLX-6bit"] = 6,
        ["MLX-3bit"] = 3,
    };

    /// <summary>The parameters of a tensor in a model of the given quantization.</summary>
    public static long Count(SafetensorsTensor tensor, string? quantization)
    {
        if (EndsWith(tensor.Name, Companions) || tensor.Name.Contains("quant_state")) return 0;
        if (tensor.Type.Name is "I64" or "BOOL") return 0;
        if (!tensor.Type.IsPacked || tensor.Type.Name == "F4" || !EndsWith(tensor.Name, PackedNames))
            return tensor.Elements;
        var bits = quantization is not null && BitsByName.TryGetValue(quantization, out var stated) ? stated : 4;
        return tensor.Bytes * 8 / bits;
    }

    private static bool EndsWith(string name, string[] ends) =>
        Array.Exists(ends, end => name.EndsWith(end, StringComparison.Ordinal));
}
