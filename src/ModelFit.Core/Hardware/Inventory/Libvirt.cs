namespace ModelFit.Hardware.Inventory;

/// <summary><c>virsh nodeinfo</c> and <c>virsh dominfo</c>: memory of a host, or of a virtual machine.</summary>
internal static class Libvirt
{
    /// <summary>Whether there are libvirt's labels of memory.</summary>
    public static bool Recognizes(InventoryText text) =>
        text.Lines.Any(line => line.StartsWith("Memory size: ", System.StringComparison.Ordinal)
            || line.StartsWith("Max memory: ", System.StringComparison.Ordinal)) && text.Contains("CPU(s):");

    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var values = LabelText.First(text.Lines.Take(100));
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = values.Text("Name"),
                LogicalProcessorCount = Fields.PositiveInteger(values.Text("CPU(s)")),
                CoreCount = Fields.PositiveInteger(values.Text("Core(s) per socket"))
                    * Fields.PositiveInteger(values.Text("CPU socket(s)"))
                    * Fields.PositiveInteger(values.Text("NUMA cell(s)")),
                SystemMemoryBytes = Fields.PositiveBytes(values.Text("Memory size", "Max memory")),
                Source = "virsh",
            },
            null);
    }
}
