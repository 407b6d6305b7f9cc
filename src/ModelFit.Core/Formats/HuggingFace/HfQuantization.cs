using System;
using System.Collections.Generic;
using System.Linq;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>
/// The quantization that a configuration states (<c>quantization_config</c> and its kin), under the names of the
/// catalog's Safetensors formats; without one, the type of the numbers.
/// </summary>
internal static class HfQuantization
{
    private static readonly string[] Sections = { "quantization_config", "compression_config", "quantization" };

    private static readonly Dictionary<string, string> NumberTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["bfloat16"] = "BF16", ["float16"] = "F16", ["float32"] = "F32", ["half"] = "F16", ["float"] = "F32",
    };

    /// <summary>The name, or null if nothing is stated.</summary>
    public static string? Of(HfConfig config)
    {
        if (config.Section(Sections) is not { } section) return NumberType(config);
        var method = Text(section, "quant_method")?.ToLowerInvariant();
        var bits = HfConfig.Integer(section["bits"] ?? section["w_bit"] ?? section["wbits"]);
        return method switch
        {
            "gptq" => bits is 3 or 8 ? "GPTQ-Int" + bits : "GPTQ-Int4",
            "awq" => "AWQ",
            "bitsandbytes" => BitsAndBytes(section),
            "mxfp4" => "MXFP4",
            "hqq" => "HQQ-4bit",
            "auto-round" or "auto_round" or "intel/auto-round" => "AutoRound",
            "exl2" or "exl3" => method.ToUpperInvariant(),
            "fp8" or "fbgemm_fp8" when Algorithms(section).All(algorithm => algorithm != "NVFP4") => "FP8",
            null when bits is 3 or 4 or 6 or 8 => "MLX-" + bits + "bit",
            _ => ByAlgorithm(section) ?? ByGroups(section) ?? method?.ToUpperInvariant() ?? NumberType(config),
        };
    }

    private static string? NumberType(HfConfig config)
    {
        if (config.Text("torch_dtype", "dtype") is { } type && NumberTypes.TryGetValue(type, out var name)) return name;
        return config.Flag("bf16") == true ? "BF16" : config.Flag("fp16") == true ? "F16" : null;
    }

    private static string BitsAndBytes(JObject section)
    {
        bool Is(string name) => section[name] is { Type: JTokenType.Boolean } flag && (bool)flag;
        if (!Is("load_in_4bit") && !Is("_load_in_4bit")) return "INT8";
        return Is("bnb_4bit_use_double_quant") ? "NF4-DQ" : "NF4";
    }

    private static IEnumerable<string?> Algorithms(JObject section) =>
        new[] { Text(section, "moe_quant_algo"), Text(section, "quant_algo") };

    private static string? ByAlgorithm(JObject section)
    {
        foreach (var algorithm in Algorithms(section))
        {
            if (algorithm?.IndexOf("NVFP4", StringComparison.OrdinalIgnoreCase) >= 0) return "NVFP4-ModelOpt";
            if (algorithm?.IndexOf("FP8", StringComparison.OrdinalIgnoreCase) >= 0) return "FP8";
            if (algorithm?.IndexOf("W4A16", StringComparison.OrdinalIgnoreCase) >= 0) return "W4A16";
        }

        return null;
    }

    /// <summary>
    /// By the weights of the groups of layers (compressed-tensors); of several, the one with fewest bits.
    /// </summary>
    private static string? ByGroups(JObject section)
    {
        var groups = (section["config_groups"] as JObject)?.Properties().Select(group => group.Value).OfType<JObject>()
            ?? Enumerable.Empty<JObject>();
        var format = Text(section, "format");
        return groups
            .Select(group => (Format: Text(group, "format") ?? format, Weights: group["weights"] as JObject))
            .Where(group => group.Weights is not null)
            .OrderBy(group => HfConfig.Integer(group.Weights!["num_bits"]) ?? 16)
            .Select(group => Name(group.Format, group.Weights!))
            .FirstOrDefault();
    }

    private static string? Name(string? format, JObject weights)
    {
        var bits = HfConfig.Integer(weights["num_bits"]);
        var isFloat = Text(weights, "type") == "float";
        var isMicroscaling = format?.StartsWith("mxfp4", StringComparison.Ordinal) == true;
        if (isFloat && bits == 4) return isMicroscaling ? "MXFP4" : "NVFP4-ModelOpt";
        if (bits == 8) return isFloat ? "FP8" : "INT8";
        return bits == 4 ? "W4A16" : null;
    }

    private static string? Text(JObject section, string name) =>
        section[name] is { Type: JTokenType.String } text ? (string?)text : null;
}
