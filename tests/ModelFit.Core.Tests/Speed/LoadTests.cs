using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Speed;

/// <summary>A load that the memory that is counted has no room for.</summary>
public sealed class LoadTests
{
    [Theory]
    [InlineData(1, 4096, 1, 4096, null)]
    [InlineData(4, 4096, 4, 0, null)]
    [InlineData(1, 4096, 1, 8192, "8192 tokens in use")]
    [InlineData(1, 4096, 8, 0, "8 active sequences")]
    public void It_is_a_warning(int slots, int context, int active, int used, string? warning)
    {
        var heard = new RecordingSink();
        FitEngine.Test(Question(slots, context, active, used), heard);
        if (warning is null) Assert.Empty(heard.Warnings);
        else Assert.StartsWith(warning, Assert.Single(heard.Warnings), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 2048, 1, 131072 - 256)]
    [InlineData(1, 0, 16, 0)]
    public void The_speed_is_of_the_load_that_was_asked(int users, int used, int moreUsers, int moreUsed)
    {
        const int context = 131072;
        var few = FitEngine.Test(Question(users, context, users, used), NullSink.Instance);
        var many = FitEngine.Test(Question(moreUsers, context / moreUsers, moreUsers, moreUsed), NullSink.Instance);
        Assert.True(many.DecodeTokensPerSecond < 0.8 * few.DecodeTokensPerSecond);
    }

    private static FitQuestion Question(int slots, int context, int active, int used) => new()
    {
        Model = ModelCatalog.Resolve("meta-llama/Llama-3.1-8B-Instruct", NullSink.Instance),
        Quantization = "Q4_K_M",
        Machine = Machines.Of("H100 SXM", 256),
        Options = new RuntimeOptions { ContextLength = context, ParallelSequences = slots },
        Load = new ServingLoad { ActiveSequences = active, UsedContext = used },
    };
}
