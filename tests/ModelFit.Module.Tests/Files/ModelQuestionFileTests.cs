using ModelFit.Models;
using ModelFit.Module.Tests.Engine;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Module.Tests.Files;

/// <summary>Questions about files and addresses, and about what is loaded beside a model.</summary>
public sealed class ModelQuestionFileTests : IDisposable
{
    private const long CompanionBytes = (64 * 8 * 2) + (2 * 64 * 8 * 4);

    private readonly TemporaryFolder _folder = new();
    private readonly string _model;

    public ModelQuestionFileTests() => _model = Quoted(_folder.Write(SampleModels.Llama().ToArray(), "model.gguf"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Adds_the_bytes_of_a_projector_and_of_adapters()
    {
        var run = ModuleSession.Once($"Measure-ModelMemory {_model}; Measure-ModelMemory {_model} {Companions}");
        Assert.Empty(run.Errors);
        var totals = run.Values("TotalBytes").Cast<long>().ToArray();
        Assert.Equal(CompanionBytes, totals[1] - totals[0]);
        Assert.Equal("Approximate", run.Values("Accuracy")[1]);
    }

    [Fact]
    public void Passes_them_on_to_the_server()
    {
        var run = ModuleSession.Once($"(Get-OffloadPlan {_model} 'RTX 3090' {Companions}).Arguments");
        var arguments = run.Output.Select(word => word.ToString()).ToArray();
        Assert.Equal(_folder["mmproj.gguf"], arguments[Array.IndexOf(arguments, "--mmproj") + 1]);
        Assert.Equal(_folder["lora.gguf"], arguments[Array.IndexOf(arguments, "--lora") + 1]);
    }

    [Fact]
    public void Counts_them_on_the_first_card()
    {
        var script = $"Get-OffloadPlan {_model} 'RTX 3090'; Get-OffloadPlan {_model} 'RTX 3090' {Companions}";
        var plans = ModuleSession.Once(script).Output.Select(plan => (OffloadPlan)plan.BaseObject).ToArray();
        Assert.Equal(CompanionBytes, plans[1].Devices[0].OverheadBytes - plans[0].Devices[0].OverheadBytes);
        Assert.Equal(plans[0].Devices[1].TotalBytes, plans[1].Devices[1].TotalBytes);
    }

    [Theory]
    [InlineData("-Projector 'nowhere.gguf'", "FileUnreadable")]
    [InlineData("-Projector ''", "EmptyArgument")]
    [InlineData("-Adapter @()", "EmptyArgument")]
    [InlineData("-Adapter MODEL", "InvalidModelFile")]
    public void Refuses_what_is_no_companion(string words, string id) => Assert.Equal(
        [id], ModuleSession.Once($"Measure-ModelMemory {_model} {words.Replace("MODEL", _model)}").ErrorIds);

    /// <summary>Rows come from anywhere; only who types an address means it to be asked.</summary>
    [Fact]
    public void Asks_only_addresses_that_were_typed()
    {
        var address = Quoted(new Uri(_folder["model.gguf"]).AbsoluteUri);
        Assert.Equal(["Tiny Llama"], ModuleSession.Once($"Measure-ModelMemory {address}").Values("Model"));
        Assert.Equal(["InvalidArgument"], ModuleSession.Once($"{address} | Measure-ModelMemory").ErrorIds);
        var row = $"[pscustomobject]@{{ Model = {address} }} | Measure-ModelMemory";
        Assert.Equal(["InvalidArgument"], ModuleSession.Once(row).ErrorIds);
    }

    private string Companions
    {
        get
        {
            var projector = new GgufWriter().Add("general.architecture", "clip")
                .Add("mm.0.weight", TensorType.F16, 64, 8);
            var adapter = new GgufWriter().Add("general.architecture", "llama").Add("adapter.type", "lora")
                .Add("blk.0.attn_q.weight.lora_a", TensorType.F32, 64, 8)
                .Add("blk.0.attn_q.weight.lora_b", TensorType.F32, 8, 64);
            return "-Projector " + Quoted(_folder.Write(projector.ToArray(), "mmproj.gguf"))
                + " -Adapter " + Quoted(_folder.Write(adapter.ToArray(), "lora.gguf"));
        }
    }

    private static string Quoted(string text) => "'" + text.Replace("'", "''") + "'";
}
