using System.Globalization;
using ModelFit.Placement;

namespace ModelFit.Runtimes;

/// <summary>
/// The cards of a machine that a variable such as <c>CUDA_VISIBLE_DEVICES</c> shows its program, by number or by UUID
/// or its beginning, in the order that the program counts them. What names no card ends the list (CUDA C++ Programming
/// Guide, environment variables).
/// </summary>
internal static class VisibleCards
{
    private static readonly string[] Identifiers = { "GPU-", "MIG-" };

    /// <summary>The cards that a variable's value names.</summary>
    public static EquatableArray<string> Read(string value)
    {
        var names = value.Split(',').Select(name => name.Trim()).Where(name => name.Length > 0).ToArray();
        return names.All(name => IsIdentifier(name) || NumberIn(name) is not null)
            ? new EquatableArray<string>(names)
            : throw new FormatException("cards by number or UUID, such as 0,1");
    }

    /// <summary>The question with the cards that are shown, and chosen among them, by their numbers.</summary>
    public static FitQuestion Numbered(FitQuestion question)
    {
        if (question.VisibleDevices is not { } names) return question;
        var cards = question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        var order = DeviceOrder.Of(cards, MachineBudget.BackendOf(question));
        var shown = new List<int>();
        foreach (var name in names)
        {
            var number = NumberIn(name) ?? Array.FindIndex(order, card => IsOf(name, cards[card].Uuid));
            if (number < 0 && IsIdentifier(name) && cards.Any(card => card.Uuid is null))
            {
                if (cards.Length > 1) return WithAll(question, name);
                number = 0;
            }

            if (number < 0 || number >= cards.Length) break;
            shown.Add(number);
        }

        var chosen = question.Devices is { } places
            ? places.Where(place => place < shown.Count).Select(place => shown[place])
            : shown;
        return question with
        {
            VisibleDevices = null,
            Devices = new EquatableArray<int>(chosen),
            Options = question.Options with { MainGpu = MainOf(question.Options, chosen.ToArray()) },
        };
    }

    /// <summary>
    /// The number of the one card that is used (<c>-sm none -mg</c>), which is told by its place among those that take
    /// part.
    /// </summary>
    public static int MainOf(RuntimeOptions options, IReadOnlyList<int>? numbers) =>
        options.SplitMode == GpuSplitMode.None && numbers?.Count > options.MainGpu
            ? numbers[options.MainGpu]
            : options.MainGpu;

    private static FitQuestion WithAll(FitQuestion question, string name) => question with
    {
        VisibleDevices = null,
        Uncounted = new EquatableArray<string>((question.Uncounted ?? Enumerable.Empty<string>())
            .Append($"which card has the UUID {name} is not known, so all are counted")),
    };

    private static bool IsIdentifier(string name) =>
        Identifiers.Any(start => name.StartsWith(start, StringComparison.OrdinalIgnoreCase));

    private static bool IsOf(string name, string? uuid) =>
        uuid?.StartsWith(name, StringComparison.OrdinalIgnoreCase) == true;

    /// <summary>The number of a card; -1 shows none.</summary>
    private static int? NumberIn(string name) =>
        int.TryParse(name, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? Math.Max(-1, number)
            : null;
}
