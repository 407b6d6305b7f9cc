using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.Remote;

/// <summary>The files of a repository at the hub, and which of them is its model.</summary>
internal static class HubListing
{
    private static readonly string[] Preferred = { "Q4_K_M", "Q8_0" };

    /// <summary>The names in the hub's answer.</summary>
    public static IReadOnlyList<string> Files(JObject answer) => (answer["siblings"] as JArray ?? new JArray())
        .Select(file => (file as JObject)?["rfilename"])
        .Where(name => name is { Type: JTokenType.String })
        .Select(name => (string)name!)
        .ToArray();

    /// <summary>
    /// The file to read: of the quantization that is asked for; else the weights in safetensors; else, as llama.cpp
    /// chooses (common/arg.cpp), GGUF of Q4_K_M or Q8_0 or the first; else the configuration. Null if there is none.
    /// </summary>
    public static string? Choose(IReadOnlyList<string> files, string? quantization)
    {
        var models = ModelFolder.GgufModels(files).OrderBy(file => file, StringComparer.Ordinal).ToArray();
        if (quantization is not null) return models.FirstOrDefault(file => Has(file, quantization));
        var preferred = Preferred.Select(name => models.FirstOrDefault(file => Has(file, name)));
        return new[] { HfFolder.IndexName, HfFolder.WeightsName }.FirstOrDefault(files.Contains)
            ?? preferred.FirstOrDefault(file => file is not null)
            ?? models.FirstOrDefault()
            ?? files.FirstOrDefault(file => file == HfFolder.ConfigName);
    }

    private static bool Has(string file, string quantization) =>
        file.IndexOf(quantization, StringComparison.OrdinalIgnoreCase) >= 0;
}
