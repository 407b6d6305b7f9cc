using System.IO;
using System.Threading;
using ModelFit.Common;

namespace ModelFit.Catalog.Sites;

/// <summary>
/// The site's own catalogs: those that were kept for this user, those that the environment names, those of this
/// process. A file that is wrong is left out, and its error is kept for who asks.
/// </summary>
internal static class SiteCatalogs
{
    /// <summary>The environment variable that names catalogs: paths, separated as those of programs are.</summary>
    public const string Variable = "MODELFIT_CATALOG";

    private const string Ending = ".json";

    private static readonly object Gate = new();
    private static readonly List<string> Imported = new();
    private static readonly List<ModelFitException> Failures = new();
    private static volatile State? _state;

    /// <summary>What is in force.</summary>
    public static SiteSet Current => (_state ?? Refreshed()).Sites;

    /// <summary>Every source in its order, with the catalog or why it is none.</summary>
    public static IReadOnlyList<SiteSource> Sources => (_state ?? Refreshed()).Sources;

    /// <summary>Where catalogs are kept for this user.</summary>
    public static string Folder { get; } = Path.Combine(
        Environment.GetFolderPath(
            Environment.SpecialFolder.ApplicationData, Environment.SpecialFolderOption.DoNotVerify),
        "ModelFit",
        "catalogs");

    /// <summary>
    /// Reads anew what has changed: the environment, and the files by their time and length. Gives the failures that
    /// were not given before.
    /// </summary>
    public static IReadOnlyList<ModelFitException> Refresh()
    {
        if (_state is null || _state.Stamp != StampOf(Named())) Refreshed();
        lock (Gate)
        {
            var failures = Failures.ToArray();
            Failures.Clear();
            return failures;
        }
    }

    /// <summary>
    /// Adds a catalog to this process; one that is kept is also copied, for the processes to come. One that is wrong is
    /// <see cref="ErrorIds.InvalidCatalog"/>, and changes nothing.
    /// </summary>
    public static SiteSource Import(string path, bool keep, CancellationToken stop = default)
    {
        var text = PlacedText.ReadFile(path);
        SiteCatalogFile.Parse(text, path, stop);
        if (keep)
        {
            Directory.CreateDirectory(Folder);
            var kept = Path.Combine(Folder, Path.GetFileNameWithoutExtension(path) + Ending);
            if (kept != path) WholeFile.Write(path = kept, text);
        }

        lock (Gate)
        {
            Imported.Remove(path);
            if (!keep) Imported.Add(path);
            return Refreshed().Sources.Last(source => source.Path == path);
        }
    }

    /// <summary>Takes back what this process imported.</summary>
    internal static void Forget(string path)
    {
        lock (Gate)
        {
            Imported.Remove(path);
            Refreshed();
        }
    }

    private static State Refreshed()
    {
        lock (Gate)
        {
            var named = Named();
            var sources = named.Select(entry => SiteSource.Read(entry.Path, entry.Origin)).ToArray();
            Failures.Clear();
            Failures.AddRange(sources.Select(source => source.Failure).OfType<ModelFitException>());
            var sites = sources.Select(source => source.Catalog).OfType<SiteCatalog>().ToArray();
            return _state = new State(
                sites.Length == 0 ? SiteSet.Empty : new SiteSet(sites), sources, StampOf(named));
        }
    }

    private static List<Place> Named()
    {
        var kept = Directory.Exists(Folder) ? Directory.GetFiles(Folder, "*" + Ending) : Array.Empty<string>();
        Array.Sort(kept, StringComparer.Ordinal);
        var named = (Environment.GetEnvironmentVariable(Variable) ?? string.Empty)
            .Split(new[] { Path.PathSeparator }, StringSplitOptions.RemoveEmptyEntries);
        var places = new List<Place>();
        foreach (var path in kept) places.Add(new Place(path, "Persisted"));
        foreach (var path in named) places.Add(new Place(path.Trim(), "Environment"));
        lock (Gate)
        {
            foreach (var path in Imported) places.Add(new Place(path, "Session"));
        }

        return places;
    }

    private static string StampOf(IEnumerable<Place> named) =>
        string.Join("\n", named.Select(entry => FormattableString.Invariant(
            $"{entry.Origin} {entry.Path} {Stamp(new FileInfo(entry.Path))}")));

    private static string Stamp(FileInfo file) => file.Exists
        ? FormattableString.Invariant($"{file.LastWriteTimeUtc.Ticks} {file.Length}")
        : "-";

    /// <summary>
    /// A class, not a pair: a key press waits for this, and lists of pairs are compiled when it comes.
    /// </summary>
    private sealed record Place(string Path, string Origin);

    private sealed record State(SiteSet Sites, IReadOnlyList<SiteSource> Sources, string Stamp);
}
