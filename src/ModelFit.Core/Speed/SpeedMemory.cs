using System;
using System.Runtime.CompilerServices;

namespace ModelFit.Speed;

/// <summary>
/// The speed of a card or a processor, kept with it for the conditions that were asked last: in a search and in a fleet
/// most predictions ask the same.
/// </summary>
/// <typeparam name="T">What has the speed; it does not change.</typeparam>
internal sealed class SpeedMemory<T>
    where T : class
{
    private readonly ConditionalWeakTable<T, StrongBox<Known>> _known = new();

    /// <summary>The speed under conditions, computed if it was not asked last.</summary>
    public DeviceSpeed? Get(T device, in SpeedConditions asked, Func<T, SpeedConditions, DeviceSpeed?> compute)
    {
        var box = _known.GetOrCreateValue(device);
        if (box.Value is { } known && known.Asked.Equals(asked)) return known.Speed;
        var speed = compute(device, asked);
        box.Value = new Known(asked, speed);
        return speed;
    }

    private sealed record Known(SpeedConditions Asked, DeviceSpeed? Speed);
}

/// <summary>What the speed of a device depends on beside it.</summary>
/// <param name="Table">The constants.</param>
/// <param name="Engine">What runs on it.</param>
/// <param name="Bandwidth">Bytes a second of system memory; null or 0 where nothing lies there.</param>
/// <param name="PowerLimit">Watts that it may draw; null is its own limit.</param>
internal readonly record struct SpeedConditions(
    SpeedTable Table, Engine? Engine, double? Bandwidth, int? PowerLimit);
