using System.Globalization;
using System.IO;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Management.Automation.Runspaces;
using System.Text.RegularExpressions;
using ModelFit.Module.Tests.Engine;
using ModelFit.Tool;
using ModelFit.Tool.Hosting;
using Xunit;

namespace ModelFit.Module.Tests.Views;

/// <summary>
/// The views as terminals of several widths show them. Under the invariant culture, which containers have, the
/// formatter itself breaks within words.
/// </summary>
public sealed class ViewWidthTests(ViewWidthTests.Terminal terminal) : IClassFixture<ViewWidthTests.Terminal>
{
    private static readonly int[] Widths = [60, 72, 79, 80, 81, 119, 120, 121, 160, 200];

    [Theory]
    [InlineData("Test-ModelFit mixtral-8x22b 'RTX 3090' Q3_K_M -SystemMemory 64GB", "Reason", "Advice")]
    [InlineData("Test-ModelFit qwen3-8b '8x RTX 3090 + RTX 3060 + RTX 4090'", "Reason", "Gpu", "GpuDescription")]
    [InlineData("Test-ModelFit qwen3-8b -GpuCount 0 -SystemMemory 64GB", "Reason")]
    [InlineData("Get-OffloadPlan mixtral-8x22b '2xRTX 3090' Q3_K_M -SystemMemory 64GB -Explain",
        "Reason", "CommandLine")]
    [InlineData("Get-QuantizationSpec q4_k_m | ForEach-Object { $_.PSTypeNames.Insert(0, "
        + "'ModelFit.QuantizationSpec#List'); $_ }", "Source")]
    public void A_list_breaks_between_words_at_every_width(string script, params string[] properties)
    {
        var answer = Assert.Single(terminal.Invoke(script));
        foreach (var width in Widths)
        {
            var shown = terminal.Show(answer, width);
            var words = Regex.Replace(Regex.Replace(shown, @"(?m)^[^\n:]{1,20} : ", string.Empty), @"\s+", " ");
            foreach (var name in properties)
            {
                var text = Regex.Replace((string)answer.Properties[name].Value, @"\s+", " ");
                if (text.Split(' ').Max(word => word.Length) > width - 23) continue;
                Assert.Contains(text, words, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("Test-ModelFit qwen3-8b,mixtral-8x22b 'RTX 3090','RTX 3060'")]
    [InlineData("Find-ModelFit -Model qwen3-*,mixtral* -Gpu 3090")]
    [InlineData("Get-OffloadPlan qwen3-8b,mixtral-8x22b 'RTX 3090' -SystemMemory 128GB")]
    [InlineData("(Get-OffloadPlan mixtral-8x22b '2xRTX 3090' Q3_K_M -SystemMemory 64GB).Devices")]
    [InlineData("Measure-ModelMemory qwen3-8b,mixtral-8x22b")]
    [InlineData("Get-GpuSpec 'RTX 40*'")]
    [InlineData("Get-ModelSpec qwen3-*")]
    [InlineData("Get-QuantizationSpec")]
    [InlineData("@{ Name = 'a'; Gpu = '2x RTX 3090'; SystemMemory = '64GB' } | ConvertTo-MachineSpec")]
    public void A_table_has_one_line_of_labels_and_no_line_longer_than_the_terminal(string script)
    {
        var answers = terminal.Invoke(script);
        foreach (var width in Widths.Where(width => width >= 80))
        {
            var lines = terminal.Show(answers, width).Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .SkipWhile(line => line.StartsWith("   On: ", StringComparison.Ordinal)).ToArray();
            Assert.All(lines, line => Assert.InRange(line.Length, 1, width - 1));
            Assert.Matches("^[-\\s]+$", lines[1]);
        }
    }

    /// <summary>A session whose host is a terminal without colours, as wide as is asked for.</summary>
    public sealed class Terminal : IDisposable
    {
        private readonly StringWriter _text = new() { NewLine = "\n" };
        private readonly ToolHost _host;
        private readonly Runspace _runspace;

        public Terminal()
        {
            _host = new(new ToolConsole { In = TextReader.Null, Out = _text, Error = TextWriter.Null });
            var state = InitialSessionState.CreateDefault2();
            state.ImportPSModule(ModuleSession.Manifest);
            _runspace = RunspaceFactory.CreateRunspace(_host, state);
            _runspace.Open();
        }

        public PSObject[] Invoke(string script)
        {
            using var shell = PowerShell.Create(_runspace);
            return [.. shell.AddScript(script).Invoke()];
        }

        public string Show(object objects, int width)
        {
            _text.GetStringBuilder().Clear();
            _host.UI.RawUI.BufferSize = new Size(width, 1000);
            using var shell = PowerShell.Create(_runspace);
            var before = CultureInfo.CurrentCulture;
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
            try
            {
                shell.AddCommand("Out-Default").Invoke(objects as PSObject[] ?? [(PSObject)objects]);
            }
            finally
            {
                CultureInfo.CurrentCulture = before;
            }

            Assert.Empty(shell.Streams.Error);
            return _text.ToString();
        }

        public void Dispose()
        {
            _runspace.Dispose();
            _text.Dispose();
        }
    }
}
