using ModelFit.Architectures;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Models;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Architectures;

/// <summary>
/// Every architecture has one record with every facet, and its tensors are those of llama.cpp's own files.
/// </summary>
public sealed class ArchitectureTests
{
    /// <summary>What a record lacks and why; everything that is not here is there.</summary>
    private static readonly Dictionary<string, string> Missing = new()
    {
        ["deepseek2-ocr classes"] = "its class is deepseek2's, and the converter chooses by the sizes",
        ["eagle3 comparison with llama.cpp"] = "it is loaded beside another model only",
        ["gemma4-assistant comparison with llama.cpp"] = "it is loaded beside another model only",
        ["jina-bert-v3 classes"] = "its class is XLMRobertaModel, which stands for bert",
        ["mistral4 classes"] = "its class is Mistral3ForConditionalGeneration, which stands for mistral3",
        ["nomic-bert classes"] = "its class is NomicBertModel, which stands for bert",
        ["nomic-bert-moe classes"] = "its class is NomicBertModel, which stands for bert",
        ["qwen4exp layout"] = "how its config.json names the rows of the n-gram table is not known",
    };

    private static readonly Lazy<Dictionary<string, ModelDefinition>> Headers = new(
        () => CompactHeaders.Read(
            RepositoryFolder.Path("tests", "data", "memory", "headers-architectures.txt")));

    /// <summary>Headers of published files.</summary>
    private static readonly Lazy<Dictionary<string, ModelDefinition>> RealHeaders = new(
        () => CompactHeaders.Read(RepositoryFolder.Path("tests", "data", "memory", "headers.txt")));

    [Fact]
    public void Names_of_the_list_are_those_of_the_records() => Assert.Equal(
        ArchitectureList.Names.Order(StringComparer.Ordinal),
        ArchitectureList.All.Select(known => known.Name).Order(StringComparer.Ordinal));

