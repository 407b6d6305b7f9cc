namespace ModelFit.Speed;

/// <summary>Seconds that a device needs for one step of all sequences, by what they are spent on.</summary>
/// <param name="Bandwidth">Reading weights.</param>
/// <param name="Compute">What unpacking and multiplying add to that.</param>
/// <param name="Cache">Reading the filled cache.</param>
/// <param name="Launch">Starting the kernels, however small the work is.</param>
/// <param name="Link">Handing the step to the next device.</param>
/// <param name="Queue">What each further sequence adds: its slot, its sampling, its text.</param>
internal readonly record struct DecodeTime(
    double Bandwidth, double Compute, double Cache, double Launch, double Link, double Queue)
{
    /// <summary>All of it.</summary>
    public double Sum => Bandwidth + Compute + Cache + Launch + Link + Queue;

    /// <summary>Every term times a factor.</summary>
    public DecodeTime Scaled(double factor) => new(
        Bandwidth * factor, Compute * factor, Cache * factor, Launch * factor, Link * factor, Queue * factor);

    /// <summary>Both times, term by term.</summary>
    public DecodeTime Plus(in DecodeTime other) => new(
        Bandwidth + other.Bandwidth,
        Compute + other.Compute,
        Cache + other.Cache,
        Launch + other.Launch,
        Link + other.Link,
        Queue + other.Queue);
}
