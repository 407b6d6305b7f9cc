using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Hardware;
using ModelFit.Models;
using Xunit;

namespace ModelFit.Core.Tests.Fleet;

/// <summary>A question put to many machines has the answers that it has one by one.</summary>
public class FleetQuestionTests
{
    private const int MachinesOfEach = 20;

    /// <summary>Found by searches of their own when they are read, which take a second each.</summary>
    private static readonly string[] Searched =
    {
        nameof(ModelFitResult.MaxContextLength), nameof(ModelFitResult.MaxParallelSequences),
        nameof(ModelFitResult.LargestQuantization), nameof(ModelFitResult.Advice),
    };

    private static readonly int[] Counts = { 1, 1, 1, 2, 2, 4, 8 };

    /// <summary>
    /// Dense and with experts, small and large, one whose layers remember others, and another runtime.
    /// </summary>
    [Theory]
    [InlineData("llama-3.1-8b-instruct", "LlamaCpp")]
    [InlineData("qwen3-32b", "LlamaCpp")]
    [InlineData("llama-3.3-70b-instruct", "LlamaCpp")]
    [InlineData("gpt-oss-120b", "LlamaCpp")]
    [InlineData("qwen3-30b-a3b", "LlamaCpp")]
    [InlineData("mixtral-8x22b", "LlamaCpp")]
    [InlineData("deepseek-v3.2", "LlamaCpp")]
    [InlineData("gemma-3-27b-it", "Ollama")]
    [InlineData("qwen3-14b", "Vllm")]
    public void Many_machines_are_answered_as_one_by_one(string name, string runtime)
    {
        var model = ModelCatalog.Resolve(name, NullSink.Instance);
        var question = new FitQuestion
        {
            Model = model,
            Options = new RuntimeOptions
            {
                ContextLength = RuntimeOptions.DefaultContextLength(model),
                Runtime = Enum.Parse<ModelRuntime>(runtime),
            },
        };
        var standing = new FleetQuestion(question);
        foreach (var machine in Machines(new Random(name.Length), question).Take(MachinesOfEach))
        {
            var alone = FitEngine.Test(question with { Machine = machine }, NullSink.Instance);
            var among = standing.Ask(new FleetMachine(machine));
            Assert.Equal(
                (machine.Gpu, alone.Verdict, alone.RequiredBytes, alone.AvailableBytes, alone.HeadroomBytes),
                (machine.Gpu, among.VerdictName, among.RequiredBytes, among.AvailableBytes, among.HeadroomBytes));
            foreach (var property in typeof(ModelFitResult).GetProperties().Where(one => !Searched.Contains(one.Name)))
                Assert.Equal(property.GetValue(alone), property.GetValue(among.Answer));
        }
    }

    /// <summary>
    /// Each with a free memory of its own, cards and system memory, so that what was found for one is asked of others:
    /// from far too little to plenty.
    /// </summary>
    [Theory]
    [InlineData("qwen3-235b-a22b", "4x RTX 3090", 96)]
    [InlineData("llama-3.3-70b-instruct", "2x RTX 4060 Ti 16GB", 32)]
    [InlineData("gpt-oss-120b", "RTX 4090", 64)]
    [InlineData("command-r-plus", "RX 7900 XTX + RX 7800 XT", 64)]
    public void Machines_of_one_kind_are_answered_as_one_by_one(string name, string cards, int gibibytes)
    {
        var question = new FitQuestion { Model = ModelCatalog.Resolve(name, NullSink.Instance) };
        var kind = MachineSpecs.Create(
            GpuCatalog.ResolveMany(cards, null, NullSink.Instance),
            (long)gibibytes << 30,
            GpuCatalogLookup.Instance);
        var standing = new FleetQuestion(question);
        var random = new Random(name.Length);
        var verdicts = new HashSet<string>();
        for (var i = 0; i < 3 * MachinesOfEach; i++)
        {
            var machine = kind with
            {
                Gpus = kind.Gpus.Select(card => Free(card, random.NextDouble())).ToArray(),
                SystemMemoryFreeBytes = (long)(kind.SystemMemoryBytes!.Value * (0.2 + (0.8 * random.NextDouble()))),
            };
            var alone = FitEngine.Test(question with { Machine = machine }, NullSink.Instance);
            var among = standing.Ask(new FleetMachine(machine));
            verdicts.Add(alone.Verdict);
            Assert.Equal((alone.Verdict, alone.RequiredBytes), (among.VerdictName, among.RequiredBytes));
        }

        Assert.Subset(verdicts, new HashSet<string> { "NoFit", "Offload" });
    }

