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
            "gptq" => "GPTQ-Int" + (bits ?? 4),
            "awq" => "AWQ",
            "bitsandbytes" => BitsAndBytes(section),
            "mxfp4" => "MXFP4",
            "hqq" => "HQQ-" + (HqqBits(section) ?? 4) + "bit",
            "eetq" => "INT8",
            "quanto" or "torchao" => ByWord(section["weights"] ?? section["quant_type"]) ?? method.ToUpperInvariant(),
            "auto-round" or "auto_round" or "intel/auto-round" => bits is null or 4
                ? "AutoRound"
                : "AutoRound-Int" + bits,
            "exl2" or "exl3" => method.ToUpperInvariant(),
            "fp8" or "fbgemm_fp8" when !Algorithms(section).Contains("NVFP4") => "FP8",
            null when bits is >= 2 and <= 8 => "MLX-" + bits + "bit",
            _ => ByAlgorithm(section) ?? ByGroups(section) ?? method?.ToUpperInvariant() ?? NumberType(config),
        };
    }

    private static long? HqqBits(JObject section) =>
        HfConfig.Integer((section["quant_config"] as JObject)?["weight_quant_params"] is JObject weights
            ? weights["nbits"]
            : section["nbits"]);

    /// <summary>By the type of the weights, a word (<c>int8_dynamic_activation_int4_weight</c>) or a class.</summary>
    private static string? ByWord(JToken? type)
    {
        var word = type?.ToString() ?? string.Empty;
        bool Has(string part) => word.IndexOf(part, StringComparison.OrdinalIgnoreCase) >= 0;
        return Has("int4") ? "W4A16" : Has("float8") ? "FP8" : Has("int8") ? "INT8" : null;
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

    /// <summary>The algorithms of ModelOpt: of all layers, of experts, of single layers.</summary>
    private static IEnumerable<string> Algorithms(JObject section) => (section["quantized_layers"] as JObject
            ?? new JObject())
        .Properties()
        .Select(layer => layer.Value as JObject)
        .Append(section)
        .SelectMany(own => new[] { Text(own, "quant_algo"), Text(own, "moe_quant_algo") })
        .OfType<string>()
        .Distinct();

    /// <summary>By the algorithm with the fewest bits, as the larger matrices have it.</summary>
    private static string? ByAlgorithm(JObject section)
    {
        var algorithms = Algorithms(section).ToArray();
        bool Any(string word) =>
            algorithms.Any(name => name.IndexOf(word, StringComparison.OrdinalIgnoreCase) >= 0);
        return Any("NVFP4") ? "NVFP4-ModelOpt"
            : Any("W4A16") ? "W4A16"
            : Any("MXFP8") ? "MXFP8"
            : Any("FP8") ? "FP8"
            : null;
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

    private static string? Text(JObject? section, string name) =>
        section?[name] is { Type: JTokenType.String } text ? (string?)text : null;
}
