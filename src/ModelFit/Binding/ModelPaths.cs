using System.IO;
using System.Management.Automation;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Common.Remote;
using ModelFit.Formats;

namespace ModelFit.Binding;

/// <summary>Paths as the shell understands them: relative to its own location, with wildcards or literally.</summary>
internal static class ModelPaths
{
    /// <summary>
    /// Whether a text names a file or folder rather than a model. The bare name of a file that is not here is that of
    /// a model if the catalog knows it.
    /// </summary>
    public static bool IsPath(PSCmdlet cmdlet, string text)
    {
        if (ModelFiles.LooksLikePath(text)) return !IsNameOfModel(cmdlet, text);
        return text.IndexOfAny(new[] { '/', '\\' }) >= 0 && Existing(cmdlet, text) is not null;
    }

    private static bool IsNameOfModel(PSCmdlet cmdlet, string text)
    {
        if (text.IndexOfAny(new[] { '*', '~' }) >= 0 || Existing(cmdlet, text) is not null) return false;
        return PublishedModels.Knows(text);
    }

    /// <summary>The full paths that a path with wildcards stands for; itself if it exists literally.</summary>
    public static IReadOnlyList<string> Expand(PSCmdlet cmdlet, string path)
    {
        var literal = Literal(cmdlet, path);
        if (File.Exists(literal)) return new[] { literal };
        if (!WildcardPattern.ContainsWildcardCharacters(path))
            return new[] { Literal(cmdlet, WildcardPattern.Unescape(path)) };
        return Provided(path, () => cmdlet.GetResolvedProviderPathFromPSPath(path, out _).ToArray());
    }

    /// <summary>The full path of a file or folder that exists; null if it does not.</summary>
    public static string? Existing(PSCmdlet cmdlet, string path)
    {
        try
        {
            var full = Literal(cmdlet, path);
            return File.Exists(full) || Directory.Exists(full) ? full : null;
        }
        catch (ModelFitException)
        {
            return null;
        }
    }

    /// <summary>The full path that a path literally is.</summary>
    public static string Literal(PSCmdlet cmdlet, string path) =>
        Provided(path, () => cmdlet.SessionState.Path.GetUnresolvedProviderPathFromPSPath(path));

    /// <summary>
    /// The full path that a path of a record literally is. One of another computer is an address, which has to be
    /// typed: Windows shows who the user is to whoever it names.
    /// </summary>
    public static string OfRecord(PSCmdlet cmdlet, string path) =>
        IsShare(path) ? throw NotTyped(path) : Literal(cmdlet, path);

    /// <summary>Whether a path, also one behind the name of its provider, names another computer or a device.</summary>
    public static bool IsShare(string path)
    {
        var provider = path.IndexOf("::", StringComparison.Ordinal);
        var plain = provider < 0 ? path : path.Substring(provider + 2);
        return plain.StartsWith(@"\\", StringComparison.Ordinal)
            || (plain.StartsWith("//", StringComparison.Ordinal) && Path.DirectorySeparatorChar == '\\');
    }

    /// <summary>What is said of an address, or of a path of another computer, that nobody typed.</summary>
    public static ModelFitException NotTyped(string address) => new(
        ErrorIds.InvalidArgument,
        $"'{(IsShare(address) ? address : AddressText.Show(address))}' is an address from the pipeline, which is not "
            + "fetched; read it with Get-ModelSpec -Uri, or with -Path if it is in a shared folder.",
        AddressText.Show(address));

    private static T Provided<T>(string path, Func<T> resolve)
    {
        try
        {
            var resolved = resolve();
            if (resolved is "" || resolved is string text && text.IndexOf('\0') >= 0)
                throw new ArgumentException("It is not a path.");
            return resolved;
        }
        catch (Exception error) when (error is SessionStateException or NotSupportedException
            or ArgumentException or InvalidOperationException)
        {
            throw FileOpener.Unreadable(path, error);
        }
    }
}
