using System.Threading;
using ModelFit.Common;

namespace ModelFit;

/// <summary>
/// A language model: a catalog entry, or what a file on disk or behind a URI says of itself. Unknown is null, never 0.
/// Internally it can be asked for its <see cref="Models.ModelDefinition"/> at any quantization.
/// </summary>
public sealed class ModelSpec
{
    private Derived<ModelSpec>? _prepared;

    /// <summary>Name: the catalog's id (a Hugging Face id where there is one), or the name in the file.</summary>
    public string Name { get; internal init => field = CleanText.Name(value); } = string.Empty;

    /// <summary>Family as people speak of it, for example <c>Mixtral</c>.</summary>
    public string? Family { get; internal init => field = CleanText.Name(value); }

    /// <summary>
    /// What it is for: <c>Chat</c>, <c>Code</c>, <c>Vision</c>, <c>Base</c>, <c>Embedding</c>, <c>Reranker</c>,
    /// <c>Guard</c>, <c>Ocr</c>, <c>Speech</c> or <c>Image</c>, by its name and architecture.
    /// </summary>
    public string? Kind { get; internal init; }

    /// <summary>Architecture as llama.cpp names it, for example <c>qwen3moe</c>.</summary>
    public string? Architecture { get; internal init => field = CleanText.Name(value); }

    /// <summary>Number of parameters.</summary>
    public long? ParameterCount { get; internal init; }

    /// <summary>Parameters used for a token; equals <see cref="ParameterCount"/> for dense models.</summary>
    public long? ActiveParameterCount { get; internal init; }

    /// <summary>Number of layers (blocks), multi-token-prediction layers not counted.</summary>
    public int? LayerCount { get; internal init; }

    /// <summary>Width of the residual stream.</summary>
    public int? EmbeddingLength { get; internal init; }

    /// <summary>Width of the (dense or single expert's) feed-forward layer.</summary>
    public int? FeedForwardLength { get; internal init; }

    /// <summary>Number of query heads.</summary>
    public int? HeadCount { get; internal init; }

    /// <summary>Number of key/value heads.</summary>
    public int? KvHeadCount { get; internal init; }

    /// <summary>Width of a key head.</summary>
    public int? KeyLength { get; internal init; }

    /// <summary>Width of a value head.</summary>
    public int? ValueLength { get; internal init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public int? VocabularySize { get; internal init; }

    /// <summary>Context length the model was trained for, in tokens.</summary>
    public int? TrainedContextLength { get; internal init; }

    /// <summary>Number of routed experts a layer; null for dense models.</summary>
    public int? ExpertCount { get; internal init; }

    /// <summary>Experts used for a token; null for dense models.</summary>
    public int? ExpertUsedCount { get; internal init; }

    /// <summary>Sliding window in tokens; null if attention is not windowed.</summary>
    public int? SlidingWindow { get; internal init; }

    /// <summary><c>MHA</c>, <c>GQA</c>, <c>MQA</c>, <c>MLA</c>, <c>Hybrid</c> or <c>Recurrent</c>.</summary>
    public string? AttentionKind { get; internal init; }

    /// <summary>Quantization of the file that was read; null for a catalog entry.</summary>
    public string? Quantization { get; internal set => field = CleanText.Name(value); }

    /// <summary>Bytes of all files of the model that was read; null for a catalog entry.</summary>
    public long? FileBytes { get; internal set; }

    /// <summary>Repository on the Hugging Face hub whose files are meant; null if none was named.</summary>
    public string? Repository { get; internal set => field = CleanText.Name(value); }

    /// <summary>The published file that is meant; null if none is listed.</summary>
    public string? File { get; internal set => field = CleanText.Name(value); }

    /// <summary>The day of the list that has the file, <c>yyyy-MM-dd</c> or less.</summary>
    public string? FileDate { get; internal set; }

    /// <summary>Licence, as SPDX id where there is one.</summary>
    public string? License { get; internal init => field = CleanText.Name(value); }

    /// <summary>Release date, <c>yyyy-MM-dd</c>.</summary>
    public string? ReleaseDate { get; internal init; }

    /// <summary>Full path or URI of the (first) file; null for a catalog entry.</summary>
    public string? ModelPath { get; internal init; }

    /// <summary>
    /// Where the facts come from: <c>Catalog</c>, <c>Gguf</c>, <c>Safetensors</c>, <c>Config</c>, or the store that
    /// has the model (<c>Ollama</c>, <c>LMStudio</c>, <c>HuggingFace</c>, <c>LlamaCpp</c>).
    /// </summary>
    public string? Source { get; internal init; }

    /// <summary>How another name than its own was taken for this model; null if nothing was supposed.</summary>
    internal string? Supposed { get; private set; }

    /// <summary>What turns this model into tensors at a quantization.</summary>
    internal Models.IModelLayout? Layout { get; set; }

    /// <summary>What is derived of it.</summary>
    internal Derived<ModelSpec> Prepared =>
        _prepared ?? Interlocked.CompareExchange(ref _prepared, new(this), null) ?? _prepared!;

    /// <inheritdoc/>
    public override string ToString() => Name;

    /// <summary>The same model, and what was supposed to take it for the name that was asked for.</summary>
    internal ModelSpec MeantBy(string supposed)
    {
        _ = Prepared;
        var meant = (ModelSpec)MemberwiseClone();
        meant.Supposed = supposed;
        return meant;
    }

    /// <summary>The same model as a repository publishes it.</summary>
    internal ModelSpec PublishedAs(
        string repository, PublishedFile? file, string quantization, Models.IModelLayout layout)
    {
        var published = (ModelSpec)MemberwiseClone();
        published._prepared = null;
        published.Repository = repository;
        published.File = file?.File;
        published.FileDate = file?.FileDate;
        published.FileBytes = file?.FileBytes;
        published.Quantization = quantization;
        published.Layout = layout;
        return published;
    }
}
