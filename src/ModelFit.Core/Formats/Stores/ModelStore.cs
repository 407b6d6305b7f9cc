namespace ModelFit;

/// <summary>A place where a program keeps the models it has downloaded.</summary>
public enum ModelStore
{
    /// <summary>Ollama's manifests and blobs.</summary>
    Ollama,

    /// <summary>LM Studio's folder of models.</summary>
    LMStudio,

    /// <summary>The cache of Hugging Face's hub, which transformers, vLLM and newer llama.cpp share.</summary>
    HuggingFace,

    /// <summary>llama.cpp's own cache.</summary>
    LlamaCpp,
}
