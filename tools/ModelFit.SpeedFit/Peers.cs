using ModelFit.Models;

namespace ModelFit.SpeedFit;

/// <summary>Another program's formula for decoding on one card, and what it is in words.</summary>
internal sealed record Peer(string Name, string Words, Func<FitRow, double> TokensPerSecond);

/// <summary>The formulas of other programs, as their sources of 2026 have them.</summary>
internal static class Peers
{
    public static readonly Peer[] All =
    [
        new(
            "llmfit",
            "0.55 x bandwidth / (active parameters x bytes a parameter: 2 for F16, 1 for Q8_0, 0.75 for Q6_K, 0.625 "
            + "for "
            + "Q5_K_M, 0.5 for 4 bits, 0.375 for Q3_K_M, 0.25 for Q2_K) (llmfit-core/src/fit.rs, estimate_tps)",
            row => 0.55 * Bandwidth(row) / (Active(row) * LlmfitBytes(row.Row.Quantization))),
        new(
            "whichllm",
            "bandwidth / (file x the larger of the active share and a floor of 0.05 to 0.25 that grows with "
            + "bandwidth) x "
            + "0.55 for Q4_K_M, 0.53 Q4_0, 0.52 Q5_K, 0.5 Q6_K, 0.45 Q8_0, 0.4 F16 and others x 1 NVIDIA, 0.78 AMD, "
            + "0.82 "
            + "Apple, 0.65 Intel (src/whichllm/engine/performance.py)",
            WhichLlm),
        new(
            "canirun.ai",
            "0.70 (Apple: 0.65) x bandwidth / (file x active share) (packages/compatibility/src/index.ts)",
            row => (row.Cards[0].Vendor == "Apple" ? 0.65 : 0.70) * Bandwidth(row) / (File(row) * ActiveShare(row))),
        new("bandwidth", "bandwidth / bytes of weights that a token reads",
            row => Bandwidth(row) / row.Work.Sum(work => work.Bytes)),
    ];

    private static double Bandwidth(FitRow row) => row.Cards[0].MemoryBandwidth ?? 0;

    private static double File(FitRow row) =>
        row.Row.FileBytes > 0 ? row.Row.FileBytes : row.Definition.Tensors.Sum(tensor => (double)tensor.Bytes);

    private static double Active(FitRow row) => ActiveParameters.Of(row.Definition);

    private static double ActiveShare(FitRow row) => Active(row) / row.Definition.ParameterCount;

    private static double LlmfitBytes(string quantization) => Bare(quantization) switch
    {
        "F16" or "BF16" => 2,
        "Q8_0" or "Q8_K_XL" => 1,
        "Q6_K" => 0.75,
        "Q5_K_M" or "Q5_K_XL" => 0.625,
        "Q3_K_M" or "Q3_K_S" => 0.375,
        "Q2_K" or "Q2_K_XL" or "Q2_K_L" => 0.25,
        _ => 0.5,
    };

    private static double WhichLlm(FitRow row)
    {
        var bandwidth = Bandwidth(row);
        var floor = Math.Min(0.25, 0.05 * Math.Max(1, bandwidth / 256e9));
        var share = ActiveShare(row);
        var read = File(row) * (share < 1 ? Math.Min(1, Math.Max(share, floor)) : 1);
        var efficiency = Bare(row.Row.Quantization) switch
        {
            "Q4_K_M" or "Q4_K_S" => 0.55,
            "Q4_0" => 0.53,
            "Q5_K_M" or "Q5_K_S" or "IQ4_XS" => 0.52,
            "Q6_K" or "Q3_K_M" => 0.5,
            "Q3_K_S" => 0.48,
            "F16" or "BF16" => 0.4,
            "Q2_0" => 0.38,
            "Q1_0" => 0.32,
            _ => 0.45,
        };
        var vendor = row.Cards[0].Vendor switch
        {
            "NVIDIA" => 1,
            "AMD" => 0.78,
            "Apple" => 0.82,
            "Intel" => 0.65,
            _ => 0.7,
        };
        return bandwidth / read * efficiency * vendor;
    }

    private static string Bare(string quantization) =>
        quantization.ToUpperInvariant().Replace("UD-", string.Empty, StringComparison.Ordinal);
}
