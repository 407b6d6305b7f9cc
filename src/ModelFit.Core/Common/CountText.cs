namespace ModelFit;

/// <summary>Counts as people write them: <c>8192</c>, <c>32k</c> (32768), <c>1M</c>; binary, invariant.</summary>
public static class CountText
{
    /// <summary>The whole number that a text stands for; false if it is not one or does not fit.</summary>
    public static bool TryParse(string text, out int count)
    {
        count = 0;
        var trimmed = text.Trim();
        if (trimmed.EndsWith("b", StringComparison.OrdinalIgnoreCase)) return false;
        if (!SizeText.TryParse(trimmed, out var number) || number > int.MaxValue) return false;
        if (trimmed.IndexOf('.') >= 0 && char.IsDigit(trimmed[trimmed.Length - 1])) return false;
        count = (int)number;
        return true;
    }
}
