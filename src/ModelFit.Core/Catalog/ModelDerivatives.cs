namespace ModelFit.Catalog;

/// <summary>
/// Finds the base of a finetune by its name: the words of a known model, its size among them, stand in the name as they
/// are (<c>Huihui-Qwen3.6-27B-abliterated</c>). A name that says another size, or a part that changes the shape
/// (pruned experts, a draft, an embedder), is no finetune of that base.
/// </summary>
internal sealed class ModelDerivatives
{
    /// <summary>What Granite calls its models with state-space layers, between version and size.</summary>
    private const string Hybrid = "h";

    /// <summary>What makers call a model that sees, often on another base than their model of that size.</summary>
    private const string Sight = "vision";

    /// <summary>What says that a model is a mixture, or was made into one.</summary>
    private const string Mixture = "moe";

    /// <summary>Words of models that only lost their refusals, which keeps their shape whatever else is said.</summary>
    private static readonly HashSet<string> Unrefusing = new(StringComparer.Ordinal)
    {
        "abliterated", "uncensored", "heretic", "obliterated", "derestricted", "prism",
    };

    /// <summary>Words of models that were cut to another size.</summary>
    private static readonly HashSet<string> Cut = new(StringComparer.Ordinal)
    {
        "reap", "ream", "pruned", "prune", "minitron", "thrift",
    };

    /// <summary>Words of models that see or hear.</summary>
    private static readonly string[] Senses = { "omni", "audio", "asr", "ocr", "vl", "vlm", "image", "video", Sight };

    /// <summary>
    /// Words of smaller models, beside the name of the line; elsewhere they are of another name
    /// (<c>GPT-5-mini-Distill</c>, <c>Annie-lite-v0.2-Qwen3-8B</c>).
    /// </summary>
    private static readonly HashSet<string> Small = new(StringComparer.Ordinal) { "tiny", "mini", "nano", "lite" };

    private static readonly HashSet<string> OtherShape = new(Cut.Concat(Senses).Concat(Small), StringComparer.Ordinal)
    {
        Mixture, "frankenmerge", "upscaled", "expanded", "healed", "passthrough",
        "draft", "drafter", "dflash", "eagle", "medusa", "speculator", "mmproj", "projector", "adapter", "clip",
        "embedding", "embed", "reranker", "rerank", "tts", "diffusion", "classifier",
        "scope", "sae", "tokenizer",
    };

    /// <summary>Words that part the models of a line that say no size.</summary>
    private static readonly HashSet<string> Siblings = new(StringComparer.Ordinal)
    {
        "flash", "air", "max", "plus", "large", "small", "medium", "turbo", "ultra", "super", "pro", "next", "xl",
        "micro", "edge", "big", "lightning", "x",
    };

    /// <summary>Words that say how a model was tuned: a name of a base without a size may have only these.</summary>
    private static readonly HashSet<string> Tuning = new(Unrefusing, StringComparer.Ordinal)
    {
        "distill", "distilled", "reasoning",
        "thinking", "finetune", "finetuned", "sft", "dpo", "rl", "mtp", "text", "only", "hf", "dense", "gsq", "rco",
        "oq", "think", "reasoner", "instruct", "tuned",
    };

    private static readonly Regex SizeWord = new(@"^(?!\dm$)(?:[ae]\d|\d)[\d.]{0,6}(?:x\d{1,3}(?:\.\d)?)?[bm]$");

    /// <summary>What looks like a quantization and is none that is known: no finetune is called so.</summary>
    private static readonly Regex QuantizationWord = new(@"^(?:[it]?q\d\w{0,6}|[it]q|\d(?:\.\d+)?bpw|exl\d?)$");

    private readonly IReadOnlyList<NamedModel> _all;
    private readonly IReadOnlyList<NamedModel> _names;
    private readonly IReadOnlyList<NamedModel> _brands;
    private readonly ModelNameParts _parts;
    private readonly PrunedExperts _pruned;
    private readonly FamilyWords _familyWords;

    /// <summary>
    /// Takes the names of the catalog, those of finetunes on their bases, and the words of families.
    /// </summary>
    public ModelDerivatives(
        IReadOnlyList<NamedModel> names, IEnumerable<NamedModel> brands, FamilyWords familyWords)
    {
        _familyWords = familyWords;
        _all = names;
        _names = names.Where(SaysItsSize).ToArray();
        _parts = new ModelNameParts(_names);
        _pruned = new PrunedExperts(names);
        _brands = brands.Where(brand => brand.Name.CoreWords.Any(ModelCatalogName.IsSize)).ToArray();
    }

    /// <summary>Whether a name says that its model sees or hears.</summary>
    public static bool SaysSense(string name) =>
        name.ToLowerInvariant().Split('-', '_', '.', '/', ' ').Intersect(Senses, StringComparer.Ordinal).Any();

