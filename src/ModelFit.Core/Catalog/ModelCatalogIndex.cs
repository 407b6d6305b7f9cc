using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Catalog;

/// <summary>One model under one of its names; the name of its id beside it.</summary>
internal sealed record NamedModel(
    ModelCatalogName Name, ModelCatalogName IdName, ModelCatalogRecord Record, ModelSpec Spec);

/// <summary>Finds models by name. Built once from the catalog; thread-safe.</summary>
internal sealed class ModelCatalogIndex
{
    private readonly List<NamedModel> _names = new();
    private readonly Dictionary<string, NamedModel> _byId = new(StringComparer.OrdinalIgnoreCase);
    private readonly ILookup<string, NamedModel> _byKey;
    private readonly ILookup<string, NamedModel> _byCoreKey;
    private readonly HashSet<string> _publishers;
    private readonly Lazy<string[]> _allNames;
    private readonly Dictionary<string, string?> _mainPublishers;

    /// <summary>Indexes the models under their ids and aliases.</summary>
    public ModelCatalogIndex(IReadOnlyList<ModelCatalogRecord> records, IReadOnlyList<ModelSpec> specs)
    {
        for (var i = 0; i < records.Count; i++)
        {
            var id = new ModelCatalogName(records[i].Id);
            var byId = new NamedModel(id, id, records[i], specs[i]);
            _byId[records[i].Id] = byId;
            _names.Add(byId);
            foreach (var alias in records[i].Aliases)
                _names.Add(new NamedModel(new ModelCatalogName(alias), id, records[i], specs[i]));
        }
        _allNames = new Lazy<string[]>(() => records
            .SelectMany(record => new[] { record.Id }.Concat(record.Aliases))
            .Distinct(StringComparer.OrdinalIgnoreCase)
            .ToArray());
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
    /// The models a name may stand for, best first: the same name in another spelling; else the same but for
    /// quantization and variant; else a name that goes on where this one ends (<c>phi-3-mini</c>), or after its first
    /// word where this one is a size alone (<c>8x22b</c>).
    /// </summary>
    public IReadOnlyList<NamedModel> Candidates(string text)
    {
        var name = WithoutRepeatedPublisher(text);
        if (name.Words.Count == 0) return Array.Empty<NamedModel>();
        if (_byId.TryGetValue(text, out var byId)) return new[] { byId };
        var same = _byKey[name.Key].ToArray();
        if (same.Length == 0) same = _byKey[name.UndecoratedKey].ToArray();
        if (same.Length > 0) return Best(same, name);
        var variants = _byCoreKey[name.CoreKey].Where(named => HasVersionsOf(named, name)).ToArray();
        if (variants.Length > 0) return Best(variants, name);
        var skipped = name.CoreWords.All(ModelCatalogName.IsSize) ? 1 : 0;
        return Best(
            _names.Where(named => GoesOn(named.Name, name, skipped) && HasVersionsOf(named, name)), name);
    }

    /// <summary>A name with a version stands for models of that version only.</summary>
    private static bool HasVersionsOf(NamedModel named, ModelCatalogName name) => name.Words
        .Where(ModelCatalogName.IsVersion)
        .All(version => named.IdName.Words.Contains(version));

    private static string? MostFrequent(IEnumerable<string?> publishers) => publishers
        .GroupBy(publisher => publisher)
        .OrderByDescending(group => group.Count())
        .First()
        .Key;

    private static bool GoesOn(ModelCatalogName longer, ModelCatalogName name, int skipped)
    {
        var (all, start) = (longer.CoreWords, name.CoreWords);
        if (start.Count == 0 || all.Count <= start.Count || all.Count < start.Count + skipped) return false;
        for (var i = 0; i < start.Count; i++)
        {
            if (!string.Equals(all[i + skipped], start[i], StringComparison.Ordinal)) return false;
        }
        return true;
    }

    private IReadOnlyList<NamedModel> Best(IEnumerable<NamedModel> candidates, ModelCatalogName name) => candidates
        .OrderBy(candidate => candidate.Name.Publisher == name.Publisher ? 0 : 1)
        .ThenBy(candidate => ExtraWords(candidate, name))
        .ThenBy(Rank)
        .ThenBy(candidate => candidate.Record.Id, StringComparer.Ordinal)
        .GroupBy(candidate => candidate.Record)
        .Select(group => group.First())
        .ToArray();

    private static int ExtraWords(NamedModel candidate, ModelCatalogName name) =>
        candidate.IdName.Words.Except(name.Words).Count() + name.Words.Except(candidate.IdName.Words).Count();

    /// <summary>
    /// Models for talking to before base models, then the family's main publisher, then confirmed facts.
    /// </summary>
    private int Rank(NamedModel candidate)
    {
        var isInstruct = candidate.IdName.Words.Any(word => word is "instruct" or "it" or "chat");
        var isMain = _mainPublishers[candidate.Record.Family] == candidate.IdName.Publisher;
        return (isInstruct ? 0 : 4) + (isMain ? 0 : 2) + (candidate.Record.IsConfirmed ? 0 : 1);
    }

    /// <summary>
    /// <c>bartowski/Qwen_Qwen3-8B-GGUF</c> and <c>google gemma 3</c> say a known publisher before the name.
    /// </summary>
    private ModelCatalogName WithoutRepeatedPublisher(string text)
    {
        var trimmed = text.Trim();
        var start = trimmed.LastIndexOf('/') + 1;
        var end = trimmed.IndexOfAny(new[] { '_', ' ' }, start);
        if (end < 0) return new ModelCatalogName(text);
        var first = trimmed.Substring(start, end - start).ToLowerInvariant();
        var isPublisher = _publishers.Contains(first) && _byKey[new ModelCatalogName(trimmed).Key].FirstOrDefault() is null;
        return isPublisher
            ? new ModelCatalogName(first + "/" + trimmed.Substring(end + 1))
            : new ModelCatalogName(text);
    }
}
