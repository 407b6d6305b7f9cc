using ModelFit.Fit;
using ModelFit.Fleet;
using Xunit;
using static ModelFit.Core.Tests.Fleet.Fleets;

namespace ModelFit.Core.Tests.Fleet;

public class AuditorTests
{
    private const string Tutor =
        """{ "rules": [ { "name": "tutor", "machines": { "ComputerName": "LAB-*" }, """
        + """ "require": { "model": "qwen3-8b" } } ] }""";

    [Fact]
    public void A_record_says_what_the_verdict_says()
    {
        var machine = Machine("LAB-1", "RTX 3090", 64, 20);
        var record = Assert.Single(Audit(Tutor, machine));
        var question = AuditQuestion.Of(PolicyFile.Parse(Tutor, "p",
            stop: TestContext.Current.CancellationToken), NullSink.Instance).Single().Template!;
        var answer = FitEngine.Test(question with { Machine = machine }, NullSink.Instance);
        Assert.Equal(
            (answer.Verdict, answer.RequiredBytes, answer.HeadroomBytes, answer.DecodeTokensPerSecond, answer.Accuracy),
            (record.Verdict, record.RequiredBytes, record.HeadroomBytes, record.DecodeTokensPerSecond,
                record.Accuracy));
        Assert.Equal(("LAB-1", "tutor", "error", "Compliant", 20 * GiB, "550.54.15"),
            (record.ComputerName, record.Rule, record.Severity, record.Compliance, record.GpuMemoryFreeBytes,
                record.DriverVersion));
        Assert.Equal("Q4_K_M", record.Quantization);
        Assert.Equal((1, 8192, 1, "LlamaCpp"),
            (record.SchemaVersion, record.ContextLength, record.ParallelSequences, record.Runtime));
    }

    /// <summary>
    /// What of a record no answer to one question has: the run, the rule, the machine, what went wrong.
    /// </summary>
    private static readonly string[] OfTheAudit =
    {
        nameof(AuditRecord.SchemaVersion), nameof(AuditRecord.RunId), nameof(AuditRecord.CollectedAt),
        nameof(AuditRecord.ReportedName), nameof(AuditRecord.TotalGpuMemoryBytes),
        nameof(AuditRecord.GpuMemoryFreeBytes), nameof(AuditRecord.DriverVersion), nameof(AuditRecord.HardwareId),
        nameof(AuditRecord.CatalogVersion), nameof(AuditRecord.Rule), nameof(AuditRecord.Severity),
        nameof(AuditRecord.Compliance), nameof(AuditRecord.Remedy), nameof(AuditRecord.Changes),
        nameof(AuditRecord.ErrorId), nameof(AuditRecord.ErrorMessage),
    };

    [Theory]
    [InlineData("RTX 3090", 64.0, 20.0)]
    [InlineData("RTX 4060", 16.0, 3.0)]
    [InlineData("2x RTX 3060", 32.0, 11.5)]
    [InlineData("RTX 3090 + RTX 3060", 128.0, 9.0)]
    [InlineData("4x RTX A6000", 512.0, 40.0)]
    [InlineData(null, 64.0, null)]
    public void Every_property_of_a_record_is_that_of_the_single_answer(string? gpus, double memory, double? free)
    {
        const string policy = """
            { "rules": [ { "name": "all", "require": { "model": [
                "qwen3-8b", "llama-3.3-70b", "gpt-oss-120b", "mixtral-8x22b", "gemma-3-27b-it" ] } } ] }
            """;
        var machine = Machine("PC-1", gpus, memory, free);
        var questions = AuditQuestion.Of(
            PolicyFile.Parse(policy, "p", stop: TestContext.Current.CancellationToken), NullSink.Instance);
        var records = Audit(policy, machine);
        Assert.Equal(questions.Count, records.Count);
        var ofAnswer = typeof(ModelFitResult).GetProperties().ToDictionary(property => property.Name);
        foreach (var (question, record) in questions.Zip(records))
        {
            var alone = FitEngine.Test(question.Template! with { Machine = machine }, NullSink.Instance);
            foreach (var property in typeof(AuditRecord).GetProperties().Where(one => !OfTheAudit.Contains(one.Name)))
            {
                Assert.Equal(
                    (alone.Model, property.Name, ofAnswer[property.Name].GetValue(alone)),
                    (record.Model, property.Name, property.GetValue(record)));
            }
        }
    }

    [Fact]
    public void A_machine_that_no_rule_is_about_is_a_record_without_a_question()
    {
        var record = Assert.Single(Audit(Tutor, Machine("HOME-1", "RTX 3090")));
        Assert.Equal((null, null, null, null), (record.Rule, record.Model, record.Verdict, record.Compliance));
        Assert.NotNull(record.HardwareId);
    }

    [Fact]
    public void A_machine_that_failed_is_a_record_of_each_rule_that_may_be_about_it()
    {
        const string policy = """
            { "rules": [
              { "name": "by name", "machines": { "ComputerName": "LAB-*" }, "require": { "model": "qwen3-8b" } },
              { "name": "by card", "machines": { "Gpu": "*3090*" }, "require": { "model": "qwen3-8b" } },
              { "name": "others", "machines": { "ComputerName": "HOME-*" }, "require": { "model": "qwen3-8b" } } ] }
            """;
        var records = Audit(policy, Failed("LAB-1"));
        Assert.Equal(["by name", "by card"], records.Select(record => record.Rule));
        Assert.All(records, record => Assert.Equal(
            ("Unknown", "Unknown", "ProbeFailed", null),
            (record.Verdict, record.Compliance, record.ErrorId, record.Remedy)));
    }

