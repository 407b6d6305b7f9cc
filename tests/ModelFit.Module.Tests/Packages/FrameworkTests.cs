using System.Diagnostics;
using System.Reflection;
using System.Threading.Tasks;
using ModelFit.Framework;
using ModelFit.Module.Tests.Hardware;
using Xunit;

namespace ModelFit.Module.Tests.Packages;

/// <summary>Core as Windows PowerShell 5.1 would run it: compiled against .NET Framework, run by Mono.</summary>
public sealed class FrameworkTests
{
    [Fact]
    public async Task The_main_questions_have_the_same_answers_under_the_framework()
    {
        var mono = DebianPackage.Install("mono", "mono-devel");
        Assert.SkipWhen(mono is null, "Mono cannot be installed: .NET Framework was not compared.");
        var program = typeof(FrameworkTests).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(data => data.Key == "FrameworkProgram").Value!;
        var start = new ProcessStartInfo(mono, [program])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal(string.Empty, await errors);
        var answers = MainQuestions.Answers().SelectMany(answer => answer.Split('\n')).ToArray();
        Assert.True(answers.Length > 20);
        Assert.Equal(answers, output.TrimEnd().Split('\n').Select(line => line.TrimEnd('\r')));
    }
}
