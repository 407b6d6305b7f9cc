using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>What Linux tells of the machine in <c>/proc</c>, <c>/sys</c> and <c>/etc</c>.</summary>
internal static class UnixFacts
{
    private static readonly (string Word, string Name)[] Hypervisors =
    {
        ("KVM", "KVM"), ("QEMU", "KVM"), ("VMware", "VMware"), ("VirtualBox", "VirtualBox"), ("Xen", "Xen"),
        ("Google Compute", "Google Compute Engine"), ("Amazon EC2", "Amazon EC2"), ("Firecracker", "Firecracker"),
        ("Microsoft Corporation Virtual", "Hyper-V"), ("OpenStack", "OpenStack"), ("Parallels", "Parallels"),
    };

    /// <summary>The machine without its cards.</summary>
    public static MachineSpec Read(IProbeFiles files, IMessageSink messages)
    {
        var memory = ProcMeminfo.Parse(files.Text("/proc/meminfo") ?? string.Empty);
        var cpu = ProcCpuinfo.Parse(files.Text("/proc/cpuinfo") ?? string.Empty);
        var container = CgroupMemory.Read(files);
        if (memory.IsEstimated && memory.Available is { } estimate) messages.Verbose(
            $"/proc/meminfo has no MemAvailable; free, cached and buffered memory is used: {SizeText.Gib(estimate)}.");
        var isLimited = container.LimitBytes < memory.Total;
        if (isLimited) messages.Verbose(
            $"A control group limits the memory to {SizeText.Gib(container.LimitBytes!.Value)} " +
            $"of the {SizeText.Gib(memory.Total!.Value)}.");
        var limitFree = isLimited ? Math.Max(0, (container.LimitBytes - (container.UsedBytes ?? 0)) ?? 0) : (long?)null;
        var numa = files.Names("/sys/devices/system/node").Count(name => Regex.IsMatch(name, @"^node\d+$"));
        return new MachineSpec
        {
            OperatingSystem = System(files),
            Cpu = cpu.Model,
            CoreCount = cpu.Cores,
            LogicalProcessorCount = cpu.LogicalProcessors,
            CpuFeatures = cpu.Features,
            SystemMemoryBytes = isLimited ? container.LimitBytes : memory.Total,
            SystemMemoryFreeBytes = limitFree < memory.Available ? limitFree : memory.Available,
            NumaNodeCount = numa == 0 ? null : numa,
            Virtualization = Virtualization(files),
            Source = "local",
        };
    }

    /// <summary>The hypervisor that a machine's maker and product name; null if it is none.</summary>
    public static string? Hypervisor(string product) =>
        Hypervisors.FirstOrDefault(entry => Fields.ContainsAny(product, entry.Word)).Name;

    /// <summary>The GPU of a Jetson, which is on no bus: its board's name from the device tree.</summary>
    public static DetectedGpu? Jetson(IProbeFiles files)
    {
        var compatible = files.Text("/proc/device-tree/compatible") ?? string.Empty;
        if (!compatible.Contains("nvidia,tegra")) return null;
        var model = Fields.Text(files.Text("/proc/device-tree/model")) ?? "NVIDIA Tegra";
        var name = Regex.Replace(model, @"\s*(Developer Kit|Engineering Reference.*)$", string.Empty);
        return new DetectedGpu(new GpuSpec { Name = name, Vendor = "NVIDIA", Index = 0, Source = "device tree" })
        {
            IsIntegrated = true,
            OtherNames = new[] { name.Replace("NVIDIA ", string.Empty), Regex.Replace(name, "^NVIDIA ", "") + " GPU" },
        };
    }

    private static string? System(IProbeFiles files)
    {
        var release = Regex.Match(
            files.Text("/etc/os-release") ?? string.Empty, @"(?m)^PRETTY_NAME=[""']?([^""'\n]+)");
        var kernel = Fields.Text(files.Text("/proc/sys/kernel/osrelease"));
        var parts = new[]
        {
            release.Success ? release.Groups[1].Value.Trim() : null, kernel is null ? null : $"Linux {kernel}",
        };
        var text = string.Join(", ", parts.Where(part => part is not null));
        return text.Length == 0 ? null : text;
    }

    private static string? Virtualization(IProbeFiles files)
    {
        var kernel = files.Text("/proc/sys/kernel/osrelease") ?? string.Empty;
        string? Dmi(string name) => files.Text("/sys/class/dmi/id/" + name)?.Trim();
        var product = $"{Dmi("sys_vendor")} {Dmi("product_name")}";
        var isGuest = Regex.IsMatch(files.Text("/proc/cpuinfo") ?? string.Empty, @"(?m)^flags\s*:.*\bhypervisor\b");
        var machine = Fields.ContainsAny(kernel, "microsoft") ? "WSL"
            : Hypervisor(product)
            ?? (isGuest ? "hypervisor" : null);
        var groups = files.Text("/proc/1/cgroup") ?? string.Empty;
        var container = files.Text("/.dockerenv") is not null || Fields.ContainsAny(groups, "docker") ? "Docker"
            : files.Text("/run/.containerenv") is not null ? "Podman"
            : Fields.ContainsAny(groups, "kubepods") ? "Kubernetes"
            : Fields.ContainsAny(groups, "lxc") ? "LXC" : null;
        var text = string.Join(", ", new[] { machine, container }.Where(part => part is not null));
        return text.Length == 0 ? null : text;
    }
}
