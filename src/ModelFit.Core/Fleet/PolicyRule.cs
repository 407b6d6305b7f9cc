namespace ModelFit.Fleet;

/// <summary>A policy: what must hold on which machines.</summary>
/// <param name="Rules">The rules in their order.</param>
internal sealed record Policy(IReadOnlyList<PolicyRule> Rules);

/// <summary>One rule of a policy.</summary>
/// <param name="Name">Its name, unlike any other's.</param>
/// <param name="Machines">Which machines it is about.</param>
/// <param name="Except">Which of them it is not about.</param>
/// <param name="Require">What must hold there.</param>
/// <param name="Severity"><c>error</c>, <c>warning</c> or <c>info</c>.</param>
internal sealed record PolicyRule(
    string Name, MachineFilter Machines, MachineFilter? Except, Requirement Require, string Severity);

/// <summary>What must hold on a machine; what is null is not demanded.</summary>
internal sealed record Requirement
{
    /// <summary>Models by name or wildcard; each of them is demanded.</summary>
    public IReadOnlyList<string> Models { get; init; } = [];

    /// <summary>Quantization by name.</summary>
    public string? Quantization { get; init; }

    /// <summary>Tokens each sequence can hold.</summary>
    public int? ContextLength { get; init; }

    /// <summary>Users at the same time: parallel sequences.</summary>
    public int? Users { get; init; }

    /// <summary>The runtime.</summary>
    public ModelRuntime? Runtime { get; init; }

    /// <summary>Element type of both caches.</summary>
    public KvCacheType? KvCacheType { get; init; }

    /// <summary>Bytes kept free on each card.</summary>
    public long? ReserveBytes { get; init; }

    /// <summary>Whether total memory counts even where free memory was detected.</summary>
    public bool IgnoreUsage { get; init; }

    /// <summary>The least verdict that is accepted.</summary>
    public string Accept { get; init; } = "Fits";

    /// <summary>The least speed of each sequence.</summary>
    public double? MinimumTokensPerSecond { get; init; }

    /// <summary>Licences that are accepted, as SPDX names or wildcards; empty for any.</summary>
    public IReadOnlyList<string> Licenses { get; init; } = [];

    /// <summary>The least free memory of all cards together, in bytes.</summary>
    public long? MinimumFreeGpuMemoryBytes { get; init; }

    /// <summary>The oldest driver of any card.</summary>
    public string? MinimumDriverVersion { get; init; }
}
