using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Runtimes;

namespace ModelFit.Binding;

/// <summary>The parts of a question that can be bound, as flags.</summary>
[Flags]
internal enum QuestionFields
{
    None = 0,
    Model = 1 << 0,
    Gpu = 1 << 1,
    GpuCount = 1 << 2,
    GpuMemory = 1 << 3,
    SystemMemory = 1 << 4,
    Machine = 1 << 5,
    Quantization = 1 << 6,
    ContextLength = 1 << 7,
    ParallelSequences = 1 << 8,
    BatchSize = 1 << 9,
    MicroBatchSize = 1 << 10,
    KeyCacheType = 1 << 11,
    ValueCacheType = 1 << 12,
    FlashAttention = 1 << 13,
    Runtime = 1 << 14,
    CommandLine = 1 << 15,
    Reserve = 1 << 16,
    Hardware = Gpu | GpuCount | GpuMemory | SystemMemory | Machine,
    All = ~0,
}

/// <summary>What one source says of a question; null where it says nothing.</summary>
internal sealed record QuestionInput
{
    public static QuestionInput Empty { get; } = new();

    public IReadOnlyList<ModelReference>? Models { get; init; }

    public IReadOnlyList<GpuReference>? Gpus { get; init; }

    public IReadOnlyList<int>? GpuCounts { get; init; }

    public long? GpuMemory { get; init; }

    public long? SystemMemory { get; init; }

    public IReadOnlyList<MachineReference>? Machines { get; init; }

    public IReadOnlyList<string>? Quantizations { get; init; }

    public IReadOnlyList<int>? ContextLengths { get; init; }

    public int? ParallelSequences { get; init; }

    public int? BatchSize { get; init; }

    public int? MicroBatchSize { get; init; }

    public KvCacheType? KeyCacheType { get; init; }

    public KvCacheType? ValueCacheType { get; init; }

    public FlashAttentionMode? FlashAttention { get; init; }

    public ModelRuntime? Runtime { get; init; }

    public string? CommandLine { get; init; }

    public long? Reserve { get; init; }

    /// <summary>Name of the computer in a row.</summary>
    public string? ComputerName { get; init; }

    /// <summary>What <see cref="CommandLine"/> says, once it was read.</summary>
    public LaunchLine? Line { get; init; }

    /// <summary>Whether the launch line is that of a running process, whose own memory is not free any more.</summary>
    public bool IsRunning { get; init; }

    /// <summary>
    /// Whether <see cref="GpuCounts"/> were typed over cards that something piped names: they are as many then.
    /// </summary>
    public bool IsRecounted { get; init; }

    /// <summary>With what a launch line says where nothing else does.</summary>
    public QuestionInput With(LaunchLine line) => this with
    {
        Line = line,
        Models = Models ?? (line.Model is null
            ? null
            : new[]
            {
                new ModelReference((object)line.Model) { IsPath = line.ModelIsPath, Alternative = line.FileName },
            }),
    };

    /// <summary>
    /// What is typed over what is piped. A typed card takes the place of the piped one with all that was known of it, a
    /// typed machine of the whole computer, a typed model of the file and its quantization.
    /// </summary>
    public QuestionInput Instead(QuestionInput piped)
    {
        if (Machines is not null) piped = piped.WithoutHardware();
        if (Gpus is not null) piped = piped with { GpuCounts = null, GpuMemory = null };
        var isFile = piped.Models is { } models && models.Any(model => model.IsPath);
        if (Models is not null && isFile) piped = piped with { Quantizations = null };
        return Over(piped) with { IsRecounted = GpuCounts is not null && Gpus is null };
    }

    private QuestionInput WithoutHardware() => this with
    {
        ComputerName = null, Machines = null, Gpus = null, GpuCounts = null, GpuMemory = null, SystemMemory = null,
    };

    /// <summary>This source over a lower one, part by part.</summary>
    public QuestionInput Over(QuestionInput lower) => ReferenceEquals(lower, Empty) ? this : new()
    {
        Models = Models ?? lower.Models,
        Gpus = Gpus ?? lower.Gpus,
        GpuCounts = GpuCounts ?? lower.GpuCounts,
        GpuMemory = GpuMemory ?? lower.GpuMemory,
        SystemMemory = SystemMemory ?? lower.SystemMemory,
        Machines = Machines ?? lower.Machines,
        Quantizations = Quantizations ?? lower.Quantizations,
        ContextLengths = ContextLengths ?? lower.ContextLengths,
        ParallelSequences = ParallelSequences ?? lower.ParallelSequences,
        BatchSize = BatchSize ?? lower.BatchSize,
        MicroBatchSize = MicroBatchSize ?? lower.MicroBatchSize,
        KeyCacheType = KeyCacheType ?? lower.KeyCacheType,
        ValueCacheType = ValueCacheType ?? lower.ValueCacheType,
        FlashAttention = FlashAttention ?? lower.FlashAttention,
        Runtime = Runtime ?? lower.Runtime,
        CommandLine = CommandLine ?? lower.CommandLine,
        Reserve = Reserve ?? lower.Reserve,
        ComputerName = ComputerName ?? lower.ComputerName,
    };
}
