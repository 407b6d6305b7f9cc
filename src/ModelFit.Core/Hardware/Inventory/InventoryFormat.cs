using System.Globalization;
using System.Threading;

namespace ModelFit.Hardware.Inventory;

/// <summary>What a reader needs beside its text.</summary>
/// <param name="Origin">File or command of the text, for messages.</param>
/// <param name="Messages">Where assumptions and skipped parts are said.</param>
/// <param name="Failed">Takes the failure of one row or machine.</param>
/// <param name="Catalog">Tells names of cards from other text; null where no text is a list of cards.</param>
internal sealed record ReadContext(
    string? Origin, IMessageSink Messages, Action<ModelFitException> Failed, IGpuLookup? Catalog = null)
{
    /// <summary>Ends the reading.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Whose numbers the text has; null for those that say it themselves.</summary>
    public CultureInfo? Culture { get; init; }

    private readonly Dictionary<string, IReadOnlyList<(string Name, int Count)>> _cards = new(StringComparer.Ordinal);

    /// <summary>The cards that a cell names; rows of an inventory name the same few again and again.</summary>
    public IReadOnlyList<(string Name, int Count)> Cards(string text)
    {
        if (!_cards.TryGetValue(text, out var cards))
            _cards[text] = cards = CardText.Read(text, name => Catalog?.IsCard(name) == true, Messages);
        return cards;
    }

    /// <summary>A failure about this text.</summary>
    public ModelFitException Damaged(string message, object? target = null) => new(
        ErrorIds.UnknownInventory, $"{Origin ?? "The text"}: {message}", target ?? Origin);
}

/// <summary>One kind of export: how it is recognized and read.</summary>
/// <param name="Name">The command or file, as the user knows it.</param>
/// <param name="LooksFor">What it is recognized by, for the message about a text that nothing recognizes.</param>
/// <param name="Recognizes">Whether a text is of this kind.</param>
/// <param name="Read">Reads a text of this kind.</param>
internal sealed record InventoryFormat(
    string Name,
    string LooksFor,
    Func<InventoryText, bool> Recognizes,
    Func<InventoryText, ReadContext, IEnumerable<DetectedMachine>> Read)
{
    /// <summary>Whether it is read by the meaning of words and not by the form of one tool.</summary>
    public bool IsGeneral { get; init; }
}
