namespace ModelFit.Graph.Backends;

/// <summary>The backends of a machine in the scheduler's order.</summary>
internal static class BackendSet
{
    /// <summary>
    /// The GPUs in order and the processor last, with the memory for host weights (<paramref name="host"/>: pinned by
    /// the first GPU's backend, if it pins any) and plain system memory (<paramref name="cpu"/>).
    /// </summary>
    public static BackendRules[] Create(ComputeBackend backend, int gpus, out BufferType host, out BufferType cpu)
    {
        cpu = new BufferType("CPU", -1);
        host = gpus == 0 || backend == ComputeBackend.Metal ? cpu : new BufferType(Name(backend) + "_Host", -1);
        var set = new BackendRules[gpus + 1];
        for (var i = 0; i < gpus; i++) set[i] = Gpu(backend, new BufferType(Name(backend) + i, i));
        set[gpus] = gpus > 0 && backend == ComputeBackend.Vulkan
            ? new CpuRules(
                host, VulkanRules.HostAlignment, VulkanRules.ChunkSize, VulkanRules.HostBufferOverhead)
            : new CpuRules(host);
        return set;
    }

    private static BackendRules Gpu(ComputeBackend backend, BufferType buffer) => backend switch
    {
        ComputeBackend.Vulkan => new VulkanRules(buffer),
        ComputeBackend.Metal => new MetalRules(buffer),
        _ => new CudaRules(buffer),
    };

    private static string Name(ComputeBackend backend) => backend switch
    {
        ComputeBackend.Hip => "ROCm",
        ComputeBackend.Vulkan => "Vulkan",
        ComputeBackend.Metal => "Metal",
        _ => "CUDA",
    };
}
