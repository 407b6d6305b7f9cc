using System.Globalization;
using System.IO;
using System.Text.Json.Nodes;
using ModelFit.Hardware.Inventory;
using ModelFit.Hardware.Probes;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// The recorded files of systems and the readable outputs of tools are read as their index says that they truly are.
/// </summary>
public class SharedSystemsTests
{
    private const long Kib = 1L << 10;
    private const long Mib = 1L << 20;

    [Theory]
    [MemberData(nameof(Meminfo))]
    public void Meminfo_tells_total_and_available(string file)
    {
        var (machine, expected) = One(file);
        var memory = expected["machine_memory_kib"]!;
        Assert.Equal(memory["total"]!.GetValue<long>() * Kib, machine.SystemMemoryBytes);
        if (memory["available"] is JsonValue available)
            Assert.Equal(available.GetValue<long>() * Kib, machine.SystemMemoryFreeBytes);
        else
            Assert.InRange(machine.SystemMemoryFreeBytes!.Value, memory["free"]!.GetValue<long>() * Kib,
                machine.SystemMemoryBytes!.Value);
        Assert.Null(machine.GpuCount);
    }

    [Theory]
    [MemberData(nameof(Cpuinfo))]
    public void Cpuinfo_tells_model_processors_and_instruction_sets(string file)
    {
        var (machine, expected) = One(file);
        Assert.Equal(expected["processors"]!.GetValue<int>(), machine.LogicalProcessorCount);
        if (expected["model name"] is { } model) Assert.Equal(model.ToString(), machine.Cpu);
        else Assert.NotNull(machine.Cpu);
        var features = (machine.CpuFeatures ?? string.Empty).Split(' ');
        foreach (var (key, name) in new[] { ("avx", "AVX"), ("avx2", "AVX2"), ("avx512f", "AVX512F"),
            ("neon_or_asimd", "NEON") })
        {
            if (expected[key] is JsonValue present) Assert.Equal(present.GetValue<bool>(), features.Contains(name));
        }
    }

    [Theory]
    [MemberData(nameof(Smbios))]
    public void Dmidecode_tells_the_populated_slots(string file)
    {
        var (machine, expected) = One(file);
        var modules = Dmidecode.Modules(SharedRecordings.Text(file));
        Assert.Equal(expected["populated_count"]?.GetValue<int>() ?? 0, modules.Count);
        Assert.Equal(expected["total_mib"]?.GetValue<long>() * Mib, machine.SystemMemoryBytes);
        foreach (var (slot, module) in (expected["populated"] as JsonArray ?? []).Zip(modules))
        {
            Assert.Equal(slot!["locator"]!.ToString(), module.Locator);
            Assert.Equal(slot["type"]?.ToString(), module.Type);
            if (slot["speed"]?.ToString() is { } speed)
                Assert.InRange(module.Speed!.Value, 1, int.Parse(speed.Split(' ')[0], CultureInfo.InvariantCulture));
        }
    }

    [Theory]
    [MemberData(nameof(Cgroups))]
    public void A_control_group_tells_its_limit(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var expected = SharedRecordings.Entry(file)["expected"]!;
        Assert.Equal(expected["limit_bytes"]?.GetValue<long>(), CgroupMemory.Limit(SharedRecordings.Text(file)));
    }

