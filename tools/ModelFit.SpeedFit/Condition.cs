namespace ModelFit.SpeedFit;

/// <summary>Rows that differ from one card with an empty cache, and what is fitted to them.</summary>
/// <param name="Name">The line of the page.</param>
/// <param name="IsOf">Its rows.</param>
/// <param name="Kind">What is left out together.</param>
/// <param name="Spread">The spread that they widen; null for none.</param>
/// <param name="Stages">The constants that rest on them; none rests on rows that only check.</param>
internal sealed record Condition(
    string Name, Func<FitRow, bool> IsOf, Func<FitRow, string> Kind, string? Spread, params Stage[] Stages)
{
    public static readonly Condition[] All =
    [
        new("decode at a filled cache (2,048 tokens and more)", RowSets.DepthDecode, ByCard, "Depth", Stage.Depth),
        new("decode over several cards, layers split", RowSets.CardsDecode, ByCard, "Cards", Stage.Cards),
        new("prefill over several cards, layers split, 2025 and 2026",
            row => RowSets.CardsPrefill(row) && !row.Row.IsOld, ByCard, "CardsPrefill"),
        new("the same, builds of May 2024, which are not what is predicted",
            row => RowSets.CardsPrefill(row) && row.Row.IsOld, ByCard, null),
        new("cards that share layers (vLLM on 2 and 4 RTX 3090 without NVLink)", RowSets.SharedDecode, ByModel,
            null, Stage.Shared),
        new("decode, experts in system memory", RowSets.HostDecode, ByModel, "Host", Stage.Host),
        new("prefill, experts in system memory", RowSets.HostPrefill, ByModel, "HostPrefill"),
        new("llama-server, 2 to 32 users, prompts included", RowSets.Users, ByType, "Sequences", Stage.Users),
        new("vLLM, one user", RowSets.VllmDecode, ByModel, null, Stage.Vllm),
        new("vLLM, 2 to 64 users", RowSets.VllmUsers, ByModel, "Sequences", Stage.VllmUsers),
        new("vLLM, prompts", RowSets.VllmPrefill, ByModel, null, Stage.VllmPrefill),
    ];

    private static string ByCard(FitRow row) => string.Join(" + ", row.Cards.Select(card => card.Name).Distinct());

    private static string ByModel(FitRow row) => row.Row.Model;

    private static string ByType(FitRow row) => row.Row.Quantization;
}
