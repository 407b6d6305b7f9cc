namespace ModelFit.Catalog;

/// <summary>A tag of Ollama's library that says more than a model and its size.</summary>
/// <param name="Model">The model and its size, as the library tags them: <c>phi:2.7b</c>, <c>zephyr</c>.</param>
/// <param name="IsVariant">Whether what the tag says more is a quantization or a variant that answers.</param>
internal sealed record OllamaTag(string Model, bool IsVariant)
{
    private static readonly string[] Variants = { "instruct", "chat", "it", "latest", "cloud" };

    /// <summary>Reads a tag; null for a text that is none, or says no more than a model and its size.</summary>
    public static OllamaTag? Parse(string text)
    {
        var name = text.Trim().Split('/').Last();
        var colon = name.IndexOf(':');
        if (colon <= 0) return null;
        var model = name.Substring(0, colon);
        var plain = ModelNameDecoration.Remove(name);
        var words = plain.Substring(Math.Min(colon + 1, plain.Length))
            .Split(new[] { '-' }, StringSplitOptions.RemoveEmptyEntries);
        var size = Array.FindIndex(words, word => ModelCatalogName.IsSize(word.ToLowerInvariant()));
        var tag = size < 0 ? model : model + ":" + words[size].ToLowerInvariant();
        var more = words.Where((_, index) => index != size).ToArray();
        return string.Equals(tag, name, StringComparison.OrdinalIgnoreCase)
            ? null
            : new OllamaTag(tag, more.All(word => Variants.Contains(word, StringComparer.OrdinalIgnoreCase)));
    }
}
