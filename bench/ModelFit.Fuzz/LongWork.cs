using System.IO;
using System.Text;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Fit;
using ModelFit.Fleet;
using ModelFit.Fleet.Buying;
using ModelFit.Fleet.Placing;
using ModelFit.Hardware.Inventory;
using ModelFit.Speed.Benchmarks;
using ModelFit.Testing;

namespace ModelFit.Fuzz;

/// <summary>What takes long and can be stopped: every kind of text of 8 MB, many rows, rankings and plans.</summary>
internal sealed class LongWork : IDisposable
{
    private const int LongText = 8 << 20;

    private readonly TemporaryFolder _folder = new();

    private LongWork()
    {
        var recorded = InventoryMixes.Originals.Where(text => text.Length > 0)
            .Select(text => ("recorded inventories", Text(() => Repeated(text + "\n"))));
        var kinds = new (string, Func<Action<CancellationToken>>)[]
        {
            ("100,000 lines of CSV", Text(Rows)),
            ("brackets", Text(() => new string('[', LongText))),
            ("braces", Text(() => Repeated("{\"a\":"))),
            ("blanks", Text(() => new string(' ', LongText) + "x")),
            ("line ends", Text(() => "x" + new string('\n', LongText))),
            ("one line", Text(() => new string('a', LongText))),
            ("a cell that does not end", Text(() => "Host,GPU\nn1,\"" + Repeated("x 2 "))),
            ("counts", Text(() => "Host,GPU\n" + Repeated("n1,x 2 "))),
            ("CDATA", Text(() => "<nvidia_smi_log><gpu><product_name>" + Repeated("<![CDATA[x]]>"))),
            ("nested XML", Text(() => "<nvidia_smi_log>" + Repeated("<gpu><fb_memory_usage/>"))),
            ("libvirt", Text(() => Repeated("<domain><memory>1</memory><vcpu>1</vcpu></domain>"))),
            ("YAML", Text(() => "hosts:\n" + Repeated("- gpu: RTX 3090\n  ram: 64GB\n"))),
            ("JSON of one array", Text(() => "[" + Repeated("""{"Host":"a","GPU":"RTX 3090","RAM":"64GB"},"""))),
            ("100,000 rows of a pipeline", () => ReadRows),
            ("measurements as JSON", Measured("""[{"n_prompt":512,"n_gen":0,"avg_ts":1.5,"model_type":"x"}]""")),
            ("measurements as a log", Measured("prompt eval time = 1.5 ms / 20 tokens (1 ms, 9 tokens per second)\n")),
            ("measurements as a table", Measured("| model | test | t/s |\n| x | pp512 | 1.5 |\n")),
            ("records of an audit", ReadAudit),
            ("a policy as long as one may be", () => ReadPolicy),
            ("ranking of the catalog", () => Find),
            ("placement of 1,000 x 50", () => Place),
            ("purchases for 2,000 machines", () => Buy),
        };
        Kinds = [.. recorded, .. kinds];
    }

    /// <summary>What is stopped, by kind; making it is no part of the work.</summary>
    public IReadOnlyList<(string Kind, Func<Action<CancellationToken>> Make)> Kinds { get; }

    /// <summary>All kinds.</summary>
    public static LongWork All() => new();

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static Func<Action<CancellationToken>> Text(Func<string> text) => () =>
    {
        var made = text();
        return stop => _ = InventoryReader.ReadText(
            made, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { },
            options: new InventoryOptions(null, stop)).Count();
    };

    private static Func<Action<CancellationToken>> Measured(string text) => () =>
    {
        var made = Repeated(text);
        return stop => BenchmarkReader.Read(made, stop);
    };

    private Action<CancellationToken> ReadAudit()
    {
        var path = _folder["audit.jsonl"];
        if (!File.Exists(path)) File.WriteAllText(path, Repeated("{\"SchemaVersion\":1,\"ComputerName\":\"a\"}\n"));
        return stop => _ = AuditJson.Read(path, stop).Count();
    }

    private static void ReadPolicy(CancellationToken stop)
    {
        const string rule = """{"name":"a","machines":{"Gpu":"*"},"require":{"model":"qwen3-8b"}},""";
        PolicyFile.Parse(
            """{"$schema":"modelfit-policy-1","rules":["""
                + string.Concat(Enumerable.Repeat(rule, LongText / rule.Length)) + "]}",
            "x", stop);
    }

    private static void ReadRows(CancellationToken stop) => _ = InventoryReader.ReadRows(
        Enumerable.Range(0, 100_000).Select(row => new Dictionary<string, object?>
        {
            ["ComputerName"] = FormattableString.Invariant($"pc{row}"), ["Gpu"] = "RTX 3090", ["RAM"] = "64GB",
        }),
        null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { }, new InventoryOptions(null, stop)).Count();

    private static void Find(CancellationToken stop) => FitEngine.Find(
        new FitQuestion { Model = ModelCatalog.All[0], Machine = Machines.Of("RTX 3090", 64) },
        ModelCatalog.All, null, null, NullSink.Instance, stop);

    private static void Place(CancellationToken stop) => FleetPlanner.Plan(
        Fleet(1000).Select(machine => new LabelledMachine(machine, null)).ToArray(),
        Models().Take(50).Select(model => new FleetDemand
        {
            Question = new FitQuestion { Model = model }, Replicas = 20,
        }).ToArray(),
        FleetObjective.FewestMachines, FleetSpread.None, NullSink.Instance, stop);

    private static void Buy(CancellationToken stop) => UpgradePlanner.Plan(
        Fleet(2000),
        new UpgradeDemand { Question = new FitQuestion { Model = Models().First() } },
        NullSink.Instance, stop);

    private static IEnumerable<ModelSpec> Models() => ModelCatalog.All
        .Where(model => model.Layout is not null && model.ParameterCount is > 1_000_000_000 and < 40_000_000_000);

    private static MachineSpec[] Fleet(int count)
    {
        string[] cards = ["RTX 3060 12GB", "RTX 3090", "RTX 4090", "2x RTX 3090", "L40S", "4x RTX 3090"];
        return Enumerable.Range(0, count).Select(at => Machines.Of(cards[at % cards.Length], 32 + at)).ToArray();
    }

    private static string Repeated(string text)
    {
        var many = new StringBuilder();
        while (many.Length < LongText) many.Append(text);
        return many.ToString();
    }

    private static string Rows() => "ComputerName,Gpu,SystemMemory\n" + string.Concat(
        Enumerable.Range(0, 100_000).Select(row => FormattableString.Invariant($"pc{row},RTX 3090,64GB\n")));
}
