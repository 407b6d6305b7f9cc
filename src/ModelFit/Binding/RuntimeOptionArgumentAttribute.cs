using System.Management.Automation;

namespace ModelFit.Binding;

/// <summary>What New-ModelRuntimeOption made, live or deserialized.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RuntimeOptionArgumentAttribute : ArgumentTransformationAttribute
{
    /// <inheritdoc/>
    public override object? Transform(EngineIntrinsics engineIntrinsics, object? inputData) =>
        TypeNames.Is<ModelRuntimeOption>(inputData) ? Rehydration.RuntimeOption(inputData!) : inputData;
}
