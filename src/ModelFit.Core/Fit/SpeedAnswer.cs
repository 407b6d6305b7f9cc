using ModelFit.Placement;
using ModelFit.Speed;

namespace ModelFit.Fit;

/// <summary>The answer of <c>Measure-ModelSpeed</c>: a line a device and term, the total of each phase last.</summary>
internal static class SpeedAnswer
{
    /// <summary>The lines of a decision; none where its speed is not known.</summary>
    public static IReadOnlyList<SpeedEstimate> Of(FitCase fit, PlacedModel placed, IMessageSink messages)
    {
        if (PlacementSpeed.Of(fit, placed, messages) is not { } speed) return new List<SpeedEstimate>();
        var basis = PlacementSpeed.Basis(fit, placed);
        var step = speed.Times.Sum(time => time.Sum);
        var read = speed.PrefillSeconds.Sum();
        var lines = new List<SpeedEstimate>();
        for (var i = 0; i < speed.Times.Count; i++)
        {
            foreach (var (term, seconds) in Terms(speed.Times[i]))
                if (seconds > 0) lines.Add(Line("Decode", i, term, seconds, step));
        }

        lines.Add(Total("Decode", step, speed.Decode));
        for (var i = 0; i < speed.PrefillSeconds.Count; i++)
            if (speed.PrefillSeconds[i] > 0) lines.Add(Line("Prefill", i, "Prompt", speed.PrefillSeconds[i], read));
        lines.Add(Total("Prefill", read, speed.Prefill));
        return lines;

        SpeedEstimate Line(string phase, int device, string term, double seconds, double all) => new(fit.Answered)
        {
            Backend = fit.Machine.Backend.ToString(),
            Phase = phase,
            Device = PlacementSpeed.DeviceName(placed, device),
            Term = term,
            Seconds = seconds,
            Share = seconds / all,
            SpeedBasis = basis,
            Known = new(() => (Accuracy.Approximate, Knowledge.Of(fit, placed.Memory, placed).Assumptions)),
        };

        SpeedEstimate Total(string phase, double seconds, SpeedFigure figure) => new(fit.Answered)
        {
            Backend = fit.Machine.Backend.ToString(),
            Phase = phase,
            Device = "All",
            Term = "Total",
            Seconds = seconds,
            Share = 1,
            TokensPerSecond = figure.Expected,
            TokensPerSecondLow = figure.Low,
            TokensPerSecondHigh = figure.High,
            SpeedBasis = basis,
            Known = new(() => (Accuracy.Approximate, Knowledge.Of(fit, placed.Memory, placed).Assumptions)),
        };
    }

    private static (string Term, double Seconds)[] Terms(DecodeTime time) => new[]
    {
        ("Bandwidth", time.Bandwidth), ("Compute", time.Compute), ("Cache", time.Cache), ("Launch", time.Launch),
        ("Link", time.Link), ("Queue", time.Queue),
    };
}
