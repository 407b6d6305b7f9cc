using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.HuggingFace;

/// <summary>The section of a configuration that says how positions are rotated.</summary>
internal static class HfRope
{
    /// <summary>
    /// The section, that of the layers with full attention where there are two; null if there is none.
    /// </summary>
    public static JObject? Section(HfConfig config)
    {
        var section = config.Section("rope_parameters", "rope_scaling");
        return section?["full_attention"] as JObject ?? section;
    }

    /// <summary>
    /// How positions beyond the trained ones are reached: <c>llama3</c>, <c>yarn</c>, <c>longrope</c>.
    /// </summary>
    public static string? Kind(HfConfig config)
    {
        var section = Section(config);
        return (section?["rope_type"] ?? section?["type"]) is { Type: JTokenType.String } kind ? (string?)kind : null;
    }
}
