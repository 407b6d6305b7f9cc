using ModelFit.Models;

namespace ModelFit.Testing;

/// <summary>A model that is one definition, whatever quantization is asked for.</summary>
internal sealed class FixedLayout(ModelDefinition definition, string quantization) : IModelLayout
{
    public string? NativeQuantization => quantization;

    public ModelDefinition Define(string? quantization, ICollection<string> assumptions) => definition;

    /// <summary>The definition as a model of that name.</summary>
    public static ModelSpec Model(string name, ModelDefinition definition, int trainedContext) => new()
    {
        Name = name,
        TrainedContextLength = trainedContext,
        ParameterCount = definition.ParameterCount,
        Layout = new FixedLayout(definition, "Q4_K_M"),
    };
}
