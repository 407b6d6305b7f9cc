using ModelFit.Common;

namespace ModelFit.Fleet;

/// <summary>What a rule can require: each member by its name, and how it is read.</summary>
internal static class PolicyRequirements
{
    private static readonly string[] Verdicts = { "Fits", "Tight", "Offload" };

    private static readonly Dictionary<string, Func<Requirement, PlacedValue, Requirement>> Members = new()
    {
        ["model"] = (all, value) => all with { Models = value.Texts() },
        ["quantization"] = (all, value) => all with { Quantization = value.Text() },
        ["contextLength"] = (all, value) => all with { ContextLength = value.Count() },
        ["users"] = (all, value) => all with { Users = value.Count() },
        ["runtime"] = (all, value) => all with { Runtime = value.Choice<ModelRuntime>() },
        ["kvCacheType"] = (all, value) => all with { KvCacheType = value.Choice<KvCacheType>() },
        ["reserve"] = (all, value) => all with { ReserveBytes = value.Size() },
        ["ignoreUsage"] = (all, value) => all with { IgnoreUsage = value.Flag() },
        ["accept"] = (all, value) => all with { Accept = value.Choice(Verdicts) },
        ["minimumTokensPerSecond"] = (all, value) => all with { MinimumTokensPerSecond = value.Number() },
        ["license"] = (all, value) => all with { Licenses = value.Texts() },
        ["minimumFreeGpuMemory"] = (all, value) => all with { MinimumFreeGpuMemoryBytes = value.Size() },
        ["minimumDriverVersion"] = (all, value) => all with { MinimumDriverVersion = Version(value) },
    };

    /// <summary>Members that say nothing without a model.</summary>
    private static readonly string[] OfModel =
    {
        "quantization", "contextLength", "users", "runtime", "kvCacheType", "reserve", "ignoreUsage", "accept",
        "minimumTokensPerSecond", "license",
    };

    /// <summary>The names of all members.</summary>
    public static IReadOnlyCollection<string> Names => Members.Keys;

    /// <summary>Reads what a rule requires.</summary>
    public static Requirement Read(PlacedValue node)
    {
        var requirement = new Requirement();
        var members = node.AsObject("what is required").Members().ToArray();
        if (members.Length == 0) throw node.Wrong("nothing is required; require a model, free memory or a driver");
        foreach (var (name, value) in members)
        {
            if (!Members.TryGetValue(name, out var read)) throw value.Unknown(name, Members.Keys);
            requirement = read(requirement, node.Find(name)!);
        }

        var lost = members.FirstOrDefault(member => requirement.Models.Count == 0 && OfModel.Contains(member.Name));
        return lost.Name is null ? requirement : throw lost.Value.Wrong($"'{lost.Name}' needs a model");
    }

    private static string Version(PlacedValue value)
    {
        var text = value.Texts()[0];
        return DriverVersions.IsVersion(text)
            ? text : throw value.Wrong($"'{text}' is not a version such as 550.54");
    }
}
