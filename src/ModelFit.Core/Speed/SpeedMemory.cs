using ModelFit.Common;

namespace ModelFit.Speed;

/// <summary>
/// The speed of a card or a processor, kept with it for the conditions that were asked last: in a search and in a fleet
/// most predictions ask the same.
/// </summary>
/// <typeparam name="T">What has the speed; it does not change.</typeparam>
internal sealed class SpeedMemory<T>
    where T : class
{
    private readonly BoundedCache<T, Latest> _latest = new();

    /// <summary>The speed under conditions, computed if it was not asked last.</summary>
    public DeviceSpeed? Get(T device, in SpeedConditions asked, Func<T, SpeedConditions, DeviceSpeed?> compute)
    {
        var latest = _latest.Get(device, static _ => new Latest());
        if (latest.Known is { } known && known.Asked.Equals(asked)) return known.Speed;
        var speed = compute(device, asked);
        latest.Known = new Known(asked, speed);
        return speed;
    }

    private sealed class Latest
    {
        public Known? Known { get; set; }
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
