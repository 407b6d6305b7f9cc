namespace ModelFit.Hardware.Inventory;

/// <summary>The cards of a Kubernetes node from its labels and its capacity.</summary>
internal static class KubernetesGpus
{
    private const int MaxCards = CardText.MostCards;

    private static readonly Regex MigResource = new(@"^nvidia\.com/mig-((?:\d+c\.)?\d+g\.\d+gb(?:\.me)?)$");

    private static readonly Regex IntelDevice = new(@"^gpu\.intel\.com/device-id\.03[0-9a-f]{2}-([0-9a-f]{4})\.count$");

    /// <summary>The dashes that are part of NVIDIA's names; the others stand for blanks.</summary>
    private static readonly Regex OwnDash =new(@"-(?=SXM\d?|PCIE|NVL|MIG)|(?<=SXM\d?|PCIE)-");

    /// <summary>Labels of clouds that name the card of a node, and prefixes to strip.</summary>
    private static readonly string[] CloudLabels =
    {
        "cloud.google.com/gke-accelerator", "k8s.amazonaws.com/accelerator", "karpenter.k8s.aws/instance-gpu-name",
        "accelerator",
    };

    /// <summary>The cards: MIG instances in place of the card they are cut from.</summary>
    public static IEnumerable<DetectedGpu> Cards(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> capacity, string source)
    {
        var instances = MigInstances(labels, capacity, source).ToList();
        return instances.Count > 0 ? instances : Nvidia(labels, capacity, source)
            .Concat(Amd(labels, capacity, source)).Concat(Intel(labels, capacity, source));
    }

    private static IEnumerable<DetectedGpu> Nvidia(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> capacity, string source)
    {
        var product = Get(labels, "nvidia.com/gpu.product");
        var replicas = Math.Max(1, Fields.Integer(Get(labels, "nvidia.com/gpu.replicas")) ?? 1);
        var count = Fields.Integer(Get(labels, "nvidia.com/gpu.count"))
            ?? (Fields.Integer(Get(capacity, "nvidia.com/gpu")) ?? (product is null ? 0 : 1)) / replicas;
        var name = product is null ? CloudLabels.Select(label => Get(labels, label)).FirstOrDefault(Known) : null;
        var card = NvidiaCard(labels, product ?? name?.Replace("nvidia-", "nvidia "), source);
        return Enumerable.Repeat(card, Clamp(count));
    }

    private static DetectedGpu NvidiaCard(IReadOnlyDictionary<string, string> labels, string? product, string source)
    {
        var name = NameOf(product);
        var mig = Regex.Match(name, @"^(.*?)[ -]MIG[ -](.+)$");
        var driver = string.Join(".", new[] { "major", "minor", "rev" }
            .Select(part => Get(labels, "nvidia.com/cuda.driver." + part)).Where(part => part is not null));
        var (major, minor) = (Get(labels, "nvidia.com/gpu.compute.major"), Get(labels, "nvidia.com/gpu.compute.minor"));
        var facts = new GpuSpec
        {
            Name = mig.Success ? $"{mig.Groups[1].Value} MIG {mig.Groups[2].Value}" : name,
            Vendor = "NVIDIA",
            MigProfile = mig.Success ? mig.Groups[2].Value : null,
            MemoryBytes = Fields.PositiveBytes(Get(labels, "nvidia.com/gpu.memory"), "MiB"),
            ComputeCapability = major is null ? null : $"{major}.{minor ?? "0"}",
            DriverVersion = Get(labels, "nvidia.com/cuda.driver-version.full") ?? (driver.Length == 0 ? null : driver),
            Source = source,
        };
        return new DetectedGpu(facts)
        {
            WholeCardName = mig.Success ? mig.Groups[1].Value : null,
            OtherNames = product is null ? Array.Empty<string>() : new[] { product },
        };
    }

