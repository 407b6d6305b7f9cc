using System.Globalization;
using ModelFit.Models;

namespace ModelFit.Formats.Safetensors;

/// <summary>
/// Gathers the tensors of a model's files under the names of GGUF's blocks, so that what they cost lies where it will
/// lie. The experts of a layer become one tensor each role, so that a model of hundreds of thousands stays small.
/// </summary>
internal sealed class TensorCollector
{
    private static readonly string[] LayerWords = { ".layers.", ".h.", ".blocks.", ".block." };

    private static readonly string[] OtherParts =
    {
        "vision", "visual", "audio", "projector", "mlp1.", "image_newline", "patch_embed", "speech", "vpm.",
        "resampler", "image_embed",
    };

    private static readonly Dictionary<string, string> Frame = new(StringComparer.Ordinal)
    {
        ["embed_tokens.weight"] = "token_embd.weight", ["wte.weight"] = "token_embd.weight",
        ["word_embeddings.weight"] = "token_embd.weight", ["embed_in.weight"] = "token_embd.weight",
        ["lm_head.weight"] = "output.weight", ["embed_out.weight"] = "output.weight",
        ["norm.weight"] = "output_norm.weight", ["ln_f.weight"] = "output_norm.weight",
    };

    private readonly Dictionary<(string Name, TensorType Type), long> _elements = new();
    private readonly List<(string Name, TensorType Type)> _order = new();
    private readonly HashSet<string> _roles = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _byType = new(StringComparer.Ordinal);

    /// <summary>Number of parameters so far.</summary>
    public long ParameterCount { get; private set; }

    /// <summary>Names of the language model's tensors without the numbers of layers and experts.</summary>
    public IReadOnlyCollection<string> Roles => _roles;

    /// <summary>Elements by the name of their type, most first.</summary>
    public IEnumerable<KeyValuePair<string, double>> ByType => _byType.OrderByDescending(pair => pair.Value);

    /// <summary>Adds the tensors of one file of a model of the given quantization.</summary>
    public void Add(SafetensorsHeader header, string? quantization)
    {
        foreach (var tensor in header.Tensors)
        {
            var name = Rename(tensor.Name);
            var key = (name, tensor.Type.Stored);
            if (!_elements.TryGetValue(key, out var elements)) _order.Add(key);
            _elements[key] = elements + (tensor.Bytes / tensor.Type.Stored.BlockBytes());
            if (!IsOtherPart(tensor.Name)) _roles.Add(Role(tensor.Name));
            var parameters = SafetensorsParameters.Count(tensor, quantization);
            ParameterCount += parameters;
            _byType.TryGetValue(tensor.Type.Name, out var sum);
            _byType[tensor.Type.Name] = sum + parameters;
        }
    }

    /// <summary>The tensors as they are stored, each as one row.</summary>
    public IReadOnlyList<TensorInfo> Tensors() =>
        _order.Select(key => new TensorInfo(key.Name, key.Type, _elements[key])).ToArray();

    private static string Rename(string name)
    {
        if (IsOtherPart(name)) return name;
        foreach (var word in LayerWords)
        {
            var dotted = "." + name;
            var start = dotted.IndexOf(word, StringComparison.Ordinal);
            if (start < 0) continue;
            var rest = dotted.Substring(start + word.Length);
            var dot = rest.IndexOf('.');
            var number = dot > 0 ? rest.Substring(0, dot) : string.Empty;
            if (int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                return "blk." + number + "." + Role(rest.Substring(dot + 1));
        }

        var match = Frame.FirstOrDefault(pair => name.EndsWith(pair.Key, StringComparison.Ordinal));
        return match.Value ?? name;
    }

    private static bool IsOtherPart(string name) => Array.Exists(OtherParts, part => name.Contains(part));

    /// <summary>The name with every number between dots left out.</summary>
    private static string Role(string name) =>
        string.Join(".", name.Split('.').Where(part => part.Length == 0 || !part.All(char.IsDigit)));
}

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
