namespace ModelFit.Hardware.Inventory;

/// <summary>
/// <c>virsh nodeinfo</c>, <c>virsh dominfo</c> and Proxmox' <c>qm config</c>: memory of a host or of a virtual machine.
/// </summary>
internal static class Libvirt
{
    private const int Most = 100;

    /// <summary>Labels that the configuration of a guest alone has.</summary>
    private static readonly string[] Proxmox = { "ostype", "scsihw", "sockets", "vmgenid", "rootfs" };

    /// <summary>Whether there are libvirt's labels of memory, or Proxmox' of a guest.</summary>
    public static bool Recognizes(InventoryText text) => LabelText.First(text.Lines.Take(Most)) is var values
        && (values.Text("Memory size", "Max memory") is null ? IsProxmox(values) : values.Text("CPU(s)") is not null);

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var values = LabelText.First(text.Lines.Take(Most));
        var cores = Fields.PositiveInteger(values.Text("cores"))
            * (Fields.PositiveInteger(values.Text("sockets")) ?? 1);
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = values.Text("Name", "hostname"),
                LogicalProcessorCount = Fields.PositiveInteger(values.Text("CPU(s)")) ?? cores,
                CoreCount = Fields.PositiveInteger(values.Text("Core(s) per socket"))
                    * Fields.PositiveInteger(values.Text("CPU socket(s)"))
                    * Fields.PositiveInteger(values.Text("NUMA cell(s)")),
                SystemMemoryBytes = Fields.PositiveBytes(values.Text("Memory size", "Max memory"))
                    ?? Fields.PositiveBytes(values.Text("memory"), "MiB"),
                Source = IsProxmox(values) ? "qm config" : "virsh",
            },
            null);
    }

    private static bool IsProxmox(IReadOnlyDictionary<string, string> values) =>
        Fields.PositiveInteger(values.Text("memory")) is not null && Proxmox.Count(values.ContainsKey) > 1;
}
