using System.Diagnostics;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace ModelFit.Bench;

/// <summary>
/// What <c>Import-Module</c> costs against an empty binary module: a process for each import, both kinds in turns, the
/// clock around the import alone.
/// </summary>
internal static class ImportComparison
{
    private const int Rounds = 15;

    /// <summary>Prints the medians and their ratio.</summary>
    public static int Run()
    {
        var empty = new List<double>();
        var module = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            empty.Add(Measure(Manifests.Empty));
            module.Add(Measure(Manifests.ModelFit));
        }

        Console.WriteLine(string.Format(
            CultureInfo.InvariantCulture,
            "empty module {0:0.0} ms, ModelFit {1:0.0} ms, ratio {2:0.00} (medians of {3} processes each)",
            Median(empty),
            Median(module),
            Median(module) / Median(empty),
            Rounds));
        return 0;
    }

    /// <summary>Imports a module in this process and prints the milliseconds.</summary>
    public static int ImportOne(string manifest)
    {
        using var runspace = RunspaceFactory.CreateRunspace(InitialSessionState.CreateDefault2());
        runspace.Open();
        // The first command pays for the engine, whichever it is.
        using (var first = PowerShell.Create(runspace)) first.AddCommand("Get-Module").Invoke();
        using var import = PowerShell.Create(runspace);
        import.AddCommand("Import-Module").AddParameter("Name", manifest);
        var watch = Stopwatch.StartNew();
        import.Invoke();
        watch.Stop();
        if (import.HadErrors) throw new InvalidOperationException(import.Streams.Error[0].ToString());
        Console.WriteLine(watch.Elapsed.TotalMilliseconds.ToString("R", CultureInfo.InvariantCulture));
        return 0;
    }

    private static double Measure(string manifest)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!, ["import-one", manifest])
        {
            RedirectStandardOutput = true,
        };
        using var process = Process.Start(start)!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode != 0) throw new InvalidOperationException($"The import of {manifest} failed.");
        return double.Parse(text, CultureInfo.InvariantCulture);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
