using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>A state of the fit: values of all parameters, and the classes.</summary>
internal sealed class Constants
{
    private static readonly string[] SpreadNames =
    {
        "Depth", "Cards", "CardsPrefill", "Host", "HostPrefill", "Sequences",
    };

    public Constants()
    {
        foreach (var parameter in Parameters.All) Values[parameter.Name] = parameter.Start;
        foreach (var name in SpreadNames) (Values[name + "Low"], Values[name + "High"]) = (1, 1);
    }

    private Constants(Constants other)
    {
        Values = new(other.Values);
        Classes = new(other.Classes);
    }

    public Dictionary<string, double> Values { get; } = new(StringComparer.Ordinal);

    public Dictionary<(string Class, string Engine), SpeedClass> Classes { get; } = new();

    /// <summary>Seconds that builds of 2024 took more a layer.</summary>
    public double OldLayerSeconds => Values["OldLayerMicroseconds"] * 1e-6;

    public SpeedTable Table() => new(
        Parameters.Engines.Select(name => Engine.Of(name, column => Values[$"{name}.{column}"])),
        Classes.Values,
        SpeedTerms.Of(name => Values[name]));

    public Constants Copy() => new(this);

    /// <summary>The same, with what a stage fits as before it.</summary>
    public Constants Without(Stage stage)
    {
        var copy = Copy();
        foreach (var parameter in Parameters.All)
            if (parameter.Stage == stage) copy.Values[parameter.Name] = parameter.Start;
        foreach (var (key, row) in Classes)
        {
            var isProcessor = key.Engine == nameof(ComputeBackend.Cpu);
            if (stage == (isProcessor ? Stage.ProcessorPrefill : Stage.Prefill))
                copy.Classes[key] = row with { PrefillShare = null, FlopsPerWatt = null };
            if (stage == Stage.Processor && isProcessor) copy.Classes[key] = row with { OperationsFactor = 1 };
        }

        return copy;
    }
}
