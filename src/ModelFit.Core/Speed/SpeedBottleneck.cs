namespace ModelFit.Speed;

/// <summary>What most of the time of a written token is spent on.</summary>
internal enum SpeedBottleneck
{
    /// <summary>Reading weights and caches from a card's memory.</summary>
    Bandwidth,

    /// <summary>Unpacking and multiplying.</summary>
    Compute,

    /// <summary>Launching kernels.</summary>
    Launch,

    /// <summary>Reading what lies in system memory, and computing with it.</summary>
    HostMemory,

    /// <summary>Passing on from one device to the next.</summary>
    Link,

    /// <summary>Serving many sequences at once.</summary>
    Queue,
}
