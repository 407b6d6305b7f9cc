using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;
using BenchmarkDotNet.Attributes;
using ModelFit.Catalog;

namespace ModelFit.Bench;

/// <summary>10,000 objects through <c>Test-ModelFit</c>, against a cmdlet that writes what it gets.</summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private const int Count = 10_000;

    private static readonly string[] Cards = ["RTX 3090", "RTX 4090", "A100 80GB", "RX 7900 XTX", "L40S", "RTX 3060"];

    private Runspace _runspace = null!;
    private object[] _rows = null!;
    private object[] _specs = null!;

    /// <summary>Rows as Import-Csv makes them, and specs of the catalog.</summary>
    [GlobalSetup]
    public void Setup()
    {
        _runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        _runspace.Open();
        foreach (var manifest in new[] { Manifests.Empty, Manifests.ModelFit })
        {
            using var import = PowerShell.Create(_runspace);
            import.AddCommand("Import-Module").AddParameter("Name", manifest).Invoke();
        }

        _rows = Enumerable.Range(0, Count).Select(Row).ToArray<object>();
        var cards = GpuCatalog.All.Where(card => card.MemoryBytes >= 8L << 30).ToArray();
        _specs = Enumerable.Range(0, Count).Select(i => cards[i % cards.Length]).ToArray<object>();
    }

    /// <summary>Closes the engine.</summary>
    [GlobalCleanup]
    public void Cleanup() => _runspace.Dispose();

    /// <summary>The measure of both.</summary>
    [Benchmark(Baseline = true)]
    public int PassThruRows() => Run("Invoke-PassThru", _rows, null);

    /// <summary>The floor for rows: properties are bound by name, and nothing is done.</summary>
    [Benchmark]
    public int BoundRows() => Run("Invoke-BoundPassThru", _rows, "any");

    /// <summary>Inventory rows with the model typed.</summary>
    [Benchmark]
    public int TestRows() => Run("Test-ModelFit", _rows, "meta-llama/Llama-3.1-8B-Instruct");

    /// <summary>The measure for specs.</summary>
    [Benchmark]
    public int PassThruSpecs() => Run("Invoke-PassThru", _specs, null);

    /// <summary>The floor for specs.</summary>
    [Benchmark]
    public int BoundSpecs() => Run("Invoke-BoundPassThru", _specs, "any");

    /// <summary>Cards of the catalog with the model typed.</summary>
    [Benchmark]
    public int TestSpecs() => Run("Test-ModelFit", _specs, "meta-llama/Llama-3.1-8B-Instruct");

    private static PSObject Row(int index)
    {
        var row = new PSObject();
        row.Properties.Add(new PSNoteProperty("ComputerName", $"pc{index}"));
        row.Properties.Add(new PSNoteProperty("Gpu", Cards[index % Cards.Length]));
        var gigabytes = (16 << (index % 3)).ToString(CultureInfo.InvariantCulture);
        row.Properties.Add(new PSNoteProperty("SystemMemory", gigabytes + "GB"));
        return row;
    }

    private int Run(string command, IEnumerable<object> input, string? model)
    {
        using var shell = PowerShell.Create(_runspace);
        shell.AddCommand(command);
        if (model is not null) shell.AddParameter("Model", model);
        var answers = shell.Invoke(input).Count;
        return answers == Count ? answers : throw new InvalidOperationException(
            $"{answers} answers to {Count} questions: {shell.Streams.Error.FirstOrDefault()}");
    }
}