    [Theory]
    [MemberData(nameof(Readable))]
    public void Readable_outputs_tell_the_cards(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        if (SharedRecordings.Entry(file)["expected"]?["gpus"] is not JsonArray gpus) return;
        var cards = Assert.Single(SharedRecordings.Read(file)).Gpus;
        Assert.True(cards.Length >= gpus.Count);
        foreach (var (gpu, card) in gpus.Zip(cards))
        {
            if (gpu!["name"]?.ToString() is { } name && !name.Contains(',')) Assert.Equal(name, card.Name);
            if (gpu["gfx"]?.ToString() is { } gfx) Assert.Equal(gfx, card.GfxTarget);
            if (gpu["bdf"]?.ToString() is { } address) Assert.Equal(address, card.PciBusId);
            if (gpu["memory_bytes"]?["total"] is JsonValue total) Assert.Equal(total.GetValue<long>(),
                card.MemoryBytes);
            if (gpu["memory_bytes"]?["used"] is JsonValue used) Assert.Equal(used.GetValue<long>(),
                card.MemoryUsedBytes);
            if (gpu["memory_mib"]?["total"] is JsonValue mib) Assert.Equal(mib.GetValue<long>() * Mib,
                card.MemoryBytes);
            if (gpu["memory_mib"]?["free"] is JsonValue free) Assert.Equal(free.GetValue<long>() * Mib,
                card.MemoryFreeBytes);
            if (gpu["vram"] is JsonValue vram) Assert.Equal(Fields(vram.ToString()), card.MemoryBytes);
        }
    }

    [Theory]
    [MemberData(nameof(Registry))]
    public void The_registry_tells_the_whole_memory(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        if (SharedRecordings.Entry(file)["expected"]?["adapters"] is not JsonArray adapters) return;
        var cards = Assert.Single(SharedRecordings.Read(file)).Gpus;
        Assert.Equal(adapters.Select(adapter => (long?)adapter!["bytes"]!.GetValue<long>()),
            cards.Select(card => card.MemoryBytes));
    }

    [Theory]
    [MemberData(nameof(Sysfs))]
    public void Sysfs_and_kfd_tell_amds_cards(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        var expected = SharedRecordings.Entry(file)["expected"]!;
        var folder = Path.Combine(SharedRecordings.Folder!, file);
        var files = new DiskFiles(folder);
        if (expected["gpu_nodes"] is JsonValue count)
        {
            var nodes = AmdSysfs.Topology(files, Directory.Exists(Path.Combine(folder, "nodes"))
                ? "/nodes" : "/topology/nodes");
            Assert.Equal(count.GetValue<int>(), nodes.Count);
            foreach (var (gpu, node) in ((JsonArray)expected["gpus"]!).Zip(nodes))
            {
                Assert.Equal(AmdSysfs.Target(gpu!["gfx_target_version"]!.GetValue<long>()), node.GfxTarget);
                if (gpu["mem_banks"]?[0]?["size_bytes"] is JsonValue size) Assert.Equal(size.GetValue<long>(),
                    node.MemoryBytes);
            }

            return;
        }

        var card = Assert.Single(AmdSysfs.Read(files));
        var first = expected["gpus"]![0]!;
        Assert.Equal(first["mem_info_vram_total"]!.ToString(), Invariant(card.Facts.MemoryBytes));
        Assert.Equal(first["mem_info_gtt_total"]!.ToString(), Invariant(card.Facts.SharedMemoryBytes));
        Assert.Equal(first["mem_info_vram_used"]!.ToString(), Invariant(card.Facts.MemoryUsedBytes));
    }

    public static TheoryData<string> Meminfo() => SharedRecordings.Files("proc-meminfo");

    public static TheoryData<string> Cpuinfo() => SharedRecordings.Files("proc-cpuinfo");

    public static TheoryData<string> Smbios() => SharedRecordings.Files("dmidecode");

    public static TheoryData<string> Cgroups() => SharedRecordings.Files("cgroup-memory");

    public static TheoryData<string> Readable() => SharedRecordings.Files(
        "amd-smi-text", "rocm-smi-text", "system-profiler-text", "llama-list-devices");

    public static TheoryData<string> Registry() => SharedRecordings.Files("win-registry");

    public static TheoryData<string> Sysfs() => SharedRecordings.Files("amd-sysfs");

    private static (MachineSpec Machine, JsonNode Expected) One(string file)
    {
        Assert.SkipUnless(file.Length > 0, SharedRecordings.Absent);
        return (Assert.Single(SharedRecordings.Read(file)), SharedRecordings.Entry(file)["expected"]!);
    }

    private static long? Fields(string size) => ModelFit.Hardware.Fields.Bytes(size);

    private static string? Invariant(long? value) => value?.ToString(CultureInfo.InvariantCulture);
}
