using System;
using System.Collections.Generic;
using System.Linq;

namespace ModelFit.Catalog;

/// <summary>
/// Finds the base of a finetune by its name: the words of a known model, its size among them, stand in the name as they
/// are (<c>Huihui-Qwen3.6-27B-abliterated</c>). A name that says another size, or a part that changes the shape
/// (pruned experts, a draft, an embedder), is no finetune of that base.
/// </summary>
internal sealed class ModelDerivatives
{
    private static readonly HashSet<string> OtherShape = new(StringComparer.Ordinal)
    {
        "reap", "ream", "pruned", "prune", "moe", "merge", "frankenmerge", "upscaled", "expanded", "healed",
        "passthrough",
        "draft", "drafter", "dflash", "eagle", "medusa", "speculator", "mmproj", "projector", "lora", "adapter", "clip",
        "embedding", "embed", "reranker", "rerank", "omni", "audio", "tts", "asr", "ocr", "vl", "vlm", "image", "video",
        "diffusion", "classifier", "minitron", "tiny", "mini", "nano", "lite", "scope", "sae", "tokenizer",
    };

    /// <summary>Words that say how a model was tuned: a name of a base without a size may have only these.</summary>
    private static readonly HashSet<string> Tuning = new(StringComparer.Ordinal)
    {
        "abliterated", "uncensored", "heretic", "obliterated", "derestricted", "distill", "distilled", "reasoning",
        "thinking", "finetune", "finetuned", "sft", "dpo", "rl", "mtp", "text", "only", "hf", "dense",
    };

    private static readonly Regex SizeWord = new(@"^(?:[ae]\d|\d)[\d.]{0,6}(?:x\d{1,3}(?:\.\d)?)?[bm]$");

    /// <summary>What looks like a quantization and is none that is known: no finetune is called so.</summary>
    private static readonly Regex QuantizationWord = new(@"^(?:[it]?q\d\w{0,6}|[it]q|\d(?:\.\d+)?bpw|exl\d?)$");

    private readonly IReadOnlyList<NamedModel> _names;

    /// <summary>Takes the names of the catalog.</summary>
    public ModelDerivatives(IReadOnlyList<NamedModel> names) => _names = names;

    /// <summary>
    /// The models that the words of a name are derived from, those with the longest name; none if none is.
    /// </summary>
    /// <param name="words">The core words of the name.</param>
    /// <param name="plain">The same, words that finetunes write for their base replaced.</param>
    public IReadOnlyList<NamedModel> Bases(IReadOnlyList<string> words, IReadOnlyList<string> plain)
    {
        var isTune = !words.SequenceEqual(plain);
        var found = _names
            .Where(named => IsBase(named.Name.CoreWords, plain, isTune)
                || (isTune && named.Name.CoreWords.SequenceEqual(plain)))
            .GroupBy(named => named.Name.CoreWords.Count)
            .OrderByDescending(group => group.Key)
            .FirstOrDefault();
        return found is null ? Array.Empty<NamedModel>() : found.ToArray();
    }

    private static bool IsBase(IReadOnlyList<string> known, IReadOnlyList<string> words, bool isTune)
    {
        const int leastInside = 3;
        if (known.Count < 2 || known.Count >= words.Count || Place(known, words) is not { } at) return false;
        if (at > 0 && known.Count < leastInside) return false;
        var others = words.Take(at).Concat(words.Skip(at + known.Count)).ToArray();
        if (!isTune && others.All(ModelCatalogName.IsVersion)) return false;
        if (others.Any(SaysAnotherShape)) return false;
        return known.Any(SizeWord.IsMatch) || (at == 0 && others.All(IsTuning));
    }

    private static bool SaysAnotherShape(string word) =>
        SizeWord.IsMatch(word) || OtherShape.Contains(word) || QuantizationWord.IsMatch(word);

    private static bool IsTuning(string word) => Tuning.Contains(word) || ModelCatalogName.IsVersion(word);

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
