using System.IO;
using System.Reflection;
using System.Text;
using ModelFit.Catalog.Sites;

namespace ModelFit.Fleet;

/// <summary>
/// Which facts answered: the version of this assembly and a hash of the data that it carries, and of the site's own
/// catalogs where there are any.
/// </summary>
internal static class CatalogVersion
{
    private static readonly PerSite<string> Loaded = new(Make);

    /// <summary>For example <c>0.1.0+1f2e3d4c5b6a7988</c>.</summary>
    public static string Current => Loaded.Value;

    private static string Make(SiteSet sites)
    {
        var assembly = typeof(CatalogVersion).Assembly;
        using var all = new MemoryStream();
        foreach (var name in Data(assembly))
        {
            using var data = assembly.GetManifestResourceStream(name)!;
            data.CopyTo(all);
        }

        foreach (var catalog in sites.Catalogs)
        {
            var text = Encoding.UTF8.GetBytes(catalog.Text);
            all.Write(text, 0, text.Length);
        }

        return $"{assembly.GetName().Version!.ToString(3)}+{HardwareIdentity.Hash(all.ToArray())}";
    }

    private static IEnumerable<string> Data(Assembly assembly) => assembly.GetManifestResourceNames()
        .Where(name => name.EndsWith(".tsv", StringComparison.Ordinal))
        .OrderBy(name => name, StringComparer.Ordinal);
}
