using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using ModelFit.Memory;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Speed;

/// <summary>
/// The work of a model by the slots that llama.cpp places whole: one a layer, the output layer last. Looking a token
/// up in an embedding reads one row and is left out; a tied embedding is the output layer.
/// </summary>
internal sealed class ModelWork
{
    private static readonly ConditionalWeakTable<ModelDefinition, ModelWork> Known = new();

    private const int MaxRemembered = 1024;

    private readonly List<Part>[] _experts;
    private readonly ConcurrentDictionary<DeviceLayout, TokenWork[]> _splits = new();

    private ModelWork(ModelDefinition model)
    {
        var blocks = (int)Math.Max(0, Math.Min(model.Metadata.Integer("block_count", 0), model.Tensors.Count));
        var idle = (int)Math.Min(blocks, model.Metadata.Integer("nextn_predict_layers", 0));
        var experts = (double)model.Metadata.Integer("expert_count", 0);
        var used = (double)model.Metadata.Integer("expert_used_count", 0);
        ExpertShare = experts > 0 && used > 0 ? Math.Min(1, used / experts) : 1;
        var heads = model.Metadata.Integers("attention.head_count", blocks, 0);
        var headLength = HeadLength(model.Metadata);
        Dense = new TokenWork[blocks + 1];
        _experts = new List<Part>[blocks + 1];
        for (var slot = 0; slot < _experts.Length; slot++)
        {
            _experts[slot] = new List<Part>();
            var isComputed = slot < blocks - idle;
            Dense[slot] = new TokenWork
            {
                Layers = isComputed ? 1 : 0,
                AttentionFlops = isComputed ? 2.0 * heads[slot] * headLength : 0,
            };
        }

        foreach (var tensor in model.Tensors)
            if (SlotOf(tensor.Name, blocks) is >= 0 and var slot && (slot < blocks - idle || slot == blocks))
                Add(tensor, slot);
        if (model.Tensor("output.weight") is null && model.Tensor("token_embd.weight") is { } tied) Add(tied, blocks);
    }

    /// <summary>Part of the experts of a layer that one token uses.</summary>
    public double ExpertShare { get; }

    /// <summary>The work of each slot apart from experts.</summary>
    public TokenWork[] Dense { get; }

    /// <summary>The work of a model that is alive, summed once.</summary>
    public static ModelWork Of(ModelDefinition model) => Known.GetValue(model, definition => new ModelWork(definition));

    /// <summary>The work by device for a layout, the host last; remembered, and not to be changed.</summary>
    public TokenWork[] ByDevice(DeviceLayout layout)
    {
        if (_splits.Count >= MaxRemembered) _splits.Clear();
        return _splits.GetOrAdd(layout, asked => WorkSplit.ByDevice(this, asked));
    }

    /// <summary>The expert tensors of a slot.</summary>
    public IReadOnlyList<Part> Experts(int slot) => _experts[slot];

    private void Add(TensorInfo tensor, int slot)
    {
        var isExpert = tensor.Name.IndexOf("exps.", StringComparison.Ordinal) >= 0;
        var share = isExpert ? ExpertShare : 1;
        var isMatrix = tensor.N1 > 1;
        var weights = isMatrix ? tensor.Elements * share : 0;
        var work = new TokenWork(
            tensor.Bytes * share,
            weights,
            tensor.Type.IsQuantized() ? 0 : weights,
            isExpert ? weights : 0,
            tensor.Bytes,
            0,
            0,
            0);
        if (!isExpert)
        {
            Dense[slot] += work;
            return;
        }

        if (_experts[slot].Count == 0) work = work with { ExpertLayers = 1 };
        _experts[slot].Add(new Part(tensor.Name, work));
    }

    /// <summary>Length of a head's key and value together.</summary>
    private static long HeadLength(ModelMetadata metadata)
    {
        var heads = Math.Max(1, metadata.Integer("attention.head_count", 1));
        var length = metadata.Integer("embedding_length", 0) / heads;
        return metadata.Integer("attention.key_length", length) + metadata.Integer("attention.value_length", length);
    }

    // Of a model of two halves a generated token runs through the decoder (T5: dec.blk.0).
    private static int SlotOf(string name, int blocks)
    {
        if (name.StartsWith("dec.", StringComparison.Ordinal)) name = name.Substring("dec.".Length);
        if (name.StartsWith("output", StringComparison.Ordinal)) return blocks;
        return QuantizationMix.Layer(name) is var slot && slot < blocks ? slot : -1;
    }

    /// <summary>One expert tensor.</summary>
    internal sealed record Part(string Name, TokenWork Work);
}
