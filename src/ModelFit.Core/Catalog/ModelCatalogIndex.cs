namespace ModelFit.Catalog;

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
    private readonly HashSet<string> _families;
    private readonly ModelNameTable _table = new();
    private readonly IReadOnlyDictionary<string, string> _siteAliases;
    private readonly ModelDerivatives _derivatives;
    private readonly TypedNames _typed;
    private readonly FamilyWords _familyWords;

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
        _familyWords = new FamilyWords(_names);
        _derivatives = new ModelDerivatives(
            _names, _table.Brands.Select(brand => brand.On(_byText[brand.Id])), _familyWords);
        _typed = new TypedNames(_names);
        _allNames = new Lazy<string[]>(() => records
            .SelectMany(record => new[] { record.Id }.Concat(record.Aliases))
            .Concat(_table.Brands.Select(brand => brand.Name))
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
        _families = new HashSet<string>(
            _names.Select(named => named.Name.CoreWords.FirstOrDefault()).OfType<string>(), StringComparer.Ordinal);
    }

    /// <summary>All names: ids, aliases and finetunes.</summary>
    public IReadOnlyList<string> Names => _allNames.Value;

    /// <summary>
    /// The models a name may stand for, best first: a tag of Ollama; its id or alias; else the same name in another
    /// spelling; else the same but for quantization and variant; else a name that goes on where this one ends
    /// (<c>phi-3-mini</c>), or around it where it is a size alone (<c>8x22b</c>); else one without the sizes that this
    /// one says (<c>mistral-large:123b</c>) and of those sizes; else a casual spelling (<c>gpt oss 120</c>); else the
    /// model of an Ollama tag that says more (<c>phi:2.7b-chat-v2</c>); else, where it is typed, a name that has its
    /// words and more (<c>qwen 14b</c>, <c>nemotron super 49b</c>); else the base that it is derived from; else the
    /// only shape of a mixture's sizes (<c>35b-a3b</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> Candidates(string text) => Candidates(text, isWhole: true);

    /// <summary>
    /// Whether what has these names may have the shape of a model: one of those that they stand for has it, or they
    /// stand for none and say no other family.
    /// </summary>
    public bool MayBe(IEnumerable<string> names, string model)
    {
        if (Candidates(model) is not { Count: > 0 } shape) return false;
        var meant = names.Select(Candidates).FirstOrDefault(candidates => candidates.Count > 0);
        return meant?.Any(shape[0].IsSameSize)
            ?? _familyWords.Allow(names.SelectMany(name => new ModelCatalogName(name).CoreWords).ToArray(), shape[0]);
    }

    private IReadOnlyList<NamedModel> Candidates(string text, bool isWhole)
    {
        if (_siteAliases.TryGetValue(text.Trim(), out var id) && _byText.TryGetValue(id, out var own))
            return new[] { own };
        if (_table.Tag(text) is { } tagged)
            return new[] { _byText[tagged] with { IsDefaultTag = ModelNameTable.IsDefault(text) } };
        if (_byText.TryGetValue(text, out var known)) return new[] { known };
        var name = WithoutRepeatedPublisher(text);
        if (name.CoreWords.Count == 0) return Array.Empty<NamedModel>();
        if (IsCasual(text, name) && _byCoreKey.Contains(name.CoreKey)
            && _typed.EveryVersion(name.CoreWords) is { Count: > 0 } several)
            return Best(several, name);
        var found = First(
            name,
            () => name.Publisher is null ? _byAliasKey[name.Key] : Array.Empty<NamedModel>(),
            () => _byKey[name.Key],
            () => _byKey[name.UndecoratedKey],
            () => _table.VariantTag(text) is { } plain ? new[] { _byText[plain] } : Array.Empty<NamedModel>(),
            () => Named(_table.Alias(name)),
            () => Named(_table.Base(name)),
            () => _byCoreKey[name.CoreKey].Select(named => Released(named, name)),
            () => GoingOnAs(name),
            () => GoingOn(name.CoreWords),
            () => OfSize(name));
        if (found.Count == 0 && isWhole) found = Spelled(name);
        return found.Count > 0 ? found : First(
            name,
            () => isWhole ? OfTag(text) : Array.Empty<NamedModel>(),
            () => IsTyped(name) ? _typed.Of(name.CoreWords) : Array.Empty<NamedModel>(),
            () => IsTyped(name) ? _typed.OtherSizes(name.CoreWords) : Array.Empty<NamedModel>(),
            () => _derivatives.Bases(
                name.CoreWords,
                _familyWords.Plain(_table.OfBase(name.CoreWords)),
                name.Publisher is { } by && !_publishers.Contains(by)),
            () => _typed.OfItsSize(name.CoreWords),
            () => _typed.Of(name.CoreWords),
            () => _families.Contains(name.CoreWords[0])
                ? Array.Empty<NamedModel>()
                : _derivatives.OfSizes(name.CoreWords),
            () => isWhole ? BehindMaker(text) : Array.Empty<NamedModel>());
    }

    /// <summary>What the first search that finds any finds, best first.</summary>
    private IReadOnlyList<NamedModel> First(ModelCatalogName name, params Func<IEnumerable<NamedModel>>[] searches)
    {
        foreach (var search in searches)
        {
            var found = search().Where(named => named.IsBase || HasVersionsOf(named, name)).ToArray();
            if (found.Length > 0) return Best(found, name);
        }

        return Array.Empty<NamedModel>();
    }

    private IEnumerable<NamedModel> Named(NameRow? row) =>
        row is null ? Array.Empty<NamedModel>() : new[] { _byText[row.Id] with { Basis = row.Basis } };

    /// <summary>
    /// A publisher's own name that says a variant, of which the catalog has only another: the same dimensions, another
    /// release.
    /// </summary>
    private static NamedModel Released(NamedModel named, ModelCatalogName name) =>
        name.Publisher is not null && name.Publisher == named.IdName.Publisher
            && name.UndecoratedWords.Except(named.IdName.Words).Any()
            ? named with { Basis = NameBasis.Name }
            : named;

    /// <summary>
    /// A tag of Ollama's library that says more than a model and its size: that model, or another release of its
    /// dimensions where what it says more is no variant.
    /// </summary>
    private IEnumerable<NamedModel> OfTag(string text)
    {
        if (OllamaTag.Parse(text) is not { } tag) return Array.Empty<NamedModel>();
        var found = Candidates(tag.Model, isWhole: false).Where(named => !named.IsLonger);
        return tag.IsVariant ? found : found.Select(named => named with { Basis = named.Basis ?? NameBasis.Name });
    }

    /// <summary>What the first spelling of haste that stands for any stands for.</summary>
    private IReadOnlyList<NamedModel> Spelled(ModelCatalogName name) => ModelNameSpellings
        .Of(_table.Apart(name.CoreWords))
        .Where(key => key != name.CoreKey)
        .Select(key => Candidates(key, isWhole: false))
        .FirstOrDefault(found => found.Any(named => !named.IsBase && !named.IsOtherSize)) ?? Array.Empty<NamedModel>();

    /// <summary>
    /// A repository that repeats the maker of the model before its name, as quantizers write it
    /// (<c>bartowski/Menlo_Jan-nano-GGUF</c>, <c>DevQuasar/inclusionAI.Ling-lite-1.5-2507-GGUF</c>).
    /// </summary>
    private IEnumerable<NamedModel> BehindMaker(string text)
    {
        const int least = 2;
        var name = ModelNameDecoration.Remove(text.Trim());
        var start = name.LastIndexOf('/') + 1;
        var end = name.IndexOfAny(new[] { '_', '.' }, start);
        if (start == 0 || end <= start || end + 1 == name.Length || !char.IsLetter(name[end + 1]))
            return Array.Empty<NamedModel>();
        var whole = name.Substring(start, end - start) + "/" + name.Substring(end + 1);
        return new ModelCatalogName(whole).UndecoratedWords.Count >= least
            ? Candidates(whole, isWhole: false)
            : Array.Empty<NamedModel>();
    }

    /// <summary>Whether a name is typed, or that of a file, rather than that of a repository.</summary>
    private static bool IsTyped(ModelCatalogName name) => name.Publisher is null;

    /// <summary>Whether a name is typed in words, and not as an id or a tag is written.</summary>
    private static bool IsCasual(string text, ModelCatalogName name) =>
        name.Publisher is null && text.Trim().IndexOf(' ') > 0 && text.IndexOfAny(new[] { '-', ':', '_' }) < 0;

    /// <summary>A name with a version stands for models of that version only.</summary>
    private static bool HasVersionsOf(NamedModel named, ModelCatalogName name) => name.UndecoratedWords
        .Where(ModelCatalogName.IsVersion)
        .All(version => named.IdName.Words.Contains(version) || named.Name.Words.Contains(version));

    /// <summary>
    /// Names that start with these words, the word for a variant among them, which says a size in some families
    /// (<c>bge base</c>).
    /// </summary>
    private IEnumerable<NamedModel> GoingOnAs(ModelCatalogName name)
    {
        var words = name.UndecoratedWords;
        return words.Count == name.CoreWords.Count
            ? Array.Empty<NamedModel>()
            : _names.Where(named => named.Name.UndecoratedWords.Count > words.Count
                && named.Name.UndecoratedWords.Take(words.Count).SequenceEqual(words));
    }

    /// <summary>
    /// Names that start with these words: those that only say a date more, else those that say no more than sizes and
    /// the like, else all.
    /// </summary>
    private IEnumerable<NamedModel> GoingOn(IReadOnlyList<string> words)
    {
        var isSize = words.All(ModelCatalogName.IsSize);
        var longer = _names.Where(named => named.Name.Has(words, anywhere: isSize)).ToArray();
        if (isSize) return longer;
        var dated = longer
            .Where(named => named.Name.CoreWords.Skip(words.Count).All(ModelCatalogName.IsDate)).ToArray();
        if (dated.Length > 0) return dated;
        var going = longer.Select(named => Longer(named, words.Count)).ToArray();
        var meant = going.Where(named => named is { IsLonger: false, IsBase: false }).ToArray();
        return meant.Length > 0 ? meant.Concat(_typed.Behind(words)) : going;
    }

    /// <summary>
    /// A name that goes on after some words: with sizes, dates and the like it is meant; with how it was tuned another
    /// release of it may be; else it is only longer.
    /// </summary>
    private static NamedModel Longer(NamedModel named, int count)
    {
        var more = named.Name.CoreWords.Skip(count).ToArray();
        if (more.All(word => word.Any(char.IsDigit) || word is "mini" or "preview" or "beta")) return named;
        return more.All(word => word.Any(char.IsDigit) || ModelDerivatives.IsTuning(word))
            ? named with { Basis = NameBasis.Name }
            : named with { IsLonger = true };
    }

    private bool IsOfMainPublisher(NamedModel named) =>
        _mainPublishers[named.Record.Family] == named.IdName.Publisher;

    /// <summary>The same words but for sizes that a name leaves out, where the model has them.</summary>
    private IEnumerable<NamedModel> OfSize(ModelCatalogName name)
    {
        var sizes = name.CoreWords.Where(ModelCatalogName.IsSize).ToArray();
        var others = name.CoreWords.Where(word => !ModelCatalogName.IsSize(word)).ToArray();
        return sizes.Length == 0 || others.Length == 0
            ? Array.Empty<NamedModel>()
            : _names.Where(named =>
                named.Name.CoreWords.Where(word => !ModelCatalogName.IsSize(word) && !ModelCatalogName.IsDate(word))
                    .SequenceEqual(others)
                && named.Name.CoreWords.Where(ModelCatalogName.IsSize).All(sizes.Contains)
                && sizes.All(size => TypedNames.HasSize(named, size)));
    }

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
        return (isInstruct ? 0 : 4) + (IsOfMainPublisher(candidate) ? 0 : 2) + (candidate.Record.Doubt is null ? 0 : 1);
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
        var isFamily = trimmed[end] == ' ' && _families.Contains(first)
            && !trimmed.Substring(end + 1).StartsWith(first, StringComparison.OrdinalIgnoreCase);
        var isPublisher = !isFamily && _publishers.Contains(first)
            && !_byKey.Contains(new ModelCatalogName(trimmed).Key);
        return isPublisher
            ? new ModelCatalogName(first + "/" + trimmed.Substring(end + 1))
            : new ModelCatalogName(text);
    }
}
