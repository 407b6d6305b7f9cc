using System.Globalization;

namespace ModelFit.Hardware.Inventory;

/// <summary>What a rented machine of a type has.</summary>
/// <param name="Name">The type.</param>
/// <param name="Threads">Virtual processors.</param>
/// <param name="MemoryBytes">Memory in bytes.</param>
/// <param name="Cards">How many cards.</param>
/// <param name="Card">The card; empty for none.</param>
internal sealed record CloudType(string Name, int Threads, long MemoryBytes, int Cards, string Card);

/// <summary>
/// The types of instances that have GPUs at Amazon, Microsoft and Google, recalled from their pages of accelerated
/// instances and not compared with them since, and the rule by which Google names the others.
/// </summary>
internal static class CloudTypes
{
    /// <summary>A card a line, then its types: name, virtual processors, GiB, cards.</summary>
    private const string Table = """
        Tesla M60: g3s.xlarge 4 30.5 1; g3.4xlarge 16 122 1; g3.8xlarge 32 244 2; g3.16xlarge 64 488 4
        Tesla T4: g4dn.xlarge 4 16 1; g4dn.2xlarge 8 32 1; g4dn.4xlarge 16 64 1; g4dn.8xlarge 32 128 1
        Tesla T4: g4dn.12xlarge 48 192 4; g4dn.16xlarge 64 256 1; g4dn.metal 96 384 8
        Radeon Pro V520: g4ad.xlarge 4 16 1; g4ad.2xlarge 8 32 1; g4ad.4xlarge 16 64 1; g4ad.8xlarge 32 128 2
        Radeon Pro V520: g4ad.16xlarge 64 256 4
        NVIDIA A10G: g5.xlarge 4 16 1; g5.2xlarge 8 32 1; g5.4xlarge 16 64 1; g5.8xlarge 32 128 1; g5.12xlarge 48 192 4
        NVIDIA A10G: g5.16xlarge 64 256 1; g5.24xlarge 96 384 4; g5.48xlarge 192 768 8
        NVIDIA T4G: g5g.xlarge 4 8 1; g5g.2xlarge 8 16 1; g5g.4xlarge 16 32 1; g5g.8xlarge 32 64 1
        NVIDIA T4G: g5g.16xlarge 64 128 2
        NVIDIA L4: g6.xlarge 4 16 1; g6.2xlarge 8 32 1; g6.4xlarge 16 64 1; g6.8xlarge 32 128 1; g6.12xlarge 48 192 4
        NVIDIA L4: g6.16xlarge 64 256 1; g6.24xlarge 96 384 4; g6.48xlarge 192 768 8; gr6.4xlarge 16 128 1
        NVIDIA L4: gr6.8xlarge 32 256 1; g2-standard-4 4 16 1; g2-standard-8 8 32 1; g2-standard-12 12 48 1
        NVIDIA L4: g2-standard-16 16 64 1; g2-standard-24 24 96 2; g2-standard-32 32 128 1; g2-standard-48 48 192 4
        NVIDIA L4: g2-standard-96 96 384 8
        NVIDIA L40S: g6e.xlarge 4 32 1; g6e.2xlarge 8 64 1; g6e.4xlarge 16 128 1; g6e.8xlarge 32 256 1
        NVIDIA L40S: g6e.12xlarge 48 384 4; g6e.16xlarge 64 512 1; g6e.24xlarge 96 768 4; g6e.48xlarge 192 1536 8
        Tesla K80 12GB: p2.xlarge 4 61 1; p2.8xlarge 32 488 8; p2.16xlarge 64 732 16
        Tesla V100 16GB: p3.2xlarge 8 61 1; p3.8xlarge 32 244 4; p3.16xlarge 64 488 8; Standard_NC6s_v3 6 112 1
        Tesla V100 16GB: Standard_NC12s_v3 12 224 2; Standard_NC24s_v3 24 448 4; Standard_NC24rs_v3 24 448 4
        Tesla V100 32GB: p3dn.24xlarge 96 768 8; Standard_ND40rs_v2 40 672 8
        Tesla T4: Standard_NC4as_T4_v3 4 28 1; Standard_NC8as_T4_v3 8 56 1; Standard_NC16as_T4_v3 16 110 1
        Tesla T4: Standard_NC64as_T4_v3 64 440 4
        NVIDIA A100 40GB: p4d.24xlarge 96 1152 8; Standard_ND96asr_v4 96 900 8; a2-highgpu-1g 12 85 1
        NVIDIA A100 40GB: a2-highgpu-2g 24 170 2; a2-highgpu-4g 48 340 4; a2-highgpu-8g 96 680 8
        NVIDIA A100 40GB: a2-megagpu-16g 96 1360 16
        NVIDIA A100 80GB: p4de.24xlarge 96 1152 8; Standard_NC24ads_A100_v4 24 220 1; Standard_NC48ads_A100_v4 48 440 2
        NVIDIA A100 80GB: Standard_NC96ads_A100_v4 96 880 4; Standard_ND96amsr_A100_v4 96 1900 8
        NVIDIA A100 80GB: a2-ultragpu-1g 12 170 1; a2-ultragpu-2g 24 340 2; a2-ultragpu-4g 48 680 4
        NVIDIA A100 80GB: a2-ultragpu-8g 96 1360 8
        NVIDIA A10: Standard_NV36ads_A10_v5 36 440 1; Standard_NV36adms_A10_v5 36 880 1
        NVIDIA A10: Standard_NV72ads_A10_v5 72 880 2
        Tesla M60: Standard_NV12s_v3 12 112 1; Standard_NV24s_v3 24 224 2; Standard_NV48s_v3 48 448 4
        NVIDIA H100 NVL: Standard_NC40ads_H100_v5 40 320 1; Standard_NC80adis_H100_v5 80 640 2
        NVIDIA H100 SXM: p5.48xlarge 192 2048 8; p5.4xlarge 16 256 1; Standard_ND96isr_H100_v5 96 1900 8
        NVIDIA H100 SXM: a3-highgpu-8g 208 1872 8; a3-megagpu-8g 208 1872 8; a3-highgpu-1g 26 234 1
        NVIDIA H100 SXM: a3-highgpu-2g 52 468 2; a3-highgpu-4g 104 936 4
        NVIDIA H200 SXM: p5e.48xlarge 192 2048 8; p5en.48xlarge 192 2048 8; Standard_ND96isr_H200_v5 96 1850 8
        NVIDIA H200 SXM: a3-ultragpu-8g 224 2952 8
        NVIDIA B200: p6-b200.48xlarge 192 2048 8; a4-highgpu-8g 224 3968 8
        AMD Instinct MI300X: Standard_ND96isr_MI300X_v5 96 1850 8
        """;

