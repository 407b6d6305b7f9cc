using System.Globalization;

namespace ModelFit;

/// <summary>Sizes as people write them. Binary, as PowerShell's own literals are: <c>24GB</c> is 24 GiB.</summary>
public static class SizeText
{
    /// <summary>More than any machine or card has, in bytes.</summary>
    internal const long Most = 1L << 50;

    private static readonly Dictionary<string, int> Shifts = new(StringComparer.OrdinalIgnoreCase)
    {
        [""] = 0, ["B"] = 0,
        ["K"] = 10, ["KB"] = 10, ["KiB"] = 10,
        ["M"] = 20, ["MB"] = 20, ["MiB"] = 20,
        ["G"] = 30, ["GB"] = 30, ["GiB"] = 30,
        ["T"] = 40, ["TB"] = 40, ["TiB"] = 40,
        ["P"] = 50, ["PB"] = 50, ["PiB"] = 50,
    };

    /// <summary>
    /// What inventories write where nothing is known: English, German, French, Spanish and Portuguese, Italian, Dutch,
    /// Polish, Russian, Chinese, Japanese, Korean.
    /// </summary>
    private static readonly HashSet<string> Blanks = new(StringComparer.OrdinalIgnoreCase)
    {
        "N/A", "NA", "n.a.", "not available", "not applicable", "not supported", "unknown", "null", "none",
        "unbekannt", "k.A.", "k. A.", "keine Angabe", "keine", "nicht verfügbar", "n. v.",
        "inconnu", "inconnue", "non disponible", "aucun", "aucune", "n.c.",
        "desconocido", "desconocida", "no disponible", "ninguno", "ninguna", "desconhecido", "nenhum", "nenhuma",
        "sconosciuto", "sconosciuta", "nessuno", "nessuna", "onbekend", "geen", "n.v.t.", "nieznany", "nieznana", "brak",
        "неизвестно", "нет", "未知", "无", "不明", "なし", "알 수 없음", "없음",
    };

    /// <summary>
    /// Bytes of a size such as <c>24GB</c>, <c>24 GiB</c>, <c>24576MiB</c>, <c>25769803776</c>; invariant culture, a
    /// comma is an error. False if the text is not a size.
    /// </summary>
    public static bool TryParse(string text, out long bytes)
    {
        bytes = 0;
        var trimmed = text.Trim();
        var end = trimmed.Length;
        while (end > 0 && !char.IsDigit(trimmed[end - 1]) && trimmed[end - 1] != '.') end--;
        if (!Shifts.TryGetValue(trimmed.Substring(end).Trim(), out var shift)) return false;
        const NumberStyles style = NumberStyles.AllowDecimalPoint;
        if (!decimal.TryParse(trimmed.Substring(0, end), style, CultureInfo.InvariantCulture, out var number))
            return false;
        if (number > (decimal)long.MaxValue / (1L << shift)) return false;
        bytes = (long)decimal.Round(number * (1L << shift));
        return true;
    }

    /// <summary>
    /// Whether a text means "not given" in inventories: blank, <c>[N/A]</c>, <c>-</c>, <c>unbekannt</c>, …
    /// </summary>
    public static bool IsBlank(string? text)
    {
        var trimmed = text?.Trim().Trim('[', ']', '(', ')', '<', '>').Trim();
        return string.IsNullOrEmpty(trimmed) || trimmed!.All(c => c is '-' or '?' or '–' or '—')
            || Blanks.Contains(trimmed!);
    }

    /// <summary>Bytes in GiB with one decimal, for example <c>63.1 GiB</c>.</summary>
    public static string Gib(long bytes) =>
        (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture) + " GiB";
}
