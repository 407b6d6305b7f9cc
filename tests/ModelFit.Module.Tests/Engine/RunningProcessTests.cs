using System.Diagnostics;
using System.IO;
using System.Runtime.Versioning;
using Xunit;

namespace ModelFit.Module.Tests.Engine;

/// <summary>A running process is asked for its launch line, word by word, with its variables.</summary>
public class RunningProcessTests
{
    [Fact]
    [SupportedOSPlatform("linux")]
    public void What_runs_is_a_question()
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "the words of a process are read from /proc");
        var folder = Directory.CreateTempSubdirectory("running process");
        var program = Path.Combine(folder.FullName, "llama-server");
        File.WriteAllText(program, "#!/bin/sh\nread line\n");
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true };
        foreach (var word in new[] { "-m", "/some models/Qwen3-8B-Q8_0.gguf", "-c", "16384", "-ngl", "99" })
            start.ArgumentList.Add(word);
        start.Environment["LLAMA_ARG_N_PARALLEL"] = "2";
        using var process = Process.Start(start)!;
        try
        {
            var run = ModuleSession.Once("Test-ModelFit -Gpu 3090 -InputObject $rows[0]", process);
            Assert.Empty(run.Errors);
            Assert.Equal(["Qwen/Qwen3-8B"], run.Values("Model"));
            Assert.Equal(["Q8_0"], run.Values("Quantization"));
            Assert.Equal([8192], run.Values("ContextLength"));
            Assert.Equal([2], run.Values("ParallelSequences"));
        }
        finally
        {
            process.StandardInput.Close();
            Assert.True(process.WaitForExit(TimeSpan.FromSeconds(10)));
            folder.Delete(recursive: true);
        }
    }
}
