using System.Globalization;

namespace ModelFit.Fleet.Reports;

/// <summary>What a report shows of a capacity plan, live or come back as text.</summary>
/// <param name="Name">The model with its quantization.</param>
/// <param name="Where">Machines and cards.</param>
/// <param name="Outcome">How the demand stands.</param>
/// <param name="Reason">The sentences with the numbers.</param>
/// <param name="LoadCurve">Latency against users, as the plan writes it; null if it does not run.</param>
/// <param name="CommandLine">The launch lines; null for none.</param>
internal sealed record CapacityFacts(
    string Name, string? Where, string Outcome, string Reason, string? LoadCurve, string? CommandLine)
{
    /// <summary>The points of the curve: users, seconds to the first token, tokens a second of each user.</summary>
    public IReadOnlyList<(int Users, double FirstToken, double Rate)> Points => (LoadCurve ?? string.Empty)
        .Split(';').Select(part => part.Trim().Split(' ')).Where(words => words.Length == 3)
        .Select(words => (Users: Number(words[0]), FirstToken: Number(words[1]), Rate: Number(words[2])))
        .Where(point => point is { Users: >= 1, FirstToken: >= 0, Rate: >= 0 })
        .Select(point => ((int)point.Users, point.FirstToken, point.Rate)).ToArray();

    /// <summary>The plan as a record, whose demand is that everything asked for is kept.</summary>
    public AuditRecord ToRecord() => new()
    {
        Gpu = Where,
        Model = Name,
        CatalogVersion = Fleet.CatalogVersion.Current,
        Compliance = (Outcome == "Meets" ? Compliance.Compliant
            : Outcome == "Unknown" ? Compliance.Unknown : Compliance.Violated).ToString(),
        Rule = "capacity",
        Reason = Reason,
    };

    private static double Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : -1;
}

/// <summary>What a report shows of one replica of a fleet's plan, live or come back as text.</summary>
/// <param name="Model">The model.</param>
/// <param name="Replica">Which of its replicas.</param>
/// <param name="ComputerName">Its machine; null without a place.</param>
/// <param name="Label">The machine's label.</param>
/// <param name="Gpu">The machine's cards as text.</param>
/// <param name="Cards">Those that carry it.</param>
/// <param name="RequiredBytes">Bytes that it takes.</param>
/// <param name="HeadroomBytes">Bytes left there when all is placed.</param>
/// <param name="Reason">The sentence with the numbers.</param>
internal sealed record PlacementFacts(
    string Model, int Replica, string? ComputerName, string? Label, string? Gpu, string? Cards, long RequiredBytes,
    long HeadroomBytes, string Reason)
{
    /// <summary>Whether it has a place.</summary>
    public bool IsPlaced => Cards is not null;

    /// <summary>The replica as a record, whose demand is a place.</summary>
    public AuditRecord ToRecord() => new()
    {
        ComputerName = ComputerName,
        Gpu = Gpu,
        Model = Model,
        CatalogVersion = Fleet.CatalogVersion.Current,
        RequiredBytes = RequiredBytes,
        HeadroomBytes = HeadroomBytes,
        Compliance = (IsPlaced ? Compliance.Compliant : Compliance.Violated).ToString(),
        Rule = "placement",
        Reason = Reason,
    };
}
