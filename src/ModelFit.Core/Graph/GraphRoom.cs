using System;
using System.Collections.Generic;

namespace ModelFit.Graph;

/// <summary>
/// The room that llama.cpp makes for a graph before it knows it; one that outgrows it ends the program
/// (src/llama-context.cpp, llama_context::graph_max_nodes; ggml/src/ggml-backend.cpp, ggml_backend_sched_new).
/// </summary>
internal static class GraphRoom
{
    private const long LeastNodes = 1024;

    private static readonly (long Token, long Tensor) Usual = (0, 8);

    private static readonly (long Token, long Tensor) Wide = (40, 32);

    /// <summary>Nodes for each token of a batch, and for each tensor of the file.</summary>
    private static readonly Dictionary<string, (long Token, long Tensor)> Budgets = new(StringComparer.Ordinal)
    {
        ["kimi-k3"] = (160, 64), ["hrm_text"] = (80, 64), ["qwen3next"] = Wide, ["kimi-linear"] = Wide,
        ["bailingmoe3"] = Wide, ["qwen35"] = Wide, ["qwen35moe"] = Wide, ["qwen4exp"] = Wide, ["deepseek4"] = Wide,
        ["nanbeige"] = Wide, ["minimax-01"] = Wide, ["minimax-m3"] = Wide, ["hy_v4"] = Wide,
    };

    /// <summary>Why llama.cpp would end at the start, as a sentence; null if the graph has room.</summary>
    public static string? Refusal(ModelShape model, ComputeGraph graph, long tokens, long tensors)
    {
        var budget = Budgets.TryGetValue(model.Definition.Architecture, out var own) ? own : Usual;
        var nodes = Math.Max(LeastNodes, Math.Max(tokens * budget.Token, tensors * budget.Tensor));
        var (places, needed) = (HashPlaces(nodes), graph.Nodes.Count + graph.Leafs.Count);
        return needed <= places && graph.Nodes.Count <= nodes
            ? null
            : FormattableString.Invariant(
                $"llama.cpp ends at the start: it makes {places} places for a graph, this one takes {needed}. ") +
                "An F16 cache makes it smaller, or for several sequences one cache for all (-KvUnified).";
    }

    /// <summary>The next prime after a power of two that is no smaller (ggml.c, ggml_hash_size).</summary>
    private static long HashPlaces(long least)
    {
        long[] steps = { 7, 5, 3, 17, 27, 3, 1, 29, 3, 21, 7 };
        var power = LeastNodes;
        foreach (var step in steps)
        {
            if (power + step >= least) return power + step;
            power *= 2;
        }

        return least | 1;
    }
}