    /// <summary>
    /// The models that the words of a name are derived from, those with the longest name; none if none is.
    /// </summary>
    /// <param name="words">The core words of the name.</param>
    /// <param name="plain">The same, words that finetunes write for their base replaced.</param>
    /// <param name="isForeign">Whether somebody publishes it who is no maker of the catalog's models.</param>
    public IReadOnlyList<NamedModel> Bases(
        IReadOnlyList<string> words, IReadOnlyList<string> plain, bool isForeign)
    {
        if (PrunedExperts.IsSaid(plain)) return _pruned.In(plain);
        var isTune = !words.SequenceEqual(plain);
        var found = _names
            .Where(named => IsBase(named, plain, isTune)
                || (isTune && named.Name.CoreWords.SequenceEqual(plain)))
            .GroupBy(named => named.Name.CoreWords.Count)
            .OrderByDescending(group => group.Key)
            .FirstOrDefault();
        if (found is not null) return On(NameBasis.Name, Meant(found));
        var shapes = plain.Where(word => word == Hybrid || (!SizeWord.IsMatch(word) && SaysAnotherShape(word)))
            .ToArray();
        var isShaped = shapes.Length > 0;
        var versioned = _parts.OfVersion(plain);
        if (versioned.Any(named => shapes.All(named.Name.CoreWords.Contains))) return On(NameBasis.Name, versioned);
        var brand = OfBrand(words);
        if (brand.Count > 0 || isShaped || plain.Contains(Sight)) return brand;
        if (isForeign && OfLine(plain) is { Count: > 0 } line) return On(NameBasis.Name, line);
        var shortened = _parts.OfShortened(plain);
        return On(NameBasis.Family, shortened.Count > 0 ? shortened : _parts.OfFamily(plain));
    }

    /// <summary>
    /// Whether the sizes of a name are those of its model: <c>command-r:35b</c> is a tag of one with 32 billion, and a
    /// finetune that says 35 is of another.
    /// </summary>
    private static bool SaysItsSize(NamedModel named) => named.Name.CoreWords.All(word =>
        named.IdName.CoreWords.Contains(word)
        || ModelCatalogName.Size(word) is not { } size
        || named.Record.HasSize(size));

    /// <summary>
    /// Which model a tag stands for is Ollama's choice, and a finetune's name is not Ollama's: every model of this
    /// kind whose name has the words of the tag may be its base (<c>deepseek-r1:8b</c> is one of two).
    /// </summary>
    private IEnumerable<NamedModel> Meant(IEnumerable<NamedModel> found) => found.Any(named => !named.Name.IsPlainTag)
        ? found
        : found.Concat(found.SelectMany(tag => _names.Where(other =>
            IsWithin(tag.Name.CoreWords, other.Name.CoreWords)
            && !other.Name.CoreWords.Except(tag.Name.CoreWords).Any(OtherShape.Contains)
            && !tag.IsSameSize(other))));

    private static IReadOnlyList<NamedModel> On(NameBasis basis, IEnumerable<NamedModel> bases) =>
        bases.Select(named => named with { Basis = basis }).ToArray();

    /// <summary>
    /// The one shape that the catalog's mixtures of a total and an active size have (<c>35b-a3b</c>); none if there are
    /// several, if another part of the name changes the shape, or if both sizes are not said.
    /// </summary>
    public IReadOnlyList<NamedModel> OfSizes(IReadOnlyList<string> words)
    {
        var sizes = words.Where(ModelCatalogName.IsSize).ToArray();
        var isPair = sizes.Length == 2 && sizes[0][0] != 'a' && sizes[1][0] == 'a';
        return !isPair || words.Any(OtherShape.Contains)
            ? Array.Empty<NamedModel>()
            : On(NameBasis.Size, _names.Where(
                named => named.Name.CoreWords.Where(ModelCatalogName.IsSize).SequenceEqual(sizes)));
    }

    /// <summary>
    /// A later version of a finetune that is known: its words stand in the name in their order, and the others say no
    /// other shape (<c>Ornith-1.5-35B</c> of <c>ornith 35b</c>). Of several the one with most words.
    /// </summary>
    private IReadOnlyList<NamedModel> OfBrand(IReadOnlyList<string> words)
    {
        var brand = _brands
            .Where(known => Others(known.Name.CoreWords, words) is { } others && !others.Any(SaysAnotherShape)
                && (others.Any(IsDistill) || _familyWords.Allow(others, known)))
            .OrderByDescending(known => known.Name.CoreWords.Count)
            .FirstOrDefault();
        return brand is null ? Array.Empty<NamedModel>() : new[] { brand };
    }