    [Fact]
    public void Every_record_has_every_facet_or_says_what_it_lacks()
    {
        var lacking = ArchitectureList.All
            .SelectMany(known => Lacks(known).Select(facet => known.Name + " " + facet));
        Assert.Equal(Missing.Keys.Order(StringComparer.Ordinal), lacking.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_class_stands_for_one_architecture() => Assert.Empty(
        ArchitectureList.All.SelectMany(known => known.Classes.Split(' ').Where(name => name.Length > 0))
            .GroupBy(name => name).Where(group => group.Count() > 1).Select(group => group.Key));

    [Fact]
    public void At_most_ten_architectures_cannot_be_laid_out() =>
        Assert.InRange(ArchitectureList.All.Count(known => known.NoLayout is not null), 0, 10);

    /// <summary>
    /// Headers that llama.cpp's own test of architectures writes, and models of random sizes: each tensor is laid out
    /// in its shape. Biases that a file may lack (TENSOR_NOT_REQUIRED) may be laid out beside them.
    /// </summary>
    [Fact]
    public void Tensors_are_those_of_the_files()
    {
        var wrong = Headers.Value
            .Select(header => (header.Key, Difference: Difference(header.Value)))
            .Where(line => line.Difference.Length > 0 && !OtherVariants.ContainsKey(line.Key))
            .Select(line => line.Key + ": " + line.Difference)
            .ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    /// <summary>
    /// Every class of transformers that a record names: models of it are laid out to the published number of parameters
    /// (<c>models.tsv</c>, dimensions that are confirmed) and to that of published files' headers, within 1 %; where
    /// there are none, to the tensors of a header that llama.cpp wrote.
    /// </summary>
    [Fact]
    public void Every_class_lays_out_to_a_published_count()
    {
        var counted = EmbeddedText.Rows("models.tsv").Select(cells => new ModelCatalogRecord(cells))
            .Where(record => record.Doubt is null && record.TextParameters is not null)
            .ToLookup(record => record[ModelColumn.Architecture]);
        var headers = Headers.Value.Concat(RealHeaders.Value).Where(header => !OtherVariants.ContainsKey(header.Key))
            .ToLookup(header => header.Value.Architecture, header => header.Value);
        var named = ArchitectureList.All.Where(known => known.Classes.Length > 0 && known.NoLayout is null).ToList();
        var wrong = named.SelectMany(known => counted[known.Name]).Select(Miss)
            .Concat(EmbeddedText.Rows("models.tsv").Select(cells => new ModelCatalogRecord(cells))
                .Where(record => RecalledDimensions.Contains(record[ModelColumn.Architecture])
                    && record.TextParameters is not null).Select(Miss))
            .Concat(RealHeaders.Value.Select(header => Miss(header.Key, header.Value)))
            .OfType<string>().ToList();
        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        var unproven = named.Where(known => !counted.Contains(known.Name) && !headers.Contains(known.Name)
            && !RecalledDimensions.Contains(known.Name) && known.Name != "jina-bert-v2")
            .Select(known => known.Name);
        Assert.Equal(string.Join(' ', Unproven.Keys), string.Join(' ', unproven.Order(StringComparer.Ordinal)));
    }

    /// <summary>Architectures of which no count and no comparable header is at hand, and why.</summary>
    private static readonly Dictionary<string, string> Unproven = new()
    {
        ["eagle3"] = "drafters are counted with what they share",
        ["gemma4-assistant"] = "its published counts are those of HfConfigTests",
        ["hy_v3"] = "its dimensions were chosen to reach the published count",
    };

    /// <summary>
    /// Architectures whose dimensions are recalled in the catalog: that they and the layout reach the published count
    /// bears both out. Of Grok it is published in billions.
    /// </summary>
    private static readonly string[] RecalledDimensions = ["grok", "rwkv6", "rwkv7"];

    /// <summary>
    /// The model card says 137 million parameters (jinaai/jina-embeddings-v2-base-en, November 2026).
    /// </summary>
    [Fact]
    public void Jinas_encoder_lays_out_to_the_count_of_its_card()
    {
        var model = new ModelMetadata("jina-bert-v2", new Dictionary<string, object>
        {
            ["block_count"] = 12L, ["embedding_length"] = 768L, ["feed_forward_length"] = 3072L,
            ["vocab_size"] = 30528L,
            ["attention.head_count"] = 12L, ["tokenizer.ggml.token_type_count"] = 2L,
        });
        Assert.Null(Miss("jina-bert-v2", new Hyperparameters(model, Traits.None), 137_000_000));
    }

    private static string? Miss(ModelCatalogRecord record) =>
        Miss(record.Id, record.Hyperparameters(), record.TextParameters!.Value);

    private static string? Miss(string name, ModelDefinition header) =>
        Miss(name, new Hyperparameters(Read(header), TraitsOf(header)), header.ParameterCount);

    private static string? Miss(string name, Hyperparameters model, long published)
    {
        const double most = 0.01;
        var laidOut = new LaidOutModel(() => model, null).Define("F16", new List<string>()).ParameterCount;
        return Math.Abs(laidOut - published) <= most * published ? null : $"{name}: {laidOut}, published {published}";
    }

    /// <summary>Files of a variant that no key of the header tells apart: published ones are of the other.</summary>
    private static readonly Dictionary<string, string> OtherVariants = new()
    {
        ["arwkv7-2"] = "norms of the time mixing's heads",
        ["deepseek2-ocr-3"] = "gate and up of the experts in one matrix",
        ["dflash-dense"] = "an embedding and an output of its own",
        ["dflash-dense-drafted"] = "an embedding of its own, and an output of fewer tokens",
        ["dflash-dense-markov"] = "an embedding and an output of its own, and DSpark's head",
        ["dflash-dense-selector"] = "an embedding and an output of its own",
        ["dflash-dense-shared"] = "an embedding and an output of its own, and keys that are its values",
        ["dflash-dense-tied"] = "an embedding of its own",
        ["dflash-dense-window"] = "an embedding and an output of its own",
        ["grok-moe"] = "the last norm under its older name",
        ["jina-bert-v2-dense"] = "a feed-forward without a gate",
        ["step35-q8-mtp"] = "an output matrix a layer for multi-token prediction, and no embedding",
    };

    /// <summary>Tensors that llama.cpp lets a file lack (TENSOR_NOT_REQUIRED); published files have them.</summary>
    private static readonly string[] Optional =
    {
        ".bias", ".ffn_gate_exps.weight", "token_types.weight", "token_embd.weight", ".layer_output_scale.weight",
        ".attn_v.weight", ".attn_gate.weight", ".attn_k.weight", ".attn_k_norm.weight", ".ffn_routed_norm.weight",
        ".ffn_gate_shexp.weight", ".ffn_down_shexp.weight", ".ffn_up_shexp.weight",
    };

    /// <summary>
    /// The keys that an architecture reads: llama.cpp's own test of architectures writes all of them into each header.
    /// </summary>
    private static ModelMetadata Read(ModelDefinition header)
    {
        var metadata = header.Metadata;
        var values = metadata.Keys.ToDictionary(key => key, key => metadata[key]!);
        var names = header.Tensors.ToDictionary(tensor => tensor.Name);
        var shared = header.Tensors.FirstOrDefault(
            tensor => tensor.Name.EndsWith("ffn_up_shexp.weight", StringComparison.Ordinal));
        if (names.ContainsKey("blk.0.ffn_gate_inp.weight")) values.Remove("leading_dense_block_count");
        if (!names.Keys.Any(name => name.Contains("attn_q_a.", StringComparison.Ordinal)))
            values.Remove("attention.q_lora_rank");
        if (shared is null) values.Remove("expert_shared_count");
        if (shared is null || shared.N1 != metadata.Integer("expert_shared_feed_forward_length"))
            values.Remove("expert_shared_feed_forward_length");
        if (shared is not null && values.TryGetValue("expert_feed_forward_length", out var inner) && inner is long one)
            values["expert_shared_count"] = shared.N1 / one;
        if (names.TryGetValue("token_types.weight", out var types))
            values["tokenizer.ggml.token_type_count"] = types.N1;
        if (!names.Keys.Any(name => name.Contains("ffn_gate_inp.weight", StringComparison.Ordinal)))
            values.Remove("expert_count");
        return new ModelMetadata(header.Architecture, values);
    }

    private static string Difference(ModelDefinition header)
    {
        var known = ArchitectureList.Find(header.Architecture)!;
        if (known.NoLayout is not null) return string.Empty;
        var model = new Hyperparameters(Read(header), TraitsOf(header));
        var list = new TensorList(known, model, TensorType.F16);
        known.LayOut(list);
        var expected = header.Tensors.Select(Line).ToHashSet();
        var laidOut = list.Tensors.Select(Line).ToHashSet();
        var missing = expected.Except(laidOut).ToList();
        var names = header.Tensors.Select(tensor => tensor.Name).ToHashSet();
        var more = laidOut.Except(expected)
            .Where(line => names.Contains(line.Split(' ')[0])
                || !Array.Exists(Optional, end => line.Split(' ')[0].EndsWith(end, StringComparison.Ordinal)))
            .ToList();
        if (missing.Count + more.Count == 0) return string.Empty;
        return $"-{missing.Count} [{string.Join(", ", missing.Take(6))}] "
            + $"+{more.Count} [{string.Join(", ", more.Take(6))}]";
    }

    private static string Line(TensorInfo tensor) => tensor.Name + " " + tensor.Elements;

    private static IEnumerable<string> Lacks(Architecture known)
    {
        if (known.Classes.Length == 0) yield return "classes";
        if (known.NoLayout is not null) yield return "layout";
        if (known.Accuracy != Accuracy.Exact) yield return "comparison with llama.cpp";
    }

    private static Traits TraitsOf(ModelDefinition header)
    {
        var names = header.Tensors.Select(tensor => tensor.Name).ToHashSet();
        bool Has(string part) => names.Any(name => name.Contains(part, StringComparison.Ordinal));
        return If(Traits.Tied, !names.Contains("output.weight"))
            | If(Traits.QkvBias, Has(".attn_q.bias") || Has(".attn_qkv.bias"))
            | If(Traits.AttentionOutputBias, Has(".attn_output.bias"))
            | If(Traits.QkNorm, Has("attn_q_norm"))
            | If(Traits.RouterBias, Has("exp_probs_b"))
            | If(Traits.RopeFactors, names.Contains("rope_freqs.weight"))
            | If(Traits.LongRope, names.Contains("rope_factors_long.weight"))
            | If(Traits.SharedPredictionHead, !Has("nextn.embed_tokens"))
            | If(Traits.SplitQkv, Has(".attn_q.weight"))
            | If(Traits.SecondNorm, Has("attn_norm_2"))
            | If(Traits.StateNorm, Has("ssm_norm"))
            | If(Traits.Parallel, !Has("ffn_norm"))
            | If(Traits.GatedFeedForward, Has("ffn_gate.weight"))
            | If(Traits.KeysAreValues, !Has("blk.0.attn_v.weight"));
    }

    private static Traits If(Traits trait, bool isThere) => isThere ? trait : Traits.None;
}
