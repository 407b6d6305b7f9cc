using System.Collections.Generic;
using ModelFit.Catalog;
using Xunit;

namespace ModelFit.Core.Tests.Models;

public sealed class LaidOutModelTests
{
    /// <summary>Weights as llama.cpp counts them (llama_model_size) for files of these shapes.</summary>
    [Theory]
    [InlineData("mistralai/Mixtral-8x22B-Instruct-v0.1", "Q4_K_M", 85598035968)]
    public void Define_GivesTheWeightsOfTheRealFile(string name, string quantization, long bytes)
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        var assumptions = new List<string>();
        Assert.Equal(bytes, model.Layout!.Define(quantization, assumptions).WeightBytes);
        Assert.Empty(assumptions);
    }
}
