using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Management.Automation;
using ModelFit.Catalog;
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

    private static T Provided<T>(string path, Func<T> resolve)
    {
        try
        {
            return resolve();
        }
        catch (Exception error) when (error is SessionStateException or NotSupportedException
            or ArgumentException or InvalidOperationException)
        {
            throw Unreadable(path, error);
        }
    }

    private static ModelFitException Unreadable(string path, Exception error) => new(
        ErrorIds.FileUnreadable, FailureKind.ReadError, $"'{path}' cannot be read: {error.Message}", path, error);
}
