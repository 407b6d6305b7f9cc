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
        var largest = Math.Max(1, Math.Min(options.MicroBatchSize, options.BatchSize));
        var batches = Math.Ceiling(tokens / (double)largest);
        var depth = question.Load.UsedContext + (tokens / 2.0);
        var stages = Stages(question, tokens / batches, depth);
        var isPipeline = question.Host > 1 && !question.SharesLayers && question.Work[question.Host].AllBytes <= 0;
        var factor = batches;
        if (isPipeline && batches > 1)
        {
            var (all, most) = (stages.Sum(), stages.Max());
            var step = all - (question.Devices[0].Terms.PipelineShare * (all - most));
            factor = (all + ((batches - 1) * step)) / all;
        }

        for (var i = 0; i < stages.Length; i++) stages[i] *= factor;
        return stages;
    }

    /// <summary>Host weights are copied to the first card once a micro-batch and computed there, if it pays.</summary>
    private static double[] Stages(SpeedCase question, double tokens, double depth)
    {
        var host = question.Host;
        var stages = new double[question.Work.Length];
        var step = question.Step;
        if (question.SharesLayers)
        {
            var part = DecodeModel.Whole(question.Work) * (1.0 / host);
            for (var i = 0; i < host; i++)
                stages[0] = Math.Max(stages[0], question.Devices[i].PrefillSeconds(part, tokens, depth, step, true));
            stages[0] += DecodeModel.SumSeconds(question, part.Layers, tokens);
            return stages;
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