    private static IEnumerable<DetectedGpu> MigInstances(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> capacity, string source)
    {
        var profiles = capacity.Keys.Select(key => MigResource.Match(key)).Where(match => match.Success)
            .Select(match => match.Groups[1].Value).OrderBy(profile => profile, StringComparer.Ordinal);
        foreach (var profile in profiles)
        {
            var prefix = "nvidia.com/mig-" + profile;
            var whole = NvidiaCard(labels, Get(labels, "nvidia.com/gpu.product"), source);
            var card = Fields.PositiveBytes(Get(labels, prefix + ".memory"), "MiB") is { } memory
                ? NvidiaFacts.MigInstance(whole, profile, null, new NvidiaFacts.MemoryFacts(memory, null, null, null))
                : NvidiaFacts.MigInstance(whole, profile, null);
            for (var i = Clamp(Fields.Integer(Get(capacity, prefix)) ?? 0); i > 0; i--) yield return card;
        }
    }

    private static IEnumerable<DetectedGpu> Amd(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> capacity, string source)
    {
        var count = Fields.Integer(Get(capacity, "amd.com/gpu"))
            ?? Fields.Integer(labels.Where(label => label.Key.StartsWith("beta.amd.com/gpu.device-id.",
                StringComparison.Ordinal)).Select(label => label.Value).FirstOrDefault()) ?? 0;
        string? Label(string name) => Get(labels, "amd.com/gpu." + name) ?? Get(labels, "beta.amd.com/gpu." + name)
            ?? labels.Keys.Where(key => key.StartsWith($"beta.amd.com/gpu.{name}.", StringComparison.Ordinal))
                .Select(key => key.Substring($"beta.amd.com/gpu.{name}.".Length)).FirstOrDefault();
        var card = new DetectedGpu(new GpuSpec
        {
            Name = (Label("product-name") ?? string.Empty).Replace('_', ' ').Replace("  ", " "),
            Vendor = "AMD",
            MemoryBytes = Fields.PositiveBytes(Label("vram"), "MiB"),
            Source = source,
        })
        {
            Id = PciId.Create("1002", Label("device-id")),
        };
        return Enumerable.Repeat(card, Clamp(count));
    }

    private static IEnumerable<DetectedGpu> Intel(
        IReadOnlyDictionary<string, string> labels, IReadOnlyDictionary<string, string> capacity, string source)
    {
        var count = Fields.Integer(Get(capacity, "gpu.intel.com/i915") ?? Get(capacity, "gpu.intel.com/xe"));
        if (count is null) return labels.Select(label => (label.Value, Device: IntelDevice.Match(label.Key)))
            .Where(label => label.Device.Success).SelectMany(label => Enumerable.Repeat(
                FoundCard.Create(null, source, vendor: "Intel", id: PciId.Create("8086", label.Device.Groups[1].Value)),
                Clamp(Fields.Integer(label.Value) ?? 0)));
        var card = new DetectedGpu(new GpuSpec
        {
            Name = $"Intel {Get(labels, "gpu.intel.com/product")?.Replace('_', ' ') ?? "GPU"}",
            Vendor = "Intel",
            MemoryBytes = KubernetesNodes.Quantity(Get(labels, "gpu.intel.com/memory.max")),
            Source = source,
        });
        return Enumerable.Repeat(card, Clamp(count.Value));
    }

    /// <summary>Feature discovery writes a dash for every blank, and <c>-SHARED</c> behind a shared card.</summary>
    private static string NameOf(string? product)
    {
        if (product is null) return string.Empty;
        var text = Regex.Replace(product, "-SHARED$", string.Empty);
        var own = OwnDash.Match(text);
        var head = own.Success ? text.Substring(0, own.Index) : text;
        return head.Replace('-', ' ') + text.Substring(head.Length);
    }

    private static bool Known(string? value) => value is not null;

    private static int Clamp(int count) => Math.Max(0, Math.Min(MaxCards, count));

    private static string? Get(IReadOnlyDictionary<string, string> map, string key) =>
        map.TryGetValue(key, out var value) ? value : null;
}
