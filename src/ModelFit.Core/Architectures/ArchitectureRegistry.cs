using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using ModelFit.Models;

namespace ModelFit.Architectures;

/// <summary>
/// All architectures by name. To add some: write one file with a static class (a family: see
/// <see cref="DecoderFamily"/>) whose <c>All</c> yields <see cref="Architecture"/> records, and name it in
/// <see cref="Families"/>. An architecture that only differs by flags is one line there; another order of blocks is a
/// <see cref="Architecture.Compose"/> method over <see cref="Graph.Blocks.GraphBuilder"/>, which may get further blocks as
/// partial files of its own. What was not compared with llama.cpp carries <see cref="Accuracy.Modelled"/>.
/// </summary>
internal static partial class ArchitectureRegistry
{
    private static readonly Lazy<Dictionary<string, Architecture>> ByName = new(Load);

    private static readonly ConditionalWeakTable<ModelDefinition, Architecture> Taken = new();

    /// <summary>The architecture of a model: its own, or what one that is not known is taken for.</summary>
    public static Architecture Find(ModelDefinition model) =>
        ByName.Value.TryGetValue(model.Architecture, out var known) ? known : Taken.GetValue(model, Likely);

    /// <summary>All architectures of the registry.</summary>
    public static IEnumerable<Architecture> All => ByName.Value.Values;

    /// <summary>Whether the architecture is in the registry.</summary>
    public static bool Knows(string name) => ByName.Value.ContainsKey(name);

    private static Dictionary<string, Architecture> Load()
    {
        var byName = new Dictionary<string, Architecture>(StringComparer.Ordinal);
        foreach (var family in Families)
            foreach (var architecture in family()) byName.Add(architecture.Name, architecture);
        return byName;
    }
}
