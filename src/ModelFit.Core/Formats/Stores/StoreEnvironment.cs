using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using ModelFit.Formats.HuggingFace;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.Stores;

/// <summary>
/// What decides where stores lie: environment variables, the home folder and the system. Folders that are not there are
/// left out.
/// </summary>
internal sealed class StoreEnvironment(Func<string, string?> variable, string home, OSPlatform system)
{
    /// <summary>That of this process.</summary>
    public static StoreEnvironment Current { get; } = new(
        Environment.GetEnvironmentVariable,
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
        new[] { OSPlatform.Windows, OSPlatform.OSX }.FirstOrDefault(RuntimeInformation.IsOSPlatform) is var known
            && known != default ? known : OSPlatform.Linux);

    /// <summary>The folders of a store, those that a variable names before the usual ones.</summary>
    public IEnumerable<string> Folders(ModelStore store)
    {
        var folders = store switch
        {
            ModelStore.Ollama => Ollama(),
            ModelStore.LMStudio => LMStudio(),
            ModelStore.HuggingFace => HuggingFace(),
            _ => LlamaCpp(),
        };
        return folders.OfType<string>().Where(Directory.Exists).Distinct(StringComparer.Ordinal);
    }

    /// <summary>By ollama/docs/faq: a variable, else the user's, and on Linux the service's.</summary>
    private IEnumerable<string?> Ollama() => Variable("OLLAMA_MODELS") is { } named
        ? new[] { named }
        : new[]
        {
            Home(".ollama", "models"),
            IsLinux ? "/usr/share/ollama/.ollama/models" : null,
            IsLinux ? "/var/lib/ollama/.ollama/models" : null,
            IsLinux ? "/var/lib/ollama/models" : null,
        };

    /// <summary>The folder since version 0.3.6, and the one before.</summary>
    private IEnumerable<string?> LMStudio() => new[]
    {
        LMStudioSettings.DownloadsFolder(Home(".lmstudio", "settings.json")),
        Home(".lmstudio", "models"),
        Home(".cache", "lm-studio", "models"),
    };

    /// <summary>
    /// By huggingface_hub/constants.py: the cache named, else within the home named, else the default.
    /// </summary>
    private IEnumerable<string?> HuggingFace()
    {
        if ((Variable("HF_HUB_CACHE") ?? Variable("HUGGINGFACE_HUB_CACHE")) is { } cache) return new[] { cache };
        if (Variable("HF_HOME") is { } home) return new[] { Path.Combine(home, "hub") };
        var root = Variable("XDG_CACHE_HOME") ?? Home(".cache");
        return new[] { Path.Combine(root, "huggingface", "hub") };
    }

    /// <summary>
    /// By llama.cpp, common/common.cpp, fs_get_cache_directory: its own cache before common/hf-cache.cpp, which keeps
    /// downloads as the hub does, in the folder of the first variable too.
    /// </summary>
    private IEnumerable<string?> LlamaCpp()
    {
        if (Variable("LLAMA_CACHE") is { } named) return new[] { named };
        var root = system == OSPlatform.Windows ? Variable("LOCALAPPDATA") ?? Home("AppData", "Local")
            : system == OSPlatform.OSX ? Home("Library", "Caches")
            : Variable("XDG_CACHE_HOME") ?? Home(".cache");
        return new[] { Path.Combine(root, "llama.cpp") };
    }

    private bool IsLinux => system == OSPlatform.Linux;

    private string? Variable(string name) => variable(name) is { Length: > 0 } value ? value : null;

    private string Home(params string[] segments) => segments.Aggregate(home, Path.Combine);
}

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