    /// <summary>
    /// The models of the longest line that stands in a name without a size, if all of them have one shape
    /// (<c>Phi-3-Mini-Wearable</c>); none if other words may say a sibling.
    /// </summary>
    private IReadOnlyList<NamedModel> OfLine(IReadOnlyList<string> words)
    {
        const int least = 2, leastInside = 3;
        if (words.Any(SizeWord.IsMatch)) return Array.Empty<NamedModel>();
        for (var length = words.Count - 1; length >= least; length--)
        {
            for (var at = 0; at + length <= words.Count && (at == 0 || length >= leastInside); at++)
            {
                var line = words.Skip(at).Take(length).ToArray();
                if (!line.Any(word => word.Any(char.IsDigit))) continue;
                var models = _all.Where(named => named.Name.CoreWords.Take(length).SequenceEqual(line)).ToArray();
                if (models.Length == 0) continue;
                if (!models.SelectMany(named => named.Name.CoreWords.Skip(length)).All(SaysNoShape)) break;
                var others = words.Take(at).Concat(words.Skip(at + length)).ToArray();
                var isNext = at + length < words.Count && ModelCatalogName.IsNumber(words[at + length]);
                return models.All(models[0].IsSameSize) && !isNext && !others.Any(Siblings.Contains)
                    ? models
                    : Array.Empty<NamedModel>();
            }
        }

        return Array.Empty<NamedModel>();
    }

    private static bool SaysNoShape(string word) =>
        IsTuning(word) || (word.Any(char.IsDigit) && !SaysAnotherShape(word));

    /// <summary>The words around others that stand among them in their order; null if they do not.</summary>
    private static IReadOnlyList<string>? Others(IReadOnlyList<string> known, IReadOnlyList<string> words)
    {
        var others = new List<string>();
        var at = 0;
        foreach (var word in words)
        {
            if (at < known.Count && word == known[at]) at++;
            else others.Add(word);
        }

        return at == known.Count ? others : null;
    }

    private bool IsBase(NamedModel named, IReadOnlyList<string> words, bool isTune)
    {
        const int leastInside = 3;
        var known = named.Name.CoreWords;
        if (known.Count < 2 || known.Count >= words.Count || Place(known, words) is not { } at) return false;
        if (at > 0 && known.Count < leastInside) return false;
        var others = words.Take(at).Concat(words.Skip(at + known.Count)).ToArray();
        if (!isTune && others.All(ModelCatalogName.IsVersion)) return false;
        bool IsOfAnother(string word, int place) => SaysAnotherShape(word) && !IsItself(named, word)
            && (!Small.Contains(word) || place == at - 1 || place == at + known.Count);
        if (words.Where((word, place) => (place < at || place >= at + known.Count) && IsOfAnother(word, place)).Any())
            return false;
        return known.Any(SizeWord.IsMatch) || (at == 0
            && (others.All(IsTuning) || (known.Count >= leastInside
                && (others.Any(Unrefusing.Contains) || IsStudent(words)))));
    }

    /// <summary>Whether a word of another shape says what a model is itself: a mixture, or one that sees.</summary>
    private static bool IsItself(NamedModel named, string word) => word switch
    {
        Mixture => named.Spec.ExpertCount > 1,
        "vlm" or Sight => named.Name.CoreWords.Contains("vl")
            || named.Record.Parameters > named.Record.TextParameters,
        _ => false,
    };

    /// <summary>Whether a name says that the model in it was taught, and no other behind that.</summary>
    private bool IsStudent(IReadOnlyList<string> words)
    {
        var behind = words.SkipWhile(word => !IsDistill(word)).Skip(1).ToArray();
        return words.Any(IsDistill) && !_familyWords.IsSaid(behind);
    }

    private static bool IsDistill(string word) => word.StartsWith("distil", StringComparison.Ordinal);

    private static bool SaysAnotherShape(string word) =>
        SizeWord.IsMatch(word) || OtherShape.Contains(word) || QuantizationWord.IsMatch(word);

    /// <summary>Whether a word of a name says that its model has a shape of its own.</summary>
    public static bool SaysShape(IEnumerable<string> words) => words.Any(OtherShape.Contains);

    /// <summary>Whether a word says a size: <c>24b</c>, <c>8x7b</c>, <c>a3b</c>, <c>e4b</c>.</summary>
    public static bool SaysSize(string word) => SizeWord.IsMatch(word);

    /// <summary>Whether a word says how a model was tuned, or a version of that.</summary>
    public static bool IsTuning(string word) => Tuning.Contains(word) || ModelCatalogName.IsVersion(word);

    /// <summary>
    /// Whether words stand in a longer name in their order: a version right behind the same word, with no other
    /// numbers between them and nothing that says that the other was cut to another size.
    /// </summary>
    public static bool IsWithin(IReadOnlyList<string> words, IReadOnlyList<string> known)
    {
        var at = 0;
        var isBehind = true;
        foreach (var word in known)
        {
            var isSame = at < words.Count && words[at] == word && (isBehind || !ModelCatalogName.IsNumber(word));
            if (isSame) at++;
            else if (at > 0 && at < words.Count && SaysAnotherModel(word)) return false;
            isBehind = isSame || at == 0;
        }

        return at == words.Count;
    }

    private static bool SaysAnotherModel(string word) => ModelCatalogName.IsNumber(word) || Cut.Contains(word);

    /// <summary>Where words stand in others as they are, or null.</summary>
    private static int? Place(IReadOnlyList<string> known, IReadOnlyList<string> words)
    {
        for (var at = 0; at + known.Count <= words.Count; at++)
        {
            var same = 0;
            while (same < known.Count && words[at + same] == known[same]) same++;
            if (same == known.Count) return at;
        }

        return null;
    }
}
