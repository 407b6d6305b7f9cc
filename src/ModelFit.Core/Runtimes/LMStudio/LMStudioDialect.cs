using System;
using System.Globalization;

namespace ModelFit.Runtimes.LMStudio;

/// <summary>LM Studio's words: those of <c>lms load</c>.</summary>
internal sealed class LMStudioDialect : LaunchDialect
{
    private LMStudioDialect()
        : base(Words())
    {
    }

    /// <summary>The one instance.</summary>
    public static LMStudioDialect Instance { get; } = new();

    /// <inheritdoc/>
    protected override void ReadBare(LaunchLine line, string text, IMessageSink messages)
    {
        if (text is not "load") line.SetModel(line.Model ?? text);
    }

    private static LaunchWord[] Words() => new[]
    {
        Value((line, value) => line.TotalContext = Count(value, 1), "-c", "--context-length"),
        Value((line, value) => line.GpuShare = Share(value), "--gpu"),
        Value((line, value) => line.ParallelSequences = Count(value, 1), "--parallel"),
        Value((_, _) => { }, "--ttl"),
        Value((_, _) => { }, "--identifier"),
    };

    private static LaunchWord Value(Action<LaunchLine, string> apply, params string[] names) =>
        new(names, null, true, apply);

    private static double? Share(string value) => value.ToLowerInvariant() switch
    {
        "max" => 1,
        "off" => 0,
        "auto" => null,
        _ => double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var share)
            && share is >= 0 and <= 1
                ? share
                : throw new FormatException("off, max or a share from 0 to 1"),
    };
}
