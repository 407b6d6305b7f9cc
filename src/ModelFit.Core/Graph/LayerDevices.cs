namespace ModelFit.Graph;

/// <summary>
/// Which device each layer lies on: the last ones on the GPUs, each on the first whose cumulated share exceeds the
/// layer's place among them (src/llama-model.cpp, load_tensors, get_layer_buft_list).
/// </summary>
internal static class LayerDevices
{
    /// <summary>The index of the GPU of each layer, the output layer counted as the last; -1 is the host.</summary>
    public static int[] Of(DeviceLayout layout, int gpus, int layers)
    {
        var devices = new int[layers];
        var offloaded = layout.GpuLayers < 0 ? layers : Math.Min(layout.GpuLayers, layers);
        var end = layout.IsOutputLast && offloaded < layers ? layers - 1 : layers;
        var first = end - offloaded;
        var cuts = gpus > 1 ? Cuts(gpus, layout.Split) : null;
        for (var i = 0; i < layers; i++)
        {
            if (gpus == 0 || i < first || i >= end) devices[i] = -1;
            else if (cuts is not null) devices[i] = DeviceAt(cuts, (i - first) / (float)offloaded);
        }

        return devices;
    }

    /// <summary>
    /// The same layout with its shares counted in layers, where those cut alike: free memory that differs by a byte
    /// makes the same placement.
    /// </summary>
    public static DeviceLayout InLayers(DeviceLayout layout, int layers)
    {
        if (layout.GpuCount < 2 || layout.Split is null) return layout;
        var devices = Of(layout, layout.GpuCount, layers);
        var shares = new double[layout.GpuCount];
        foreach (var device in devices)
            if (device >= 0) shares[device]++;
        var counted = layout with { Split = new EquatableArray<double>(shares) };
        return Of(counted, layout.GpuCount, layers).SequenceEqual(devices) ? counted : layout;
    }

    // All in single precision, as llama.cpp has it: the borders depend on the rounding.
    private static float[] Cuts(int gpus, EquatableArray<double>? shares)
    {
        var cuts = new float[gpus];
        var sum = 0f;
        for (var i = 0; i < gpus; i++)
        {
            sum += shares is null || shares.Count == 0 ? 1f : i < shares.Count ? (float)shares[i] : 0f;
            cuts[i] = sum;
        }

        for (var i = 0; i < gpus; i++) cuts[i] = sum > 0 ? cuts[i] / sum : (i + 1f) / gpus;
        return cuts;
    }

    private static int DeviceAt(float[] cuts, float position)
    {
        for (var i = 0; i < cuts.Length; i++)
            if (cuts[i] > position) return i;
        return cuts.Length - 1;
    }
}
