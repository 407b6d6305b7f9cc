using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Catalog;

/// <summary>One model under one of its names; the name of its id beside it.</summary>
internal sealed record NamedModel(
    ModelCatalogName Name, ModelCatalogName IdName, ModelCatalogRecord Record, ModelSpec Spec)
{
    /// <summary>Whether what was asked for is another release with the dimensions of this model.</summary>
    public bool IsBase { get; init; }

    /// <summary>Whether what was asked for is the start of this name, and the rest says more than a size.</summary>
    public bool IsLonger { get; init; }
}

/// <summary>Finds models by name. Built once from the catalog; thread-safe.</summary>
internal sealed class ModelCatalogIndex
{
    private readonly List<NamedModel> _names = new();
    private readonly Dictionary<string, NamedModel> _byText;
    private readonly ILookup<string, NamedModel> _byAliasKey;
    private readonly ILookup<string, NamedModel> _byKey;
    private readonly ILookup<string, NamedModel> _byCoreKey;
    private readonly HashSet<string> _publishers;
    private readonly Lazy<string[]> _allNames;
    private readonly Dictionary<string, string?> _mainPublishers;
    private readonly ModelNameTable _table = new();
    private readonly IReadOnlyDictionary<string, string> _siteAliases;
    private readonly ModelDerivatives _derivatives;

    /// <summary>Indexes the models under their ids and aliases.</summary>
    /// <param name="records">The lines.</param>
    /// <param name="specs">The models of the lines.</param>
    /// <param name="aliases">Other names that a site gives to ids; they win.</param>
    public ModelCatalogIndex(
        IReadOnlyList<ModelCatalogRecord> records,
        IReadOnlyList<ModelSpec> specs,
        IReadOnlyDictionary<string, string> aliases)
    {
        _siteAliases = aliases;
        for (var i = 0; i < records.Count; i++)
        {
            var id = new ModelCatalogName(records[i].Id);
            _names.Add(new NamedModel(id, id, records[i], specs[i]));
            foreach (var alias in records[i].Aliases)
            {
                if (!IsNameOf(records[i].Id, alias))
                    _names.Add(new NamedModel(new ModelCatalogName(alias), id, records[i], specs[i]));
            }
        }
        _byText = Unambiguous();
        _derivatives = new ModelDerivatives(_names);
        _allNames = new Lazy<string[]>(() => records
            .SelectMany(record => new[] { record.Id }.Concat(record.Aliases))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray());
        _byAliasKey = _byText
            .Where(pair => pair.Key.IndexOfAny(new[] { '/', ':' }) < 0)
            .ToLookup(pair => new ModelCatalogName(pair.Key).Key, pair => pair.Value, StringComparer.Ordinal);
        _byKey = _names.ToLookup(named => named.Name.Key, StringComparer.Ordinal);
        _byCoreKey = _names.ToLookup(named => named.Name.CoreKey, StringComparer.Ordinal);
        _publishers = new HashSet<string>(
            _names.Select(named => named.Name.Publisher).OfType<string>(), StringComparer.Ordinal);
        _mainPublishers = _names
            .GroupBy(named => named.Record.Family, named => named.IdName.Publisher, StringComparer.Ordinal)
            .ToDictionary(family => family.Key, MostFrequent, StringComparer.Ordinal);
    }

    /// <summary>All names: ids and aliases.</summary>
    public IReadOnlyList<string> Names => _allNames.Value;

