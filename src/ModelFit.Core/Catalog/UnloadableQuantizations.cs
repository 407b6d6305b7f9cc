using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>Quantizations that none of the runtimes here loads, and why.</summary>
internal static class UnloadableQuantizations
{
    private const RegexOptions Options = RegexOptions.IgnoreCase;

    private static readonly (Regex Name, string Reason)[] Rows =
    {
        (Is("q8_1|q8_k"), "is a type of llama.cpp for activations; no file has it"),
        (Is("i8|i16|i32|i64|f64|tf32"), "is a type of numbers that no weights are stored in"),
        (Is(@"q\d+f(?:16|32)(?:_\d)?"), "is a format of MLC-LLM, which ModelFit does not know"),
        (Is(@"i?q\d.*_r[48]"), "is a type of ik_llama.cpp with interleaved rows; llama.cpp does not load it"),
        (Is("q6_0"), "is a type of ik_llama.cpp; llama.cpp does not load it"),
        (Is("i2_s|tl1|tl2"), "is a type of bitnet.cpp, which ModelFit does not know"),
        (Is("aqlm.*|quip.*|spqr.*|vptq.*|squeezellm.*|fp6.*"), "is a format that current runtimes no longer load"),
        (Is("(?:ctranslate2|ct2).*|int8_(?:b?float16|float32)"),
            "is a format of CTranslate2, which ModelFit does not know"),
        (Is("onnx.*|openvino.*|qnn.*|coreml.*|tensorrt.*"), "is a format of a runtime that ModelFit does not know"),
        (Is("exl[23]"), "needs its mean bits for each weight, for example 4.0bpw"),
        (Is("gguf|ggml|safetensors|mlx|compressed[-_ ]tensors"), "is a format of files, not a quantization"),
    };

    /// <summary>Why a name stands for nothing that is loaded, as the rest of a sentence; null for any other.</summary>
    public static string? Reason(string name)
    {
        foreach (var (pattern, reason) in Rows)
            if (pattern.IsMatch(name.Trim())) return reason;
        return null;
    }

    private static Regex Is(string names) => new("^(?:" + names + ")$", Options);
}
