using ModelFit.Models;

namespace ModelFit.Formats;

/// <summary>The layout of a file that is described but is not a language model: asked for memory, it refuses.</summary>
internal sealed class RefusingLayout(ModelFitException refusal) : IModelLayout
{
    public string? NativeQuantization => null;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions) => throw
        new ModelFitException(refusal.ErrorId, refusal.Kind, refusal.Message, refusal.Target, refusal);
}
