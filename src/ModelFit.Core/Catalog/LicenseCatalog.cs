using ModelFit.Common;

namespace ModelFit.Catalog;

/// <summary>
/// What is known of a licence: a summary that points to its text and does not replace it. The conditions are recalled,
/// not compared with the texts.
/// </summary>
/// <param name="Name">As the catalog of models calls it.</param>
/// <param name="Spdx">Its identifier of the SPDX list, else a <c>LicenseRef-</c> of its name.</param>
/// <param name="Conditions">What it asks beyond notices, parts joined by <c>; </c>; null if nothing.</param>
internal sealed record LicenseFacts(string Name, string Spdx, string? Conditions);

/// <summary>The licences that are known by name.</summary>
internal static class LicenseCatalog
{
    private static readonly Lazy<Dictionary<string, LicenseFacts>> Known = new(() => EmbeddedText.Rows("licences.tsv")
        .Select(cells => new LicenseFacts(cells[0], cells[1], cells[2].Length == 0 ? null : cells[2]))
        .ToDictionary(license => license.Name, StringComparer.OrdinalIgnoreCase));

    /// <summary>The licence of a name; null if it is not known.</summary>
    public static LicenseFacts? Find(string? name) =>
        name is not null && Known.Value.TryGetValue(name, out var license) ? license : null;
}
