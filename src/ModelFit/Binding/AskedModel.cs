namespace ModelFit.Binding;

/// <summary>A model that is asked about.</summary>
/// <param name="Spec">The model.</param>
/// <param name="Quantization">The quantization that its name says beside it, or null.</param>
internal readonly record struct AskedModel(ModelSpec Spec, string? Quantization = null);
