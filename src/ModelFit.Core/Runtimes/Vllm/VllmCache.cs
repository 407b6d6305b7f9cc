using ModelFit.Models;
using ModelFit.Runtimes.Serving;

namespace ModelFit.Runtimes.Vllm;

/// <summary>Layers that share a block table (v1/kv_cache_utils.py, a KVCacheGroupSpec).</summary>
/// <param name="Kind">What its layers keep.</param>
/// <param name="BlockTokens">Tokens of a block.</param>
/// <param name="Window">Tokens of the window; 0 without.</param>
internal sealed record VllmGroup(CacheKind Kind, long BlockTokens, long Window);

/// <summary>
/// The paged cache of a card: pages of one size for all groups of layers, and how many a request of some length takes
/// (vllm/v1/core/kv_cache_utils.py: get_kv_cache_groups, get_max_concurrency_for_kv_cache_config).
/// </summary>
internal sealed class VllmCache
{
    private const long UsualBlock = 16;

    private readonly IReadOnlyList<VllmGroup> _groups;
    private readonly StateCaching _caching;
    private readonly int _drafted;
    private readonly int _contextCards;

    private VllmCache(IReadOnlyList<VllmGroup> groups, long pageBytes, StateCaching caching, ServingOptions told)
    {
        _groups = groups;
        PageBytes = pageBytes;
        _caching = caching;
        _drafted = told.DraftTokens;
        _contextCards = told.ContextParallel;
    }

    /// <summary>Bytes of a page: a block of every layer of a group; 0 for a model without a cache.</summary>
    public long PageBytes { get; }

    /// <summary>The cache of a card's layers.</summary>
    /// <param name="layers">Its layers.</param>
    /// <param name="told">Block size, drafted tokens, whether windows are given whole caches.</param>
    /// <param name="version">The version.</param>
    public static VllmCache Of(IReadOnlyList<VllmLayer> layers, ServingOptions told, VllmVersion version)
    {
        var caching = told.StateCaching
            ?? (told.PrefixCaching ?? version.IsAtLeast(VllmVersion.CachesStates)
                ? StateCaching.Align : StateCaching.None);
        var block = told.BlockSize ?? UsualBlock;
        if (told.WholeCaches && layers.Any(layer => layer.Kind == CacheKind.Full))
        {
            layers = layers.Select(Whole).ToArray();
        }

        VllmCache Made(IReadOnlyList<VllmGroup> groups, long page) =>
            new(groups, page, caching, told);
        if (layers.Count == 0) return Made(Array.Empty<VllmGroup>(), 0);
        var states = layers.Where(layer => layer.Kind == CacheKind.State).ToArray();
        var attention = layers.Where(layer => layer.Kind != CacheKind.State).ToArray();
        if (attention.Length == 0)
            return Made(new[] { new VllmGroup(CacheKind.State, 1, 0) }, states.Sum(layer => layer.TokenBytes));
        if (states.Length == 0 && IsUniform(attention))
        {
            var only = attention[0];
            var group = new VllmGroup(only.Kind, block, only.Window);
            return Made(new[] { group }, block * attention.Sum(layer => layer.TokenBytes));
        }

        if (states.Length > 0) block = BlockBeside(states, attention, block);
        var page = Math.Max(
            attention.Max(layer => layer.TokenBytes) * block,
            states.Length > 0 ? states.Max(layer => layer.TokenBytes) : 0);
        return Mixed(layers, page, Made);
    }

    /// <summary>Pages that one request takes.</summary>
    /// <param name="length">Its tokens.</param>
    /// <param name="batchedTokens">Most tokens of a batch, which a window holds beside its own.</param>
    public long PagesOf(long length, long batchedTokens) => _groups.Sum(group => group.Kind switch
    {
        CacheKind.State => StatesOf(length),
        CacheKind.Window => Up(Math.Min(group.Window - 1 + batchedTokens, length), group.BlockTokens) + 1,
        _ => Up(Up(length, _contextCards), group.BlockTokens),
    });

