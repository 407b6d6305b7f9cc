using System.Diagnostics;
using System.IO;
using System.Management.Automation;
using System.Threading.Tasks;
using ModelFit.Module.Tests.Engine;
using Xunit;

namespace ModelFit.Module.Tests.Hardware;

/// <summary>Other machines over a real OpenSSH server.</summary>
[Collection(nameof(SshCollection))]
public sealed class SshTests(SshServer server)
{
    private const long Gib = 1L << 30;

    [Fact]
    public void A_host_tells_what_its_own_files_say()
    {
        Require();
        var run = ModuleSession.Once("Get-MachineSpec -HostName answer-1");
        Assert.Empty(run.Errors);
        var there = (MachineSpec)Assert.Single(run.Output).BaseObject;
        var here = (MachineSpec)Assert.Single(ModuleSession.Once("Get-MachineSpec").Output).BaseObject;
        Assert.Equal("ssh", there.Source);
        Assert.Equal(
            (here.ComputerName, here.OperatingSystem, here.Cpu, here.CoreCount, here.LogicalProcessorCount,
                here.CpuFeatures, here.NumaNodeCount, here.Virtualization, here.Gpu),
            (there.ReportedName, there.OperatingSystem, there.Cpu, there.CoreCount, there.LogicalProcessorCount,
                there.CpuFeatures, there.NumaNodeCount, there.Virtualization, there.Gpu));
        Assert.Equal(here.SystemMemoryBytes, there.SystemMemoryBytes);
        Assert.InRange(there.SystemMemoryFreeBytes!.Value, 1, there.SystemMemoryBytes!.Value);
    }

