using ModelFit.Models;

namespace ModelFit.Formats;

/// <summary>The layout of a file that is described but is not a language model: asked for memory, it refuses.</summary>
internal sealed class RefusingLayout : IModelLayout
{
    private readonly ModelFitException _refusal;

    /// <summary>Creates a layout that throws.</summary>
    public RefusingLayout(ModelFitException refusal) => _refusal = refusal;

    public string? NativeQuantization => null;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions) => throw
        new ModelFitException(_refusal.ErrorId, _refusal.Kind, _refusal.Message, _refusal.Target, _refusal);
}
