using System.Globalization;
using System.Reflection;
using ModelFit.Common;

namespace ModelFit.Fleet;

/// <summary>
/// Which machines a rule is about: a wildcard, or several, for any property of a machine or of one of its cards. All
/// properties must match, of several wildcards one.
/// </summary>
internal sealed class MachineFilter
{
    private static readonly Dictionary<string, PropertyInfo> OfMachine = Properties<MachineSpec>();
    private static readonly Dictionary<string, PropertyInfo> OfGpu = Properties<GpuSpec>();

    private readonly IReadOnlyList<(string Property, Wildcard[] Patterns)> _conditions;

    /// <summary>Creates a filter; without conditions every machine matches.</summary>
    public MachineFilter(IReadOnlyList<(string Property, Wildcard[] Patterns)> conditions) =>
        _conditions = conditions;

    /// <summary>Every property that a condition can be about.</summary>
    public static IEnumerable<string> PropertyNames => OfMachine.Keys.Concat(OfGpu.Keys).Distinct();

    /// <summary>Whether there is such a property.</summary>
    public static bool Knows(string property) => OfMachine.ContainsKey(property) || OfGpu.ContainsKey(property);

    /// <summary>Whether a machine matches; null if that depends on a property that is not known of it.</summary>
    /// <param name="machine">The machine; of one that failed, what is known of it.</param>
    /// <param name="isSeen">Whether it answered, so that what is null is known not to be there.</param>
    public bool? Matches(MachineSpec machine, bool isSeen)
    {
        bool? matches = true;
        foreach (var (property, patterns) in _conditions)
        {
            var values = Values(machine, property).OfType<string>().ToArray();
            if (values.Any(value => patterns.Any(pattern => pattern.IsMatch(value)))) continue;
            if (isSeen || values.Length > 0) return false;
            matches = null;
        }

        return matches;
    }

    private static IEnumerable<string?> Values(MachineSpec machine, string property)
    {
        var own = OfMachine.TryGetValue(property, out var known) ? Text(known.GetValue(machine)) : null;
        if (own is not null || !OfGpu.TryGetValue(property, out var ofCard)) return new[] { own };
        return machine.Gpus.Select(card => Text(ofCard.GetValue(card)));
    }

    private static string? Text(object? value) => value is null ? null
        : Convert.ToString(value, CultureInfo.InvariantCulture);

    private static Dictionary<string, PropertyInfo> Properties<T>() => typeof(T).GetProperties()
        .Where(property => !property.PropertyType.IsArray)
        .ToDictionary(property => property.Name, StringComparer.OrdinalIgnoreCase);
}
