using ModelFit.Models;

namespace ModelFit.Runtimes.Serving;

/// <summary>What is asked of an engine's memory.</summary>
/// <param name="Model">The text model; shapes count, types only where <paramref name="Quantization"/> is none of
/// the engine's.</param>
/// <param name="Quantization">The checkpoint's format by its catalog name; null for 16 bit.</param>
/// <param name="PublishedParameters">The published count of all parameters; null if it is not known.</param>
/// <param name="Options">How the engine is told.</param>
/// <param name="Card">The card; null for one of which nothing is known.</param>
/// <param name="Share">How cards share the model.</param>
internal sealed record ServedQuestion(
    ModelDefinition Model,
    string? Quantization,
    long? PublishedParameters,
    RuntimeOptions Options,
    GpuSpec? Card,
    Parallelism Share);
