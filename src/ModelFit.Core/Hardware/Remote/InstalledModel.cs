namespace ModelFit.Hardware.Remote;

/// <summary>A model that a machine stores, as its store names it.</summary>
/// <param name="Store">The store: <c>Ollama</c>, or <c>File</c> for a GGUF file.</param>
/// <param name="Name">The tag, or the path of the file.</param>
/// <param name="Bytes">Bytes of the model; null if they are not known.</param>
internal sealed record InstalledModel(string Store, string Name, long? Bytes);
