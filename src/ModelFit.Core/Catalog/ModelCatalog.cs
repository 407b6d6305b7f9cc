using System;
using System.Collections.Generic;

namespace ModelFit.Catalog;

/// <summary>The models that people meet, and how their names are understood. Loaded on first use.</summary>
public static class ModelCatalog
{
    /// <summary>Every model, by family and size. Each has its layout.</summary>
    public static IReadOnlyList<ModelSpec> All => throw new NotImplementedException();

    /// <summary>
    /// The one model that a name stands for: catalog id, Hugging Face id, alias, Ollama tag, in any spelling of case
    /// and separators. Throws <see cref="ErrorIds.ModelNotFound"/> with the nearest names.
    /// </summary>
    public static ModelSpec Resolve(string name, IMessageSink messages) => throw new NotImplementedException();

    /// <summary>The models that a PowerShell-style wildcard (over ids and aliases) or a name stands for.</summary>
    public static IReadOnlyList<ModelSpec> Search(string nameOrWildcard) => throw new NotImplementedException();

    /// <summary>A Hugging Face repository with GGUF files of the model, for <c>-hf</c>; null if none is known.</summary>
    public static string? GgufRepository(ModelSpec model) => throw new NotImplementedException();
}
