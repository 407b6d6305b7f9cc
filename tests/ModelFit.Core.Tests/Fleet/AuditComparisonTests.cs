using ModelFit.Testing;
using ModelFit.Fleet;
using Xunit;
using static ModelFit.Core.Tests.Fleet.Fleets;

namespace ModelFit.Core.Tests.Fleet;

public class AuditComparisonTests
{
    private const string Policy = """
        { "rules": [ { "name": "8b", "require": { "model": "qwen3-8b" } },
                     { "name": "70b", "require": { "model": "llama-3.3-70b" }, "severity": "warning" } ] }
        """;

    private static readonly MachineSpec[] Before =
    [
        Machine("steady", "RTX 3090"), Machine("gone", "RTX 3090"), Machine("lost", "2x RTX 3090"),
        Machine("added", "RTX 3090"), Machine("replaced", "RTX 3090"), Machine("memory", "RTX 3090"),
        Machine("ram", "RTX 3090"), Machine("driver", "RTX 3090"), Machine("busy", "RTX 3090", 64, 23),
        Machine("jitter", "RTX 3090", 64, 23), Machine("fails", "RTX 3090"), Machine("processor", "RTX 3090"),
    ];

    private static readonly MachineSpec[] After =
    [
        Machine("driver", "RTX 3090", driver: "560.28"), Machine("lost", "RTX 3090"), Machine("added", "2x RTX 3090"),
        Machine("replaced", "RTX 4090"), WithCardMemory(Machine("memory", "RTX 3090"), 20 * GiB),
        Machine("ram", "RTX 3090", 32), Machine("busy", "RTX 3090", 64, 4), Machine("jitter", "RTX 3090", 63.4, 22.4),
        Machine("STEADY", "RTX 3090"), Machine("new", "RTX 3060"),
        Machine("processor", "RTX 3090") with { Cpu = "AMD EPYC 9654" },
    ];

    [Fact]
    public void Every_drift_of_a_machine_is_found_and_nothing_else()
    {
        var changes = Compare(Records(Before, Failed("recovers")), Records(After, Failed("fails"), Recovered()));
        (string?, string)[] expected =
        [
            ("driver", "Driver"), ("lost", "GpuLost"), ("added", "GpuAdded"), ("replaced", "GpuReplaced"),
            ("memory", "GpuMemory"), ("ram", "SystemMemory"), ("busy", "FreeMemory"), ("new", "MachineNew"),
            ("processor", "Hardware"), ("gone", "MachineGone"), ("fails", "MachineFailed"),
            ("recovers", "MachineRecovered"),
        ];
        Assert.Equal(
            expected.Order(),
            changes.Where(change => change.Model is null)
                .Select(change => (change.ComputerName, change.Change)).Order());
        Assert.All(changes, change => Assert.NotEqual(string.Empty, change.Description));
    }

    [Fact]
    public void A_verdict_that_flipped_says_why()
    {
        var flips = Compare(Records(Before), Records(After)).Where(change => change.Change == "Verdict").ToArray();
        Assert.Contains(flips, flip => (flip.ComputerName, flip.Model!.Contains("8B", StringComparison.Ordinal),
            flip.Before, flip.Cause, flip.Severity) == ("busy", true, "Fits", "FreeMemory", "error"));
        Assert.Contains(flips, flip => (flip.ComputerName, flip.Before, flip.After, flip.Cause, flip.Severity)
            == ("lost", "Fits", "Offload", "Hardware", "warning"));
        Assert.Contains(flips, flip => (flip.ComputerName, flip.After, flip.Cause, flip.Severity)
            == ("added", "Fits", "Hardware", "info"));
        Assert.DoesNotContain(flips, flip => flip.ComputerName is "steady" or "STEADY" or "jitter" or "driver");
    }

    [Fact]
    public void A_catalog_that_answers_otherwise_of_the_same_machine_is_the_cause()
    {
        var before = Records([Machine("a", "RTX 3090"), Machine("b", "RTX 3090")]);
        var after = before.Select(record => record.ComputerName == "b" || record.Rule == "8b"
            ? record
            : Again(record, "0.2.0+other", "NoFit", record.RequiredBytes * 2)).ToArray();
        var change = Assert.Single(Compare(before, after));
        Assert.Equal(("a", "Verdict", "Offload", "NoFit", "Catalog"),
            (change.ComputerName, change.Change, change.Before, change.After, change.Cause));
        var more = before.Select(
            record => Again(record, "0.2.0+other", record.Verdict, record.RequiredBytes * 11 / 10));
        Assert.All(Compare(before, more), item => Assert.Equal(("Requirement", "Catalog"), (item.Change, item.Cause)));
        var same = before.Select(record => Again(record, "0.2.0+other", record.Verdict, record.RequiredBytes));
        Assert.Empty(Compare(before, same));
    }

