using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Memory;
using ModelFit.Models;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>
/// What a drafting head takes from the model that it drafts for (<c>ctx_other</c> of llama.cpp): its embedding and its
/// output, where the head's file has none. The graph reads them; nothing is loaded twice.
/// </summary>
internal static class SharedTensors
{
    private const string Embedding = "token_embd.weight", Output = "output.weight";

    private static readonly BoundedCache<ModelDefinition, Shared> Known = new();

    /// <summary>The head with the tensors of the model; itself if it has its own.</summary>
    public static ModelDefinition With(ModelDefinition head, FitQuestion question)
    {
        if (head.Tensor(Embedding) is not null || PublishedModels.Layout(question.Model) is not { } layout) return head;
        var target = layout.Define(question.Quantization ?? layout.NativeQuantization, new List<string>());
        var known = Known.Get(head, _ => new Shared(target, Join(head, target)));
        return ReferenceEquals(known.Target, target) ? known.Whole : Join(head, target);
    }

    /// <summary>What a head takes without the tensors that are the model's.</summary>
    public static MemoryEstimate Without(MemoryEstimate memory, ModelDefinition head, ModelDefinition whole)
    {
        if (ReferenceEquals(head, whole)) return memory;
        long Bytes(string name) => head.Tensor(name) is null ? whole.Tensor(name)?.Bytes ?? 0 : 0;
        var (embedding, output) = (Bytes(Embedding), Bytes(Output));
        var holder = memory.Gpus.LastOrDefault(gpu => gpu.WeightBytes >= output) ?? memory.Host;
        var devices = memory.Devices.Select(device => device with
        {
            WeightBytes = device.WeightBytes - (device.IsHost ? embedding : 0) - (device == holder ? output : 0),
        });
        return memory with { Devices = devices.ToArray() };
    }

    private static ModelDefinition Join(ModelDefinition head, ModelDefinition target)
    {
        var embedding = target.Tensor(Embedding);
        var output = (target.Tensor(Output) ?? embedding) is { } made ? made with { Name = Output } : null;
        var shared = new[] { embedding, head.Tensor(Output) is null ? output : null }.OfType<TensorInfo>();
        var accuracy = head.Accuracy > Accuracy.Modelled ? head.Accuracy : Accuracy.Modelled;
        return new ModelDefinition(head.Metadata, head.Tensors.Concat(shared).ToArray(), accuracy);
    }

    private sealed record Shared(ModelDefinition Target, ModelDefinition Whole);
}