    /// <summary>Each demand, on a machine on which it holds and on one on which it does not.</summary>
    [Theory]
    [InlineData("\"model\": \"qwen3-8b\"", "RTX 3090", "Compliant")]
    [InlineData("\"model\": \"llama-3.3-70b\"", "RTX 3090", "Violated")]
    [InlineData("\"model\": \"llama-3.3-70b\", \"accept\": \"Offload\"", "RTX 3090", "Compliant")]
    [InlineData("\"model\": \"qwen3-8b\", \"minimumTokensPerSecond\": 10", "RTX 3090", "Compliant")]
    [InlineData("\"model\": \"qwen3-8b\", \"minimumTokensPerSecond\": 1000", "RTX 3090", "Violated")]
    [InlineData("\"model\": \"qwen3-8b\", \"users\": 64", "RTX 3060", "Violated")]
    [InlineData("\"model\": \"qwen3-8b\", \"license\": [\"mit\", \"apache-*\"]", "RTX 3090", "Compliant")]
    [InlineData("\"model\": \"qwen3-8b\", \"license\": \"gpl-*\"", "RTX 3090", "Violated")]
    [InlineData("\"minimumDriverVersion\": \"550.54\"", "RTX 3090", "Compliant")]
    [InlineData("\"minimumDriverVersion\": \"560\"", "RTX 3090", "Violated")]
    [InlineData("\"minimumDriverVersion\": \"560\"", null, "Violated")]
    [InlineData("\"minimumFreeGpuMemory\": \"23GB\"", "RTX 3090", "Compliant")]
    [InlineData("\"minimumFreeGpuMemory\": \"24GB\"", "RTX 3090", "Violated")]
    [InlineData("\"minimumFreeGpuMemory\": \"1GB\"", null, "Violated")]
    public void A_demand_holds_or_does_not(string require, string? gpu, string compliance)
    {
        var policy = $$"""{ "rules": [ { "name": "a", "require": { {{require}} } } ] }""";
        var machine = gpu is null
            ? new MachineSpec { ComputerName = "PC", GpuCount = 0, SystemMemoryBytes = 64 * GiB }
            : Machine("PC", gpu);
        var record = Assert.Single(Audit(policy, machine));
        Assert.Equal(compliance, record.Compliance);
        Assert.NotNull(record.Reason);
    }

    [Fact]
    public void What_is_not_known_is_not_compliant()
    {
        const string policy = """{ "rules": [ { "name": "a", "require": { "minimumDriverVersion": "550" } } ] }""";
        Assert.Equal("Unknown", Assert.Single(Audit(policy, Machine("PC", "RTX 3090", driver: null))).Compliance);
    }

    [Fact]
    public void Memory_that_is_in_use_is_to_be_freed_before_anything_is_bought()
    {
        var record = Assert.Single(Audit(Tutor, Machine("LAB-1", "RTX 3090", 64, 2)));
        Assert.Equal("Violated", record.Compliance);
        Assert.StartsWith("Free ", record.Remedy, StringComparison.Ordinal);
        var poor = Assert.Single(Audit(Tutor, Machine("LAB-2", "GTX 1050 Ti")));
        Assert.DoesNotContain("Free ", poor.Remedy!, StringComparison.Ordinal);
        Assert.Contains("Test-ModelFit", poor.Remedy, StringComparison.Ordinal);
    }

    [Fact]
    public void Many_questions_are_answered_in_their_order()
    {
        var records = Audit("""{ "rules": [ { "name": "all", "require": { "model": "*qwen3*" } } ] }""",
            Machine("PC", "RTX 3090"));
        var names = AuditQuestion.Of(
            PolicyFile.Parse("""{ "rules": [ { "name": "all", "require": { "model": "*qwen3*" } } ] }""", "p",
                stop: TestContext.Current.CancellationToken),
            NullSink.Instance).Select(question => question.Template!.Model.Name).ToArray();
        Assert.InRange(records.Count, 17, int.MaxValue);
        Assert.Equal(names, records.Select(record => record.Model));
    }

    [Fact]
    public void The_id_of_the_hardware_is_not_that_of_its_state()
    {
        var one = HardwareIdentity.Of(Machine("A", "RTX 3090 + RTX 3060", 64, 20, "535.1"));
        var other = HardwareIdentity.Of(Machine("B", "RTX 3060 + RTX 3090", 63.7, 3, "550.2"));
        Assert.NotNull(one);
        Assert.Equal(one, other);
        Assert.NotEqual(one, HardwareIdentity.Of(Machine("A", "RTX 3090", 64)));
        Assert.NotEqual(one, HardwareIdentity.Of(Machine("A", "RTX 3090 + RTX 3060", 128)));
        Assert.Null(HardwareIdentity.Of(new MachineSpec { ComputerName = "A" }));
    }
}
