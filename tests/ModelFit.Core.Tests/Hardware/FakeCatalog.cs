using ModelFit.Hardware;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// A catalog of a few cards, so that detection is tested alone. Figures from the vendors' data sheets.
/// </summary>
internal sealed class FakeCatalog : IGpuLookup
{
    private static readonly (string Id, GpuSpec Card)[] Cards =
    {
        ("10DE:2204", Card("NVIDIA GeForce RTX 3090", "NVIDIA", "Consumer", 24, 936_192)),
        ("10DE:20B0", Card("NVIDIA A100-SXM4-40GB", "NVIDIA", "DataCenter", 40, 1_555_000)),
        ("10DE:2216", Card("NVIDIA GeForce RTX 3080", "NVIDIA", "Consumer", 10, 760_320)),
        ("10DE:1BB3", Card("Tesla P4", "NVIDIA", "DataCenter", 8, 192_256)),
        ("1002:744C", Card("AMD Radeon RX 7900 XTX", "AMD", "Consumer", 24, 960_000)),
        ("1002:1586", Card("AMD Radeon 8060S Graphics", "AMD", "Integrated", null, 256_000)),
        ("8086:56A0", Card("Intel Arc A770", "Intel", "Consumer", 16, 560_000)),
        ("8086:9A49", Card("Intel Iris Xe Graphics", "Intel", "Integrated", null, null)),
        ("10DE:2E12", Card("NVIDIA GB10", "NVIDIA", "Workstation", null, 273_000)),
        ("106B:0000", Card("Apple M1 Max", "Apple", "Integrated", null, 400_000)),
    };

    public static FakeCatalog Instance { get; } = new();

    public GpuSpec? FindByPciId(string vendorId, string deviceId, string? subsystemId, string? revision) =>
        Cards.FirstOrDefault(card => card.Id == $"{vendorId}:{deviceId}").Card;

    public GpuSpec? FindByName(string name, long? memoryBytes, IMessageSink messages) =>
        Cards.FirstOrDefault(card => card.Card.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Card;

    public bool IsCard(string name) => FindByName(name, null, NullSink.Instance) is not null;

    public string? Describe(IReadOnlyList<GpuSpec> gpus) => gpus.Count == 0 ? null : string.Join(
        " + ", gpus.GroupBy(gpu => gpu.Name).Select(group =>
            group.Count() == 1 ? group.Key : $"{group.Count()}x {group.Key}"));

    private static GpuSpec Card(string name, string vendor, string segment, int? gib, long? megabytesASecond) => new()
    {
        Name = name,
        Vendor = vendor,
        Segment = segment,
        MemoryBytes = gib is null ? null : (long)gib << 30,
        MemoryBandwidth = megabytesASecond * 1_000_000,
        IsUnifiedMemory = gib is null,
        Source = "Catalog",
    };
}
