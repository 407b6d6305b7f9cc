using System.Globalization;
using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;
using ModelFit.Testing;
using ModelFit.Testing.Truth;
using Xunit;

namespace ModelFit.Core.Tests.Models;

/// <summary>
/// The type of every tensor of 126 small models, nearly one an architecture, in every mix, as llama.cpp's own quantizer
/// chooses them (llama_quant_compute_types of 0.5.0-dev). A line of <c>tests/data/models/mixes.txt.gz</c> has the mix,
/// the commonest type, how many tensors are quantized, and the tensors of every other type.
/// </summary>
public sealed class MixTruthTests
{
    [Fact]
    public void Every_tensor_gets_the_type_that_the_quantizer_gives_it()
    {
        var models = CompactHeaders.Read(
            RepositoryFolder.Path("tests", "data", "memory", "headers-architectures.txt"));
        var (name, cases, wrong) = (string.Empty, 0, new List<string>());
        foreach (var line in CompactHeaders.ReadLines(RepositoryFolder.Path("tests", "data", "models", "mixes.txt.gz")))
        {
            if (line[0] == '#')
            {
                name = line[2..];
                continue;
            }

            cases++;
            if (!IsAsChosen(models[name], line.Split(' '))) wrong.Add($"{name} {line}");
        }

        Assert.Empty(wrong);
        Assert.Equal(126 * 30, cases);
    }

    private static bool IsAsChosen(ModelDefinition model, string[] line)
    {
        var fileType = FileType.Find(line[0])!;
        var types = MixWalk.Apply(
                model.Metadata, model.Tensors, fileType, exceptions: ArchitectureList.MixOf(model.Architecture))
            .ToDictionary(tensor => tensor.Name, tensor => tensor.Type);
        var others = line.Skip(3).Select(text => text.Split(':'))
            .SelectMany(part => part[1].Split(',').Select(tensor => (Name: tensor, Type: Number(part[0])))).ToList();
        if (others.Any(other => (int)types[other.Name] != other.Type)) return false;
        var commonest = (TensorType)Number(line[1]);
        foreach (var (tensor, _) in others) types.Remove(tensor);
        return commonest == TensorType.F32
            || types.Values.Count(type => type == commonest) == Number(line[2]) - others.Count;
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