    /// <summary>Both have the tensors and the header of the base model, by the catalog's own dimensions.</summary>
    [Fact]
    public void A_base_model_and_its_finetune_share_what_is_derived_of_them()
    {
        static ModelDefinition Of(string name) => FitCase.Of(
            new FitQuestion { Model = ModelCatalog.Resolve(name, NullSink.Instance), Quantization = "Q4_K_M" },
            NullSink.Instance).Definition;
        Assert.Same(Of("internlm/internlm2-base-7b"), Of("internlm/internlm2-chat-7b"));
        Assert.NotSame(Of("internlm/internlm2-base-7b"), Of("internlm/internlm2-base-20b"));
    }

    /// <summary>A row of an inventory that says neither a card nor the memory.</summary>
    [Fact]
    public void A_machine_of_which_no_memory_is_known_is_unknown()
    {
        var machine = MachineSpecs.Create(Array.Empty<GpuSpec>(), null, GpuCatalogLookup.Instance);
        var question = new FitQuestion { Model = ModelCatalog.Resolve("qwen3-8b", NullSink.Instance) };
        var alone = FitEngine.Test(question with { Machine = machine }, NullSink.Instance);
        Assert.Equal("Unknown", alone.Verdict);
        Assert.Contains("-SystemMemory", alone.Reason, StringComparison.Ordinal);
        Assert.Equal("Unknown", new FleetQuestion(question).Ask(new FleetMachine(machine)).VerdictName);
    }

    /// <summary>
    /// Every other machine is near a limit: what is free on each card is what all of it takes there, give or take a
    /// byte.
    /// </summary>
    private static IEnumerable<MachineSpec> Machines(Random random, FitQuestion question)
    {
        var cards = GpuCatalog.All.Where(card => card.MemoryBytes >= 6L << 30 && !card.IsUnifiedMemory).ToArray();
        while (true)
        {
            var gpus = Enumerable.Repeat(cards[random.Next(cards.Length)], Counts[random.Next(Counts.Length)]).ToList();
            if (random.Next(6) == 0) gpus.Add(cards[random.Next(cards.Length)]);
            var machine = MachineSpecs.Create(gpus, (long)(8 << random.Next(6)) << 30, GpuCatalogLookup.Instance);
            var used = machine with { Gpus = machine.Gpus.Select(card => Free(card, random.NextDouble())).ToArray() };
            yield return used;
            var placed = FitCase.Of(question with { Machine = used }, NullSink.Instance).Search.WholeAnyway();
            var reserve = random.Next(2) == 0 ? question.ReserveBytes : 0;
            var free = placed.Cards.Select((card, i) => (card.Card, Bytes: Math.Min(
                card.Card.MemoryBytes!.Value,
                placed.NeededOn(i) + card.OverheadBytes + reserve + random.Next(-1, 2)))).ToArray();
            yield return used with
            {
                Gpus = used.Gpus.Select(card => card with
                {
                    MemoryFreeBytes = free.Where(near => ReferenceEquals(near.Card, card))
                        .Select(near => (long?)near.Bytes).FirstOrDefault() ?? card.MemoryFreeBytes,
                }).ToArray(),
            };
        }
    }

    private static GpuSpec Free(GpuSpec card, double share) =>
        card with { MemoryFreeBytes = (long)((card.MemoryBytes ?? 0) * (0.3 + (0.7 * share))) };
}