    [Fact]
    public void What_a_host_prints_besides_is_not_taken_for_an_answer()
    {
        Require();
        var run = ModuleSession.Once("'banner-1', 'canned-1' | Get-MachineSpec");
        Assert.Empty(run.Errors);
        Assert.Equal(2, run.Output.Count);
        var canned = run.Output.Select(item => (MachineSpec)item.BaseObject)
            .First(item => item.ReportedName == "node7");
        Assert.Equal("canned-1", canned.ComputerName);
        Assert.Equal((16 * Gib, 8 * Gib), (canned.SystemMemoryBytes, canned.SystemMemoryFreeBytes));
        Assert.Equal((1, 24 * Gib), (canned.GpuCount, canned.GpuMemoryBytes));
        Assert.Contains("7900 XTX", canned.Gpu, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("close-1", ErrorCategory.ReadError, "ended with 7")]
    [InlineData("half-1", ErrorCategory.InvalidData, "ends early")]
    [InlineData("flood-1", ErrorCategory.InvalidData, "cut off")]
    [InlineData("refused-1", ErrorCategory.ReadError, "refused")]
    [InlineData("denied-1", ErrorCategory.ReadError, "Permission denied")]
    [InlineData("changed-1", ErrorCategory.ReadError, "verification failed")]
    [InlineData("hang-1", ErrorCategory.OperationTimeout, "did not answer within 2 s")]
    public void A_host_that_does_not_answer_is_one_error(string host, ErrorCategory category, string says)
    {
        Require();
        var watch = Stopwatch.StartNew();
        var run = ModuleSession.Once($"Get-MachineSpec -HostName {host}, canned-1 -TimeoutSeconds 2");
        var error = Assert.Single(run.Errors);
        Assert.Equal(["ProbeFailed"], run.ErrorIds);
        Assert.Equal(category, error.CategoryInfo.Category);
        Assert.Equal(host, error.TargetObject);
        Assert.Contains(says, error.Exception.Message, StringComparison.Ordinal);
        Assert.Equal(["canned-1"], run.Values("ComputerName"));
        Assert.Equal(["node7"], run.Values("ReportedName"));
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_host_that_failed_is_a_machine_where_that_is_asked_for()
    {
        Require();
        var run = ModuleSession.Once("Get-MachineSpec -HostName close-1, canned-1 -IncludeFailed");
        Assert.Empty(run.Errors);
        Assert.Equal(
            [("canned-1", null), ("close-1", "ProbeFailed")],
            run.Output.Select(item => (MachineSpec)item.BaseObject)
                .Select(machine => (machine.ComputerName!, machine.ErrorId)).Order());
    }

    [Fact]
    public void Stored_models_come_with_the_machine()
    {
        Require();
        server.Store("registry.ollama.ai/library/qwen3/8b", """
            { "layers": [ { "mediaType": "application/vnd.ollama.image.template", "size": 12 },
              { "mediaType": "application/vnd.ollama.image.model", "digest": "sha256:a", "size": 5225374496 } ] }
            """);
        var run = ModuleSession.Once("Get-MachineSpec -HostName answer-1 -IncludeModels");
        Assert.Empty(run.Errors);
        var models = (string)Assert.Single(run.Values("Models"))!;
        Assert.Contains("qwen3:8b (Qwen/Qwen3-8B, 4.9 GiB, Apache-2.0, Ollama)", models, StringComparison.Ordinal);
        var stored = Assert.Single(
            (HostedModel[])Assert.Single(run.Values("HostedModels"))!, item => item.Name == "qwen3:8b");
        Assert.Equal(
            ("Qwen/Qwen3-8B", 5225374496L, "Ollama", "Apache-2.0", null),
            (stored.CatalogModel, stored.FileBytes, stored.Store, stored.License, stored.LicenseConditions));
        Assert.Equal(run.Values("ComputerName").Single(), stored.ComputerName);
        Assert.IsType<ServingRuntime[]>(Assert.Single(run.Values("ServingRuntimes")));
        Assert.NotNull(run.Values("Runtimes").Single());
        Assert.Null(ModuleSession.Once("Get-MachineSpec -HostName answer-1").Values("Models").Single());
    }

    [Fact]
    public void A_name_is_never_an_option_nor_a_command()
    {
        Require();
        var names = new[]
        {
            $"-oProxyCommand=touch {server.Forbidden}", $"x;touch {server.Forbidden}", $"$(touch {server.Forbidden})",
            $"`touch {server.Forbidden}`", $"canned-1\ntouch {server.Forbidden}", $"canned-1 touch {server.Forbidden}",
            $"'canned-1", "\"canned-1", "canned-1\0", "--", "-", "-V", "-lroot@canned-1", "root@-V", "%h", "a|b", "a&b",
            "canned-1:22 -v", "canned-1:-1", "\u2010oX", "ssh://canned-1", new string('a', 300),
        };
        var run = ModuleSession.Once("$rows | Get-MachineSpec", [.. names, "canned-1"]);
        Assert.Equal(Enumerable.Repeat("InvalidArgument", names.Length), run.ErrorIds);
        Assert.Equal(names.Order(), run.Errors.Select(error => (string)error.TargetObject).Order());
        Assert.Equal(["canned-1"], run.Values("ComputerName"));
        Assert.Equal(["node7"], run.Values("ReportedName"));
        Assert.False(File.Exists(server.Forbidden));
    }

    [Fact]
    public async Task Answers_come_before_slow_hosts_and_a_stop_ends_it_within_a_second()
    {
        Require();
        using var session = new ModuleSession();
        using var shell = PowerShell.Create(session.Runspace);
        shell.AddScript("Get-MachineSpec -HostName hang-stop1, hang-stop2, canned-1 -TimeoutSeconds 60");
        using var output = new PSDataCollection<PSObject>();
        var first = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        output.DataAdded += (_, _) => first.TrySetResult();
        var running = shell.BeginInvoke<PSObject, PSObject>(null, output);
        await first.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.False(running.IsCompleted);
        var watch = Stopwatch.StartNew();
        shell.Stop();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
        await Gone("hang-stop");
    }

    [Fact]
    public async Task Five_hundred_hosts_stream_through_one_call_in_bounded_memory()
    {
        Require();
        const string hosts = "1..500 | ForEach-Object { $kind = 'canned'; if ($_ % 50 -eq 7) { $kind = 'close' }; " +
            "if ($_ % 125 -eq 3) { $kind = 'flood' }; if ($_ % 100 -eq 9) { $kind = 'refused' }; \"$kind-$_\" }";
        using var process = ToolProcess.Start("-OutputFormat", "Json", "-Command", $"{hosts} | Get-MachineSpec");
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var (lines, peak) = (0, 0L);
        while (await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            Assert.Contains("node7", line, StringComparison.Ordinal);
            if (++lines == 1) Assert.False(process.HasExited);
            if (lines % 20 == 0) peak = Math.Max(peak, ToolProcess.PeakMemory(process));
        }

        var failed = (await errors).Split('\n').Count(line => line.Contains("[ProbeFailed]", StringComparison.Ordinal));
        Assert.True((lines, failed) == (500 - 19, 19), await errors);
        Assert.InRange(peak, 1, 500L << 20);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(2, process.ExitCode);
    }

    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task A_signal_ends_the_tool_and_every_connection(string signal, int code)
    {
        Require();
        Assert.SkipWhen(
            signal == "INT" && ToolProcess.IgnoresInterrupts, "The tests run where interrupts are ignored.");
        using var process = ToolProcess.Start(
            "-OutputFormat", "Json", "-Command", "'canned-1', 'hang-int1', 'hang-int2' | Get-MachineSpec");
        Assert.NotNull(await process.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
        var watch = Stopwatch.StartNew();
        DebianPackage.Run("kill", "-" + signal, $"{process.Id}");
        await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(
            TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(3));
        Assert.Equal(code, process.ExitCode);
        await Gone("hang-int");
    }

    private void Require() => Assert.SkipWhen(server.Absent is not null, $"No OpenSSH server: {server.Absent}.");

    /// <summary>Waits until no ssh client is connected to such hosts.</summary>
    private static async Task Gone(string host)
    {
        var watch = Stopwatch.StartNew();
        while (Process.GetProcessesByName("ssh")
            .Any(process => CommandLine(process).Contains(host, StringComparison.Ordinal)))
        {
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(5));
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static string CommandLine(Process process)
    {
        try
        {
            return File.ReadAllText($"/proc/{process.Id}/cmdline");
        }
        catch (IOException)
        {
            return string.Empty;
        }
    }
}
