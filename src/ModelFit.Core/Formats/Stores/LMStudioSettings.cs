using System.IO;
using System.Threading;
using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.Stores;

/// <summary>The settings of LM Studio, as far as they say where its models are.</summary>
internal static class LMStudioSettings
{
    /// <summary>The folder that the user chose; null if the settings are not there or say nothing.</summary>
    public static string? DownloadsFolder(string settingsFile)
    {
        if (!File.Exists(settingsFile)) return null;
        try
        {
            using var source = new FileByteSource(settingsFile);
            var folder = JsonFile.ReadObject(source, CancellationToken.None)["downloadsFolder"];
            return folder is { Type: JTokenType.String } ? (string?)folder : null;
        }
        catch (ModelFitException)
        {
            return null;
        }
    }
}