    /// <summary>
    /// The models a name may stand for, best first: a tag of Ollama; its id or alias; else the same name in another
    /// spelling; else the same but for quantization and variant; else a name that goes on where this one ends
    /// (<c>phi-3-mini</c>), or around it where it is a size alone (<c>8x22b</c>); else one that says a date where this
    /// one says the size (<c>mistral-large:123b</c>) and has that size; else a casual spelling (<c>gpt oss 120</c>);
    /// else the base that it is derived from; else the versions of a family that it names by size (<c>qwen 14b</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> Candidates(string text)
    {
        if (_siteAliases.TryGetValue(text.Trim(), out var id) && _byText.TryGetValue(id, out var own))
            return new[] { own };
        if (_table.Tag(text) is { } tagged) return new[] { _byText[tagged] };
        if (_byText.TryGetValue(text, out var known)) return new[] { known };
        var name = WithoutRepeatedPublisher(text);
        if (name.Words.Count == 0) return Array.Empty<NamedModel>();
        var searches = new Func<IEnumerable<NamedModel>>[]
        {
            () => name.Publisher is null ? _byAliasKey[name.Key] : Array.Empty<NamedModel>(),
            () => _byKey[name.Key],
            () => _byKey[name.UndecoratedKey],
            () => Named(_table.Alias(name), isBase: false),
            () => Named(_table.Base(name), isBase: true),
            () => _byCoreKey[name.CoreKey].Select(named => Released(named, name)),
            () => GoingOn(name),
            () => OfSize(name),
            () => ModelNameSpellings.Of(_table.Apart(name.CoreWords)).SelectMany(key => _byCoreKey[key]),
            () => _derivatives.Bases(name.CoreWords, _table.OfBase(name.CoreWords))
                .Select(named => named with { IsBase = true }),
            () => AnyVersion(name),
        };
        foreach (var search in searches)
        {
            var found = search().Where(named => named.IsBase || HasVersionsOf(named, name)).ToArray();
            if (found.Length > 0) return Best(found, name);
        }
        return Array.Empty<NamedModel>();
    }

    private IEnumerable<NamedModel> Named(string? id, bool isBase) =>
        id is null ? Array.Empty<NamedModel>() : new[] { _byText[id] with { IsBase = isBase } };

    /// <summary>
    /// A publisher's own name that says a variant, of which the catalog has only another: the same dimensions, another
    /// release.
    /// </summary>
    private static NamedModel Released(NamedModel named, ModelCatalogName name) =>
        name.Publisher is not null && name.Publisher == named.IdName.Publisher
            && name.UndecoratedWords.Except(named.IdName.Words).Any()
            ? named with { IsBase = true }
            : named;

    /// <summary>The family and size are said, the version is not: longer names, none of which is taken.</summary>
    private IEnumerable<NamedModel> AnyVersion(ModelCatalogName name) =>
        name.CoreWords.Count < 2 || !name.CoreWords.Any(ModelCatalogName.IsSize)
            ? Array.Empty<NamedModel>()
            : _names.Where(named => named.Name.CoreWords.Count > name.CoreWords.Count
                    && named.Name.CoreWords.Where(word => !IsNumber(word)).SequenceEqual(name.CoreWords))
                .Select(named => named with { IsLonger = true });

    private static bool IsNumber(string word) => word.All(letter => char.IsDigit(letter) || letter == '.');

    /// <summary>A name with a version stands for models of that version only.</summary>
    private static bool HasVersionsOf(NamedModel named, ModelCatalogName name) => name.UndecoratedWords
        .Where(ModelCatalogName.IsVersion)
        .All(version => named.IdName.Words.Contains(version) || named.Name.Words.Contains(version));

    private IEnumerable<NamedModel> GoingOn(ModelCatalogName name)
    {
        var isSize = name.CoreWords.All(ModelCatalogName.IsSize);
        var longer = _names.Where(named => named.Name.Has(name.CoreWords, anywhere: isSize)).ToArray();
        var dated = longer.Where(named => named.Name.CoreWords.Skip(name.CoreWords.Count).All(IsDate)).ToArray();
        return dated.Length > 0 && !isSize
            ? dated
            : longer.Select(named => isSize || SaysNoMore(named, name) ? named : named with { IsLonger = true });
    }

    /// <summary>Whether the words by which a name is longer are sizes, dates and the like.</summary>
    private static bool SaysNoMore(NamedModel named, ModelCatalogName name) =>
        named.Name.CoreWords.Skip(name.CoreWords.Count)
            .All(word => word.Any(char.IsDigit) || word is "mini" or "preview" or "beta");

    private IEnumerable<NamedModel> OfSize(ModelCatalogName name)
    {
        const double tolerance = 0.04;
        var last = name.CoreWords.Count - 1;
        if (last < 1 || ModelCatalogName.Size(name.CoreWords[last]) is not { } size) return Array.Empty<NamedModel>();
        var word = name.CoreWords[last];
        var start = name.CoreWords.Take(last).ToArray();
        return _names.Where(named =>
            named.Name.CoreWords.Where(part => part != word && !IsDate(part)).SequenceEqual(start)
            && (named.Name.CoreWords.Contains(word)
                || Math.Abs((named.Record.TextParameters ?? 0) - size) <= tolerance * size));
    }

