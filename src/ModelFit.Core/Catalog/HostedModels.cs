using System.Text.RegularExpressions;

namespace ModelFit.Catalog;

/// <summary>
/// Models that their makers serve and whose weights they keep: people type their names, and nobody can run them. A line
/// of which some weights are published stands here with the names that are only served.
/// </summary>
internal static class HostedModels
{
    private static readonly (string Maker, Regex Name)[] Lines =
    {
        ("OpenAI", Starting(
            "(?:chat)?gpt-?(?:3\\.5|4(?:\\.\\d|o)?|5(?:\\.\\d)?)(?=$|[-_ :.@](?:turbo|mini|nano|pro|codex|chat|vision|"
                + "preview|latest|audio|realtime|search|image|\\d))|o[134](?=$|[-_ ](?:mini|pro|preview|deep|\\d))"
                + "|text-(?:embedding-(?:3|ada)|davinci)|codex-mini")),
        ("Anthropic", Starting("claude")),
        ("Google", Starting("gemini|palm-?\\d|text-(?:bison|unicorn)|text-embedding-00")),
        ("Amazon", Starting("nova-(?:micro|lite|pro|premier|sonic)|titan-(?:text|embed)")),
        ("Alibaba", Starting("(?:qwen|qwq|qvq)[\\d.]*-(?:vl-|coder-|omni-|audio-)?(?:max|plus|turbo|long)")),
        ("Mistral AI", Starting("mistral-medium-(?:3|3\\.1|25\\d\\d|2312)$|codestral-(?:25\\d\\d|latest)")),
        ("Perplexity", Starting("sonar")),
        ("ByteDance", Starting("doubao")),
        ("Tencent", Starting("hunyuan-(?:turbo|t1|standard|lite)")),
        ("Baidu", Starting("ernie-(?:bot|3\\.5|4\\.0|x1|5)")),
        ("01.AI", Starting("yi-(?:large|lightning|medium)")),
        ("StepFun", Starting("step-[12](?=$|[-_ ])")),
        ("Moonshot AI", Starting("moonshot-v1")),
        ("Cohere", Starting("embed-(?:english|multilingual|v4)|rerank-(?:english|multilingual|v\\d)")),
    };

    /// <summary>
    /// Who serves the model of a name and keeps its weights; null if it is none of these. What says its size is a
    /// finetune named after one (<c>claude2-alpaca-13b</c>).
    /// </summary>
    public static string? MakerOf(string name)
    {
        if (new ModelCatalogName(name).CoreWords.Any(ModelCatalogName.IsSize)) return null;
        var plain = name.Trim().Replace(' ', '-');
        foreach (var (maker, line) in Lines)
            if (line.IsMatch(plain)) return maker;
        return null;
    }

    /// <summary>Names that start so, the maker's own name before them or not.</summary>
    private static Regex Starting(string names) => new(
        @"^(?:[a-z]+[/.])?(?:" + names + ")", RegexOptions.IgnoreCase);
}
