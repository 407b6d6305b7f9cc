namespace ModelFit.Catalog.Sites;

/// <summary>A file that should hold a catalog.</summary>
/// <param name="Path">The file.</param>
/// <param name="Origin"><c>Persisted</c>, <c>Environment</c> or <c>Session</c>.</param>
/// <param name="Catalog">The catalog; null if the file holds none.</param>
/// <param name="Failure">Why it holds none; null if it does.</param>
internal sealed record SiteSource(string Path, string Origin, SiteCatalog? Catalog, ModelFitException? Failure)
{
    /// <summary>Reads a file; what is wrong is kept.</summary>
    public static SiteSource Read(string path, string origin)
    {
        try
        {
            return new SiteSource(path, origin, SiteCatalogFile.Read(path), null);
        }
        catch (ModelFitException failure)
        {
            return new SiteSource(path, origin, null, failure);
        }
    }
}
