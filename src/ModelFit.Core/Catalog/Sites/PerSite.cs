namespace ModelFit.Catalog.Sites;

/// <summary>What is made of the catalogs that are in force: made once, and anew when others are.</summary>
/// <typeparam name="T">What is made.</typeparam>
internal sealed class PerSite<T>(Func<SiteSet, T> make)
    where T : class
{
    private readonly object _gate = new();
    private volatile Held? _held;

    /// <summary>What the catalogs that are now in force make.</summary>
    public T Value
    {
        get
        {
            var sites = SiteCatalogs.Current;
            var held = _held;
            if (held is not null && ReferenceEquals(held.Sites, sites)) return held.Value;
            lock (_gate)
            {
                held = _held;
                if (held is null || !ReferenceEquals(held.Sites, sites)) _held = held = new Held(sites, make(sites));
                return held.Value;
            }
        }
    }

    private sealed record Held(SiteSet Sites, T Value);
}
