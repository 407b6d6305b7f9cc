using System.Globalization;
using System.IO;
using ModelFit.Architectures;
using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Memory;

/// <summary>
/// The graphs themselves: how many nodes llama.cpp 0.5.0-dev counts up to the last that computes something, for 4096
/// tokens on the processor (<c>tests/data/memory/nodes.txt</c>). What runs in place takes no memory, so that no buffer
/// would tell if it were missing; the room for a graph does.
/// </summary>
public sealed class NodeCountTests
{
    [Fact]
    public void Graphs_have_as_many_nodes_as_llamas()
    {
        var models = new[] { "headers", "headers-architectures" }
            .SelectMany(name => CompactHeaders.Read(Data(name + ".txt")))
            .ToDictionary(pair => pair.Key, pair => pair.Value);
        var rows = File.ReadLines(Data("nodes.txt")).Select(line => line.Split(' ')).ToList();
        var wrong = new List<string>();
        foreach (var row in rows)
        {
            var nodes = NodesOf(models[row[0]]);
            if (nodes != int.Parse(row[1], CultureInfo.InvariantCulture)) wrong.Add($"{row[0]}: {nodes}, not {row[1]}");
        }

        Assert.Empty(wrong);
        Assert.Equal(165, rows.Count);
    }

    private static int NodesOf(ModelDefinition model)
    {
        var shape = ModelShapes.Of(model);
        var options = new RuntimeOptions
        {
            ContextLength = 4096,
            OutputCount = 0,
            FlashAttention = shape.Shape.RefusesFlashAttention || shape.Shape.BreaksUnderFlashAttention
                ? FlashAttentionMode.Off
                : FlashAttentionMode.Auto,
        };
        var devices = new DevicePlan(shape, options, new DeviceLayout { Backend = ComputeBackend.Cpu });
        var builder = new GraphBuilder(shape, new GraphSettings(options), devices);
        var nodes = builder.Build(ModelShapes.ArchitectureOf(model).Compose).Nodes;
        var count = nodes.Count;
        while (nodes[count - 1].Op.IsView()) count--;
        return count;
    }

    private static string Data(string name) => RepositoryFolder.Path("tests", "data", "memory", name);
}