    private static bool IsDate(string word) => word.Length >= 4 && word.All(char.IsDigit);

    /// <summary>Ids, and aliases that only one model has.</summary>
    private Dictionary<string, NamedModel> Unambiguous()
    {
        var byText = new Dictionary<string, NamedModel>(StringComparer.OrdinalIgnoreCase);
        var shared = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        var models = _names.Where(named => ReferenceEquals(named.Name, named.IdName)).ToArray();
        foreach (var named in models)
        {
            foreach (var alias in named.Record.Aliases)
            {
                if (byText.ContainsKey(alias)) shared.Add(alias);
                else byText.Add(alias, named);
            }
        }
        foreach (var alias in shared) byText.Remove(alias);
        foreach (var named in models) byText[named.Record.Id] = named;
        return byText;
    }

    /// <summary>Whether an alias is the id without its publisher, which makes the same words.</summary>
    private static bool IsNameOf(string id, string alias) =>
        id.Length > alias.Length
        && id[id.Length - alias.Length - 1] == '/'
        && id.EndsWith(alias, StringComparison.OrdinalIgnoreCase);

    private static string? MostFrequent(IEnumerable<string?> publishers) => publishers
        .GroupBy(publisher => publisher)
        .OrderByDescending(group => group.Count())
        .First()
        .Key;

    private IReadOnlyList<NamedModel> Best(IEnumerable<NamedModel> candidates, ModelCatalogName name) => candidates
        .OrderBy(candidate => name.Publisher is null || candidate.IdName.Publisher == name.Publisher ? 0 : 1)
        .ThenBy(candidate => ExtraWords(candidate, name))
        .ThenBy(Rank)
        .ThenByDescending(candidate => candidate.Spec.ReleaseDate, StringComparer.Ordinal)
        .ThenBy(candidate => candidate.Record.Id, StringComparer.Ordinal)
        .GroupBy(candidate => candidate.Record)
        .Select(group => group.First())
        .ToArray();

    /// <summary>How many words differ; those of variants (instruct, base) do not count for a tag without any.</summary>
    private static int ExtraWords(NamedModel candidate, ModelCatalogName name)
    {
        var (ours, asked) = name.IsPlainTag
            ? (candidate.IdName.CoreWords, name.CoreWords)
            : (candidate.IdName.Words, name.Words);
        return ours.Except(asked).Count() + asked.Except(ours).Count();
    }

    /// <summary>
    /// Models for talking to before base models, then the family's main publisher, then confirmed facts.
    /// </summary>
    private int Rank(NamedModel candidate)
    {
        var isInstruct = candidate.IdName.Words.Any(word => word is "instruct" or "it" or "chat");
        var isMain = _mainPublishers[candidate.Record.Family] == candidate.IdName.Publisher;
        return (isInstruct ? 0 : 4) + (isMain ? 0 : 2) + (candidate.Record.Doubt is null ? 0 : 1);
    }

    /// <summary>
    /// <c>bartowski/Qwen_Qwen3-8B-GGUF</c> and <c>google gemma 3</c> say a known publisher before the name.
    /// </summary>
    private ModelCatalogName WithoutRepeatedPublisher(string text)
    {
        var trimmed = text.Trim();
        var start = trimmed.LastIndexOf('/') + 1;
        var end = trimmed.IndexOfAny(new[] { '_', ' ' }, start);
        if (end < 0 || end + 1 == trimmed.Length || char.IsDigit(trimmed[end + 1])) return new ModelCatalogName(text);
        var first = trimmed.Substring(start, end - start).ToLowerInvariant();
        var isPublisher = _publishers.Contains(first) && !_byKey.Contains(new ModelCatalogName(trimmed).Key);
        return isPublisher
            ? new ModelCatalogName(first + "/" + trimmed.Substring(end + 1))
            : new ModelCatalogName(text);
    }
}