    /// <summary>GiB a virtual processor in Google's families (its page of machine families).</summary>
    private static readonly (string Family, double Gib)[] Ratios =
    {
        ("n1-standard-", 3.75), ("n1-highmem-", 6.5), ("n1-highcpu-", 0.9), ("e2-standard-", 4), ("e2-highmem-", 8),
        ("e2-highcpu-", 1), ("n2-standard-", 4), ("n2-highmem-", 8), ("n2-highcpu-", 1), ("n2d-standard-", 4),
        ("n2d-highmem-", 8), ("n2d-highcpu-", 1), ("c2-standard-", 4), ("c2d-standard-", 4), ("c3-standard-", 4),
    };

    private static readonly Lazy<Dictionary<string, CloudType>> Known = new(() => Table.Split('\n')
        .Select(line => line.Trim().Split(new[] { ": " }, StringSplitOptions.None)).Where(line => line.Length == 2)
        .SelectMany(line => line[1].Split(';').Select(entry => Entry(line[0], entry.Trim().Split(' '))))
        .ToDictionary(type => type.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>What a type has; null if it is not known. An address may stand before it.</summary>
    public static CloudType? Find(string? type)
    {
        var name = type?.Split('/').Last() ?? string.Empty;
        if (Known.Value.TryGetValue(name, out var known)) return known;
        var (family, gib) = Ratios.FirstOrDefault(ratio => name.StartsWith(ratio.Family, StringComparison.Ordinal));
        return family is not null && Fields.PositiveInteger(name.Substring(family.Length)) is { } threads
            ? new CloudType(name, threads, (long)(threads * gib * (1L << 30)), 0, string.Empty) : null;
    }

    private static CloudType Entry(string card, string[] cells) => new(
        cells[0], int.Parse(cells[1], CultureInfo.InvariantCulture),
        (long)(double.Parse(cells[2], CultureInfo.InvariantCulture) * (1L << 30)),
        int.Parse(cells[3], CultureInfo.InvariantCulture), card);
}