    [Fact]
    public void The_same_audit_twice_has_no_change_in_any_order()
    {
        var records = Records(Before, Failed("fails")).ToArray();
        Assert.Empty(Compare(records, records.Reverse()));
        Assert.Empty(Compare(records, Records(Before.Reverse().ToArray(), Failed("fails"))));
        Assert.Empty(Compare([], []));
    }

    [Fact]
    public void A_question_that_is_new_or_gone_is_no_change_of_a_machine()
    {
        var before = Audit("""{ "rules": [ { "name": "8b", "require": { "model": "qwen3-8b" } } ] }""", Before[0]);
        var changes = Compare(before, Records([Before[0]])).ToArray();
        Assert.Equal(["QuestionNew"], changes.Select(change => change.Change));
        Assert.Equal(["QuestionGone"], Compare(Records([Before[0]]), before).Select(change => change.Change));
    }

    [Fact]
    public void Records_come_back_from_their_file_as_they_were()
    {
        using var folder = new TemporaryFolder();
        var records = Records(Before, Failed("f\"ä\n")).ToArray();
        using (var file = new ModelFit.Common.WholeFile(folder["a.jsonl"]))
        {
            foreach (var record in records) AuditJson.Write(file.Writer, record);
            Assert.False(System.IO.File.Exists(folder["a.jsonl"]));
            file.Commit();
        }

        var read = AuditJson.Read(folder["a.jsonl"], stop: TestContext.Current.CancellationToken).ToArray();
        foreach (var property in typeof(AuditRecord).GetProperties())
            Assert.Equal(records.Select(property.GetValue), read.Select(property.GetValue));
        Assert.Empty(Compare(records, read));
        Assert.Equal([folder["a.jsonl"]], System.IO.Directory.GetFiles(folder.Path));
    }

    [Theory]
    [InlineData("{\"SchemaVersion\":1,\"RunId\":\"a\"}\n{\"SchemaVersion\":2}\n", "line 2")]
    [InlineData("{\"SchemaVersion\":1,\"RunId\":\"a\"}\n\n{\"a\":", "line 3")]
    [InlineData("{}\n", "line 1")]
    [InlineData("not json\n", "line 1: the line is not JSON")]
    [InlineData("ComputerName,Gpu\n", "line 1: the line is not JSON")]
    public void A_line_that_is_no_record_is_named(string text, string where)
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write(text, "a.jsonl");
        var error = Assert.Throws<ModelFitException>(() => AuditJson.Read(path,
            stop: TestContext.Current.CancellationToken).ToArray());
        Assert.Equal("InvalidAudit", error.ErrorId);
        Assert.Contains(where, error.Message, StringComparison.Ordinal);
    }

    private static AuditedMachine Recovered() => AuditedMachine.Seen(null, Machine("recovers", "RTX 3090"));

    private static IReadOnlyList<AuditRecord> Records(MachineSpec[] seen, params AuditedMachine[] others) => Audit(
        Policy, seen.Select(machine => AuditedMachine.Seen(null, machine)).Concat(others).ToArray());

    private static IReadOnlyList<AuditChange> Compare(
        IEnumerable<AuditRecord> before, IEnumerable<AuditRecord> after) =>
        AuditComparison.Compare(before, after, new AuditThresholds()).ToArray();

    private static MachineSpec WithCardMemory(MachineSpec machine, long bytes) =>
        ModelFit.Hardware.MachineSpecs.Create(
            machine.Gpus.Select(card => card with { MemoryBytes = bytes, MemoryFreeBytes = bytes - GiB }).ToArray(),
            machine.SystemMemoryBytes, ModelFit.Catalog.GpuCatalogLookup.Instance) with
            {
                ComputerName = machine.ComputerName,
            };

    private static AuditRecord Again(AuditRecord record, string catalog, string? verdict, long? required) => new()
    {
        ComputerName = record.ComputerName, Gpu = record.Gpu, GpuCount = record.GpuCount,
        TotalGpuMemoryBytes = record.TotalGpuMemoryBytes, GpuMemoryFreeBytes = record.GpuMemoryFreeBytes,
        SystemMemoryBytes = record.SystemMemoryBytes, DriverVersion = record.DriverVersion,
        HardwareId = record.HardwareId, Model = record.Model, Quantization = record.Quantization,
        ContextLength = record.ContextLength, ParallelSequences = record.ParallelSequences, Runtime = record.Runtime,
        CatalogVersion = catalog, Verdict = verdict, RequiredBytes = required, Rule = record.Rule,
        Severity = record.Severity, Compliance = record.Compliance, RunId = "other",
    };
}
