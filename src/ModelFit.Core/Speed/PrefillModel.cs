using System;
using System.Linq;

namespace ModelFit.Speed;

/// <summary>Seconds to read a prompt.</summary>
internal static class PrefillModel
{
    /// <summary>Tokens from which llama.cpp computes host weights on a GPU (ggml-cuda.cu, offload_op).</summary>
    private const int OffloadTokens = 32;

    /// <summary>
    /// The seconds of a prompt by device. Micro-batches go through several cards as through a pipeline where all layers
    /// are on cards (llama-context.cpp, pipeline_parallel), else one after the other.
    /// </summary>
    public static double[] Seconds(SpeedCase question)
    {
        var tokens = Math.Max(1, question.Load.PromptLength);
        var options = question.Options;
        var most = Math.Max(1, Math.Min(options.MicroBatchSize, options.BatchSize));
        var batches = Math.Ceiling(tokens / (double)most);
        var depth = question.Load.UsedContext + (tokens / 2.0);
        var stages = Stages(question, tokens / batches, depth);
        var isPipeline = question.Host > 1 && !question.SharesLayers && question.Work[question.Host].AllBytes <= 0;
        if (!isPipeline || batches <= 1) return stages.Select(stage => stage * batches).ToArray();
        var all = stages.Sum();
        var step = all - (question.Devices[0].Terms.PipelineShare * (all - stages.Max()));
        var factor = (all + ((batches - 1) * step)) / all;
        return stages.Select(stage => stage * factor).ToArray();
    }

    /// <summary>Host weights are copied to the first card once a micro-batch and computed there, if it pays.</summary>
    private static double[] Stages(SpeedCase question, double tokens, double depth)
    {
        var host = question.Host;
        var stages = new double[question.Work.Count];
        var step = question.Step;
        if (question.SharesLayers)
        {
            var part = DecodeModel.Whole(question.Work).Share(host);
            for (var i = 0; i < host; i++)
                stages[i] = question.Devices[i].PrefillSeconds(part, tokens, depth, step, true);
            var slowest = stages.Max() + DecodeModel.SumSeconds(question, part.Layers, tokens);
            return stages.Select((stage, i) => i == 0 ? slowest : 0).ToArray();
        }

        var isOffloaded = host > 0 && question.Options.OffloadOperations && tokens >= OffloadTokens;
        for (var i = 0; i < stages.Length; i++)
        {
            var device = question.Devices[i == host && isOffloaded ? 0 : i];
            stages[i] = device.PrefillSeconds(question.Work[i], tokens, depth, step, question.FlashAttention);
        }

        if (isOffloaded) stages[host] += question.Work[host].AllBytes / question.LinkBytesPerSecond;
        return stages;
    }
}
