using System;
using System.Collections.Generic;
using System.Linq;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>A state of the fit: values of all parameters, and the classes.</summary>
internal sealed class Constants
{
    private static readonly string[] SpreadNames = { "Depth", "Cards", "Host", "Sequences" };

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

    /// <summary>The same, with prefill as before its fit.</summary>
    public Constants WithoutPrefill()
    {
        var copy = Copy();
        foreach (var parameter in Parameters.All)
            if (parameter.Stage == Stage.Prefill) copy.Values[parameter.Name] = parameter.Start;
        foreach (var key in Classes.Keys)
            copy.Classes[key] = Classes[key] with { PrefillShare = null, FlopsPerWatt = null };
        return copy;
    }
}
