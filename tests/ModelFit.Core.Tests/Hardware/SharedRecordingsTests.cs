using System.Globalization;
using System.Text.Json.Nodes;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>Every recorded inventory is read as its index says that it truly is.</summary>
public class SharedRecordingsTests
{
    private const long Mib = 1L << 20;

    [Theory]
    [MemberData(nameof(Nvidia))]
    public void Nvidia_smi_tells_the_cards_and_their_memory(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var entry = SharedRecordings.Entry(file);
        if (entry["expected_error"] is not null)
        {
            var error = Assert.Throws<ModelFitException>(() => SharedRecordings.Read(file));
            Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
            return;
        }

        if (entry["expected"] is not { } expected || file.Contains("INVALID")) return;
        var cards = Assert.Single(SharedRecordings.Read(file)).Gpus;
        var whole = List(expected["gpus"]).Where(gpu => gpu["mig_devices"] is null).ToList();
        var parts = List(expected["gpus"]).SelectMany(gpu => List(gpu["mig_devices"]))
            .Concat(List(expected["mig_devices"])).ToList();
        if (expected["mig_devices"] is not null) whole.Clear();
        Assert.Equal(whole.Count + parts.Count, cards.Length);
        if (file.Contains("noheader")) Assert.All(cards, card => Assert.Null(card.MemoryBytes));
        else foreach (var (gpu, card) in whole.Concat(parts).Zip(cards)) AssertCard(gpu, card);
    }

    [Theory]
    [MemberData(nameof(Amd))]
    public void Rocm_smi_and_amd_smi_tell_the_cards_and_their_memory(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var cards = Assert.Single(SharedRecordings.Read(file)).Gpus;
        var gpus = List(SharedRecordings.Entry(file)["expected"]!["gpus"])
            .Where(gpu => Text(gpu["name"])?.Contains("680M") != true).ToList();
        Assert.Equal(gpus.Count, cards.Length);
        foreach (var (gpu, card) in gpus.Zip(cards))
        {
            if (gpu["memory_bytes"]?["total"] is JsonValue total)
                Assert.Equal(total.GetValue<long>(), card.MemoryBytes);
            if (gpu["memory_bytes"]?["used"] is JsonValue used)
                Assert.Equal(used.GetValue<long>(), card.MemoryUsedBytes);
            if (gpu["vram"]?["size"]?["value"] is JsonValue size)
                Assert.Equal(size.GetValue<long>() * Mib, card.MemoryBytes);
            if (Text(gpu["gfx"]) is { } gfx) Assert.Equal(gfx, card.GfxTarget);
            if (Text(gpu["pci"]) is { } pci) Assert.Equal(pci.ToLowerInvariant(), card.PciBusId);
            Assert.NotEmpty(card.Name);
            Assert.DoesNotContain("0x", card.Name);
        }
    }

    [Theory]
    [MemberData(nameof(Lspci))]
    public void Lspci_tells_the_cards_and_not_the_rest(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var cards = Assert.Single(SharedRecordings.Read(file)).Gpus;
        var devices = List(SharedRecordings.Entry(file)["expected"]!["display_devices"]).ToList();
        var slots = devices.Select(device => Address(Text(device["slot"] ?? device["Slot"])!)).ToList();
        Assert.All(cards, card => Assert.Contains(card.PciBusId, slots));
        var discrete = devices
            .Where(device => Fields(device).Any(text => text.Contains("NVIDIA") || text.Contains("Vega 20")))
            .Select(device => Address(Text(device["slot"] ?? device["Slot"])!)).ToList();
        Assert.Equal(discrete.Count > 0 ? discrete : slots.Take(Fields(devices[0]).Any(IsVirtual) ? 0 : 1),
            cards.Select(card => card.PciBusId!));
    }

    [Theory]
    [MemberData(nameof(Windows))]
    public void Windows_tells_each_card_once(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        if (SharedRecordings.Entry(file)["expected"] is not { } expected) return;
        var machine = Assert.Single(SharedRecordings.Read(file));
        var listed = List(expected["display_devices"] ?? expected["gpus"]).ToList();
        var discrete = listed.Select(gpu => Text(gpu["name"])!)
            .Where(name => name.Contains("GeForce") || name.Contains(" RX "))
            .Distinct().ToList();
        Assert.Equal(discrete, machine.Gpus.Select(card => card.Name));
        foreach (var card in machine.Gpus)
        {
            var gpu = listed.First(entry => Text(entry["name"]) == card.Name);
            if (Text(gpu["dedicated"]) is { } dedicated)
                Assert.Equal(Long(dedicated.Split(' ')[0]) * Mib, card.MemoryBytes);
            if (gpu["adapter_ram"]?.GetValue<long>() == 4293918720) Assert.NotEqual(4293918720, card.MemoryBytes);
            if (Text(gpu["driver"]) is { } driver) Assert.Equal(driver, card.DriverVersion);
        }

        if (Text(expected["machine_memory"]) is { } memory)
            Assert.Equal(Long(memory.Replace("MB RAM", string.Empty)) * Mib, machine.SystemMemoryBytes);
    }

