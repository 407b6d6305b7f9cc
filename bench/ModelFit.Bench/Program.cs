using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace ModelFit.Bench;

internal static class Program
{
    /// <summary>
    /// <c>import</c> compares what importing costs; <c>import-one PATH</c> is one of its processes; <c>pipelines</c>
    /// compares pipelines; <c>fleet</c> audits one; <c>planning</c> times plans; anything else goes to BenchmarkDotNet.
    /// </summary>
    private static int Main(string[] args)
    {
        if (args is ["import-one", var manifest]) return ImportComparison.ImportOne(manifest);
        if (args is ["import", ..]) return ImportComparison.Run();
        if (args is ["pipelines"]) return PipelineComparison.Run();
        if (args is ["planning"]) return PlanningComparison.Run();
        if (args is ["fleet", .. var fleet]) return FleetComparison.Run(fleet);
        // In process: nothing is built again, and what is measured is what the solution built.
        var job = Job.ShortRun.WithToolchain(InProcessEmitToolchain.Instance);
        var config = DefaultConfig.Instance.AddJob(job);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args, config);
        return 0;
    }
}
