namespace ModelFit.Common.Remote;

/// <summary>The one way to show an address: without name, password, query and fragment.</summary>
internal static class AddressText
{
    /// <summary>An address as it may be shown.</summary>
    public static string Show(Uri address) =>
        address.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);

    /// <summary>The same of a text that may be none.</summary>
    public static string Show(string text)
    {
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0) return Show(address);
        var start = text.IndexOf("://", StringComparison.Ordinal);
        var end = text.IndexOfAny(new[] { '?', '#' });
        var shown = end < 0 ? text : text.Substring(0, end);
        var user = start < 0 ? -1 : shown.LastIndexOf('@');
        return user > start ? shown.Substring(0, start + 3) + shown.Substring(user + 1) : shown;
    }
}