    /// <summary>
    /// States of one request (v1/kv_cache_interface.py, MambaSpec.max_memory_usage_bytes): the last, those of drafted
    /// tokens, and what is kept of prefixes.
    /// </summary>
    private long StatesOf(long length) => _drafted + _caching switch
    {
        StateCaching.None => 1,
        StateCaching.Align => 2,
        _ => Up(length, _groups.Where(group => group.Kind != CacheKind.State)
            .Select(group => group.BlockTokens).DefaultIfEmpty(length).Min()),
    };

    /// <summary>Tokens that a version prints for so many pages (_report_kv_cache_config).</summary>
    public long TokensOf(long pages, double concurrency, long length, VllmVersion version) =>
        version.IsAtLeast(VllmVersion.CountsByConcurrency)
            ? (long)(concurrency * length)
            : _groups.All(group => group.Kind == CacheKind.State) ? 0
            : pages / _groups.Count * _groups.Min(BlockOf) * _contextCards;

    /// <summary>Whether a sequence needs a page for its recurrent state.</summary>
    public bool HasStates => _groups.Any(group => group.Kind == CacheKind.State);

    private static VllmLayer Whole(VllmLayer layer) =>
        layer.Kind == CacheKind.Window ? layer with { Kind = CacheKind.Full, Window = 0 } : layer;

    private static long BlockOf(VllmGroup group) => group.Kind == CacheKind.State ? long.MaxValue : group.BlockTokens;

    /// <summary>Whether all layers keep the same number of tokens, so that one group takes them all.</summary>
    private static bool IsUniform(VllmLayer[] layers) =>
        layers.All(layer => layer.Kind == layers[0].Kind && layer.Window == layers[0].Window);

    /// <summary>
    /// The block of the attention layers, so large that a page holds a state (HybridAttentionMambaModelConfig).
    /// </summary>
    private static long BlockBeside(VllmLayer[] states, VllmLayer[] attention, long block)
    {
        var token = attention.Max(layer => layer.TokenBytes);
        return Math.Max(block, Up(states.Max(layer => layer.TokenBytes), UsualBlock * token) * UsualBlock);
    }

    /// <summary>
    /// Groups of as many layers as the rarest kind has (as the commonest where that is less than half more), all with
    /// pages of one size: smaller tokens make longer blocks (unify_kv_cache_spec_page_size).
    /// </summary>
    private static VllmCache Mixed(
        IReadOnlyList<VllmLayer> layers, long page, Func<IReadOnlyList<VllmGroup>, long, VllmCache> made)
    {
        var kinds = layers.GroupBy(layer => (layer.Kind, layer.TokenBytes, layer.Window)).ToArray();
        var (least, most) = (kinds.Min(kind => kind.Count()), kinds.Max(kind => kind.Count()));
        var size = most < 1.5 * least ? most : least;
        var groups = new List<VllmGroup>();
        foreach (var kind in kinds)
        {
            var block = kind.Key.Kind == CacheKind.State ? 1 : page / kind.Key.TokenBytes;
            groups.AddRange(Enumerable.Repeat(
                new VllmGroup(kind.Key.Kind, block, kind.Key.Window), (int)Up(kind.Count(), size)));
        }

        return made(groups, page * size);
    }

    private static long Up(long number, long step) => (number + step - 1) / step;
}

/// <summary>The caches of a model's layers on a card, and of what drafts for it.</summary>
internal static class VllmCaches
{
    /// <summary>All of them, in the order of the layers.</summary>
    /// <param name="model">The model.</param>
    /// <param name="share">How cards share it.</param>
    /// <param name="number">A number of the cache.</param>
    /// <param name="told">Tokens that are drafted, and how.</param>
    public static IReadOnlyList<VllmLayer> Of(
        ModelDefinition model, Parallelism share, VllmNumber number, ServingOptions told)
    {
        if (VllmCompressed.Of(model, number) is { } compressed) return compressed;
        var own = VllmLayer.Of(model, share, number, told);
        var full = own.LastOrDefault(layer => layer.Kind == CacheKind.Full);
        var last = own.Count == 0 ? 0 : own.Max(layer => layer.Layer);
        return own.Concat(VllmDrafter.Of(told).Caches(full, last, share, number)).ToArray();
    }
}
