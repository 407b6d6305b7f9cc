namespace ModelFit.Catalog;

/// <summary>Something of a catalog under the name that people type.</summary>
/// <param name="Name">The name.</param>
/// <param name="Item">What it stands for.</param>
internal sealed record CommonName<T>(string Name, T Item);
