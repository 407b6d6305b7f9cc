using ModelFit.Graph;
using ModelFit.Graph.Backends;
using ModelFit.Hardware;
using ModelFit.Memory;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>The answer of <c>Measure-ModelMemory</c>: what a model takes on one device.</summary>
internal static class MemoryAnswer
{
    /// <summary>What the model takes with all of it on one device, the host's part counted.</summary>
    public static MemoryFootprint Of(FitCase fit, IMessageSink messages)
    {
        var question = fit.Question;
        var options = question.Options;
        var gpus = question.Machine?.Gpus ?? System.Array.Empty<GpuSpec>();
        var backend = options.Backend
            ?? (question.Machine is null ? ComputeBackend.Cuda : MachineBudget.BackendOf(gpus));
        var layout = new DeviceLayout
        {
            Backend = backend,
            GpuCount = backend == ComputeBackend.Cpu ? 0 : 1,
            GpuLayers = backend == ComputeBackend.Cpu ? 0 : int.MaxValue,
            Processor = backend == ComputeBackend.Cpu && question.Machine is { } machine
                ? MachineBudget.ProcessorOf(machine)
                : ProcessorKernels.Avx2,
        };
        if (fit.NotLoaded() is { } notLoaded) messages.Warning(notLoaded);
        var memory = fit.Runtime.Measure(fit.Loaded, fit.Definition, layout);
        fit.CheckStarts(memory);
        if (memory.Assumption is { } assumption) messages.Verbose(assumption);
        else if (backend == ComputeBackend.Cpu && question.Machine is null)
            messages.Verbose(MemoryModel.AssumedProcessor);
        var multiprocessors = gpus.Length > 0 ? Multiprocessors.Of(gpus[0]) : null;
        var overhead = BackendProfiles.OverheadOf(backend, multiprocessors);
        if (overhead.HighBytes > 0) messages.Verbose(Knowledge.Counted(overhead));
        var beside = overhead.TypicalBytes + question.CompanionBytes + question.CompanionHostBytes
            + fit.Runtime.BesideBytes(fit.Question, backend);
        return new MemoryFootprint(fit.Answered)
        {
            Backend = backend.ToString(),
            FileBytes = fit.File?.FileBytes ?? question.Model.FileBytes ?? fit.Definition.WeightBytes,
            WeightBytes = memory.Devices.Sum(device => device.WeightBytes),
            KvCacheBytes = memory.Devices.Sum(device => device.KvCacheBytes),
            ComputeBytes = memory.Devices.Sum(device => device.ComputeBytes),
            OutputBytes = memory.Devices.Sum(device => device.OutputBytes),
            OverheadBytes = beside,
            TotalBytes = memory.Devices.Sum(device => device.TotalBytes) + beside,
            Known = Knowledge.Later(fit, memory),
        };
    }
}