    [Theory]
    [MemberData(nameof(MacOs))]
    public void System_profiler_tells_chip_and_memory(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var expected = SharedRecordings.Entry(file)["expected"]!;
        var machine = Assert.Single(SharedRecordings.Read(file));
        if (Text(expected["machine_memory"]) is { } memory)
            Assert.Equal(Long(memory.Split(' ')[0]) << 30, machine.SystemMemoryBytes);
        if (Text(expected["chip"]) is { } chip) Assert.Equal(chip, machine.Cpu);
        var gpus = List(expected["gpus"]).Where(gpu => gpu["integrated"] is null).ToList();
        if (gpus.Count > 0)
            Assert.Equal(gpus.Select(gpu => Text(gpu["name"])!), machine.Gpus.Select(card => card.Name));
        Assert.All(gpus.Zip(machine.Gpus),
            pair => Assert.Equal(pair.First["unified"] is not null, pair.Second.IsUnifiedMemory));
    }

    [Theory]
    [MemberData(nameof(Fleets))]
    public void Kubernetes_slurm_and_dcgm_tell_every_node(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var expected = SharedRecordings.Entry(file)["expected"]!;
        var machines = SharedRecordings.Read(file);
        if (expected["devices"] is { } devices)
        {
            var cards = machines.SelectMany(machine => machine.Gpus).ToList();
            Assert.Equal(
                List(devices).Select(device => (Text(device["uuid"]), Number(device["free_plus_used_mib"]) * Mib)),
                cards.Select(card => (card.Uuid, (double?)card.MemoryBytes)));
            return;
        }

        if (expected["nodes"] is null) return;
        foreach (var (node, machine) in List(expected["nodes"]).Zip(machines))
        {
            Assert.Equal(Text(node["node"]), machine.ComputerName);
            if (node["real_memory_mb"] is JsonValue memory)
                Assert.Equal(memory.GetValue<long>() * Mib, machine.SystemMemoryBytes);
            if (Text(node["capacity"]?["memory"]) is { } capacity)
                Assert.Equal(Long(capacity.Replace("Ki", string.Empty)) * 1024, machine.SystemMemoryBytes);
            if (node["gpus"] is { } gpus)
                Assert.Equal(List(gpus).Sum(gpu => gpu["count"]!.GetValue<int>()), machine.GpuCount);
        }

        Assert.Equal(List(expected["nodes"]).Count(), machines.Count);
    }

    public static TheoryData<string> Nvidia() => SharedRecordings.Files(
        "nvidia-smi-xml", "nvidia-smi-csv", "nvidia-smi-L", "nvidia-smi-table", "nvidia-smi-q-text");

    public static TheoryData<string> Amd() => SharedRecordings.Files("rocm-smi-json", "amd-smi-json", "rocm-smi-csv");

    public static TheoryData<string> Lspci() => SharedRecordings.Files("lspci");

    public static TheoryData<string> Windows() => SharedRecordings.Files("dxdiag", "win32-videocontroller");

    public static TheoryData<string> MacOs() => SharedRecordings.Files("system-profiler-json");

    public static TheoryData<string> Fleets() => SharedRecordings.Files("k8s-node", "slurm-scontrol", "dcgm-metrics");

    private static void AssertCard(JsonNode gpu, GpuSpec card)
    {
        var name = Text(gpu["name"] ?? gpu["name_as_printed"]);
        // A name that nvidia-smi cut off is completed where only one card of that memory begins so.
        if (name?.EndsWith("...", StringComparison.Ordinal) == true) Assert.StartsWith(name.TrimEnd('.'), card.Name);
        else if (name is not null and not "Graphics Device") Assert.Equal(name, card.Name);
        if (Text(gpu["uuid"]) is { } uuid) Assert.Equal(uuid, card.Uuid);
        if (Text(gpu["profile"]) is { } profile) Assert.Equal(profile, card.MigProfile);
        if (Text(gpu["pci"]) is { } pci) Assert.Equal(Address(pci), card.PciBusId);
        var memory = gpu["memory_mib"];
        if (memory?["total"] is JsonValue total) Assert.Equal(total.GetValue<long>() * Mib, card.MemoryBytes);
        if (memory?["used"] is JsonValue used) Assert.Equal(used.GetValue<long>() * Mib, card.MemoryUsedBytes);
        if (memory?["free"] is JsonValue free) Assert.Equal(free.GetValue<long>() * Mib, card.MemoryFreeBytes);
        if (memory?["reserved"] is JsonValue reserved)
            Assert.Equal(reserved.GetValue<long>() * Mib, card.MemoryReservedBytes);
    }

    private static IEnumerable<JsonNode> List(JsonNode? node) => (node as JsonArray)?.Select(item => item!) ?? [];

    private static string? Text(JsonNode? node) => node?.ToString();

    private static long Long(string text) => long.Parse(text, CultureInfo.InvariantCulture);

    private static double? Number(JsonNode? node) => node?.GetValue<double>();

    private static IEnumerable<string> Fields(JsonNode device) =>
        device.AsObject().Select(field => field.Value?.ToString() ?? "");

    private static bool IsVirtual(string text) => text.Contains("VMware");

    private static string Address(string text)
    {
        var colons = text.Count(c => c == ':');
        var full = colons == 1 ? "0000:" + text : text;
        var domain = full.Split(':')[0].TrimStart('0').PadLeft(4, '0');
        return string.Concat(domain, full.AsSpan(full.IndexOf(':', StringComparison.Ordinal))).ToLowerInvariant();
    }
}
