using ModelFit.Models;

namespace ModelFit.Speed;

/// <summary>Numbers of weights by the way in which they are stored.</summary>
internal readonly record struct WeightCount(double Plain, double Block, double Super, double Table, double Micro)
{
    /// <summary>All of them.</summary>
    public double Sum => Plain + Block + Super + Table + Micro;

    /// <summary>A number of weights of one kind.</summary>
    public static WeightCount Of(WeightKind kind, double weights) => kind switch
    {
        WeightKind.Plain => new(weights, 0, 0, 0, 0),
        WeightKind.Block => new(0, weights, 0, 0, 0),
        WeightKind.Super => new(0, 0, weights, 0, 0),
        WeightKind.Micro => new(0, 0, 0, 0, weights),
        _ => new(0, 0, 0, weights, 0),
    };

    /// <summary>The sum of the weights, each kind times its factor.</summary>
    public double Weighted(in WeightCount factors) => (Plain * factors.Plain) + (Block * factors.Block)
        + (Super * factors.Super) + (Table * factors.Table) + (Micro * factors.Micro);

    /// <summary>A share of all of them.</summary>
    public static WeightCount operator *(WeightCount count, double share) => new(
        count.Plain * share, count.Block * share, count.Super * share, count.Table * share, count.Micro * share);

    /// <summary>Both together.</summary>
    public static WeightCount operator +(WeightCount one, WeightCount other) => new(
        one.Plain + other.Plain,
        one.Block + other.Block,
        one.Super + other.Super,
        one.Table + other.Table,
        one.Micro + other.Micro);
}
