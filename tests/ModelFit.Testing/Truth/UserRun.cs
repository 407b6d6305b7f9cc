using System.Globalization;
using System.IO;
using System.IO.Compression;
using ModelFit.Capacity;
using ModelFit.Catalog;

namespace ModelFit.Testing.Truth;

/// <summary>One published run with users at the same time, and what the capacity plan says of it.</summary>
internal sealed record UserRun(
    ModelRuntime Runtime, string Card, int Cards, string Model, string Quantization, int Users, int Prompt, int Answer,
    int? PowerLimit, bool CountsPrompts, double TokensPerSecond, string Source)
{
    /// <summary>The runs of the repository without drafting, at 1 to <paramref name="most"/> users of a copy.</summary>
    public static IReadOnlyList<UserRun> Read(int most)
    {
        using var packed = new GZipStream(
            File.OpenRead(RepositoryFolder.Path("tests", "data", "speed", "measured.tsv.gz")),
                CompressionMode.Decompress);
        using var reader = new StreamReader(packed);
        var names = reader.ReadLine()!.Split('\t');
        var runs = new List<UserRun>();
        while (reader.ReadLine() is { } line)
        {
            var cells = line.Split('\t');
            if (Of(name => cells[Array.IndexOf(names, name)]) is { } run && run.Users <= most) runs.Add(run);
        }

        return runs;
    }

    /// <summary>Tokens a second of each user, as the run counts them; null where the model is not known.</summary>
    public double? Predict()
    {
        try
        {
            var cards = GpuCatalog.ResolveMany($"{Cards}x {Card}", null, NullSink.Instance);
            var machine = Hardware.MachineSpecs.Create(cards, 256L << 30, GpuCatalogLookup.Instance);
            var question = new FitQuestion
            {
                Model = ModelCatalog.Resolve(Model, NullSink.Instance),
                Quantization = TypeOf(),
                Machine = machine,
                IsContextSupposed = true,
                ReserveBytes = 0,
                CardCount = Runtime == ModelRuntime.Vllm ? Cards : null,
                Options = new RuntimeOptions { Runtime = Runtime },
                Load = new ServingLoad { PromptLength = Prompt, PowerLimit = PowerLimit },
            };
            var demand = new CapacityDemand { Users = Users, AnswerLength = Answer, MachineCount = 1 };
            var site = Site.Of(
                MachinePartition.Whole(machine), CapacityEngine.WithContext(question, demand), demand,
                Objectives.Of(question, demand), NullSink.Instance);
            if (site.State is not { } state || site.Replica.Curve is not { } curve || state.IsSaturated) return null;
            return CountsPrompts
                ? state.RequestsPerSecond * Answer / Users
                : curve.TokensPerSecond(state.Requests);
        }
        catch (ModelFitException)
        {
            return null;
        }
    }

    private static UserRun? Of(Func<string, string> text)
    {
        int Number(string name) =>
            int.TryParse(text(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var (kind, tool, split) = (text("Kind"), text("Tool"), text("Split"));
        var isBench = tool == "llama-benchy";
        if (text("Speculation") is not ("" or "none") || text("Quantization")
            .Contains("spec", StringComparison.Ordinal)) return null;
        if (text("Card").Length == 0 || tool == "sglang" || text("Source").Length == 0) return null;
        var prompt = Number("Prompt");
        if (kind != (isBench ? "tg" : "batch") || prompt == 0 || (isBench && Number("Depth") > 0)) return null;
        var copies = split.Length > 0
            ? int.Parse(split.AsSpan(split.IndexOf('x') + 1), CultureInfo.InvariantCulture)
            : 1;
        var cards = split.Length > 0
            ? int.Parse(split.AsSpan(2, split.IndexOf('x') - 2), CultureInfo.InvariantCulture)
            : Math.Max(1, Number("Count"));
        var all = Math.Max(1, Number("Users"));
        if (all % copies != 0) return null;
        return new UserRun(
            text("Backend") == "vLLM" ? ModelRuntime.Vllm : ModelRuntime.LlamaCpp,
            text("Card"), cards, text("Model"), text("Quantization"), all / copies, prompt, Number("Length"),
            Number("PowerLimit") is > 0 and var limit ? limit : null, !isBench,
            double.Parse(text("TokensPerSecond"), CultureInfo.InvariantCulture) / all, text("Source"));
    }

    private string TypeOf()
    {
        var text = Quantization.ToUpperInvariant().Replace("GGUF-", string.Empty, StringComparison.Ordinal);
        return text switch
        {
            "" or "BF16-V23" => "BF16",
            "FP8-DYNAMIC" or "FP8-STATIC" or "INT8-W8A8" => "FP8",
            "AWQ-INT4" => "AWQ",
            "AUTOROUND-INT4" => "GPTQ",
            "NVFP4-V23" => "NVFP4",
            _ => text,
        };
    }
}
