using System.Globalization;
using static ModelFit.Common.NumberText;

namespace ModelFit.Fleet.Reports;

/// <summary>Figures as reports write them, in no country's own way.</summary>
internal static class Figure
{
    /// <summary>Bytes in GiB; null is <c>unknown</c>.</summary>
    public static string Bytes(long? bytes) => bytes is { } known ? SizeText.Gib(known) : "unknown";

    /// <summary>A speed, with its interval where that is known; null if there is none.</summary>
    public static string? Speed(double? rate, double? low = null, double? high = null) =>
        rate is not { } expected ? null
        : low is { } least && high is { } most
            ? $"{Rate(expected)} tokens/s (80 %: {Rate(least)} to {Rate(most)})"
            : $"about {Rate(expected)} tokens/s";

    /// <summary>Tokens: <c>8k</c> for 8192.</summary>
    public static string Tokens(int tokens) => tokens % 1024 == 0 ? Number(tokens / 1024) + "k" : Number(tokens);

    /// <summary>A time in UTC.</summary>
    public static string Time(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
