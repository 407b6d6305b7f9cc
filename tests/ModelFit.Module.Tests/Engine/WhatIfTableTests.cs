using System.Globalization;
using System.Management.Automation;
using Xunit;
using static ModelFit.Module.Tests.Engine.ModuleSession;

namespace ModelFit.Module.Tests.Engine;

/// <summary>
/// Every part of the question typed over every kind of object, live and come back: the answer says what was typed, and
/// of everything else what the object said.
/// </summary>
public class WhatIfTableTests
{
    /// <summary>Typed words, the columns of the answer that they change, and what those say then.</summary>
    private static readonly (string Typed, string Columns, string Said)[] Parts =
    [
        ("-Model qwen3-14b", "Model", "Qwen/Qwen3-14B"),
        ("-Gpu 'RTX 3060 12GB'", "Gpu GpuCount GpuMemoryBytes", "NVIDIA GeForce RTX 3060|1|12884901888"),
        ("-GpuCount 3", "Gpu GpuCount", "3x NVIDIA GeForce RTX 3090|3"),
        ("-GpuMemory 48GB", "Gpu GpuMemoryBytes", "2x NVIDIA GeForce RTX 3090 (48 GiB)|51539607552"),
        ("-SystemMemory 128GB", "SystemMemoryBytes", "137438953472"),
        ("-MemoryBandwidth 300GB/s", "MemoryBandwidth", "300000000000"),
        ("-Quantization Q8_0", "Quantization", "Q8_0"),
        ("-ContextLength 16k", "ContextLength", "16384"),
        ("-ParallelSequences 3", "ParallelSequences", "3"),
        ("-BatchSize 1024", "BatchSize", "1024"),
        ("-MicroBatchSize 256", "MicroBatchSize", "256"),
        ("-KeyCacheType Q8_0", "KeyCacheType", "Q8_0"),
        ("-ValueCacheType Q8_0", "ValueCacheType", "Q8_0"),
        ("-FlashAttention On", "FlashAttention", "On"),
        ("-Reserve 2GB", "ReserveBytes", "2147483648"),
        ("-RuntimeVersion b9500", "RuntimeVersion", "b9500"),
        ("-ActiveSequences 2", "ActiveSequences", "2"),
        ("-UsedContext 1000", "UsedContext", "1000"),
        ("-PromptLength 2000", "PromptLength", "2000"),
    ];

    private const string Pc =
        "(@{ ComputerName = 'pc'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } | ConvertTo-MachineSpec)";

    private static readonly Dictionary<string, string> Objects = new()
    {
        ["result"] = $"Test-ModelFit qwen3-8b -Quantization Q4_K_M -ContextLength 4096 -Machine {Pc}",
        ["plan"] = $"Get-OffloadPlan qwen3-8b -Quantization Q4_K_M -ContextLength 4096 -Machine {Pc}",
        ["machine"] = Pc,
    };

    public static TheoryData<string, string> Rows()
    {
        var rows = new TheoryData<string, string>();
        foreach (var way in new[] { "Live", "Serializer", "Csv", "Json" })
            foreach (var name in Objects.Keys) rows.Add(name, way);
        return rows;
    }

    [Theory]
    [MemberData(nameof(Rows))]
    public void A_typed_part_changes_itself_and_nothing_else(string name, string way)
    {
        using var session = new ModuleSession();
        var back = Back(Assert.Single(session.Run(Objects[name]).Output), way)!;
        var model = name == "machine" ? " -Quantization Q4_K_M -ContextLength 4096" : string.Empty;
        var usual = Columns(session, $"$rows | Test-ModelFit{Model(name, string.Empty)}{model}", back);
        foreach (var (typed, columns, said) in Parts)
        {
            var rest = typed.StartsWith("-Quantization", StringComparison.Ordinal) ? " -ContextLength 4096"
                : typed.StartsWith("-ContextLength", StringComparison.Ordinal) ? " -Quantization Q4_K_M"
                : model.Length > 0 ? " -Quantization Q4_K_M -ContextLength 4096" : string.Empty;
            var ask = $"$rows | Test-ModelFit {typed}{Model(name, typed)}{(model.Length > 0 ? rest : string.Empty)}";
            var answer = Columns(session, ask, back);
            var changed = columns.Split(' ');
            Assert.Equal((ask, said), (ask, string.Join('|', changed.Select(column => answer[column]))));
            foreach (var column in usual.Keys.Except(changed))
                Assert.Equal((ask, column, usual[column]), (ask, column, answer[column]));
        }
    }

    private static string Model(string name, string typed) =>
        name == "machine" && !typed.StartsWith("-Model", StringComparison.Ordinal) ? " -Model qwen3-8b" : string.Empty;

    private static Dictionary<string, string> Columns(ModuleSession session, string ask, object back)
    {
        var run = session.Run(ask, back);
        Assert.True(run.Errors.Count == 0, ask + ": " + string.Join("; ", run.Errors));
        PSObject answer = Assert.Single(run.Output);
        return Parts.SelectMany(part => part.Columns.Split(' ')).Append("ComputerName").Distinct().ToDictionary(
            column => column,
            column => Convert.ToString(answer.Properties[column]?.Value, CultureInfo.InvariantCulture) ?? string.Empty);
    }
}
