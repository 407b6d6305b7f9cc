namespace ModelFit.Graph.Backends;

/// <summary>The backends, a row each. To add one: its rules beside this file, and a row.</summary>
internal static class BackendProfiles
{
    /// <summary>What overheads were measured by.</summary>
    public const string Breakdown = "'unaccounted' in llama.cpp's memory breakdown at exit";

    private const long MiB = 1L << 20;
    private const int MostMultiprocessors = 1024;
    private const string VulkanBreakdown = "https://github.com/ggml-org/llama.cpp/pull/20858";
    private const string MetalBreakdown = "https://github.com/ggml-org/llama.cpp/discussions/19759";

    private static readonly BackendProfile[] All =
    {
        new(ComputeBackend.Cpu, "CPU"),
        new(ComputeBackend.Cuda, "CUDA")
        {
            Words = new[] { "CUDA" }, Vendor = "NVIDIA", NumbersFastestFirst = true,
            Device = buffer => new CudaRules(buffer),
            Overhead = CudaOverhead.OfAny, OverheadOfMultiprocessors = CudaOverhead.Of,
        },
        new(ComputeBackend.Hip, "ROCm")
        {
            Words = new[] { "ROCM", "HIP" }, Vendor = "AMD",
            Device = buffer => new CudaRules(buffer),
            Overhead = new(
                253 * MiB, 300 * MiB, 313 * MiB, $"{Breakdown}: 253 MiB on an MI50, 313 MiB on a Radeon of 16 GiB"),
            NotCompared = "ROCm runs the code of CUDA: its buffers were compared with llama.cpp's on CUDA.",
        },
        new(ComputeBackend.Vulkan, "Vulkan")
        {
            Words = new[] { "VULKAN" },
            Device = buffer => new VulkanRules(buffer),
            Host = buffer => new CpuRules(
                buffer, VulkanRules.HostAlignment, VulkanRules.ChunkSize, VulkanRules.HostBufferOverhead),
            Overhead = new(
                3 * MiB, 250 * MiB, 828 * MiB,
                $"{Breakdown}: 17 MiB on an RX 9060 XT ({VulkanBreakdown}), 3 MiB on an RX 5700 XT, "
                + "828 MiB on an RTX 5090"),
        },
        new(ComputeBackend.Metal, "Metal")
        {
            OtherDevicePrefix = "MTL", Words = new[] { "METAL", "MTL" }, Vendor = "APPLE", PinsHost = false,
            MapsFiles = true,
            Device = buffer => new MetalRules(buffer),
            Overhead = new(
                0, 0, 495 * MiB,
                $"{Breakdown}: none on an M4 Pro and an M5 ({MetalBreakdown}), at most 495 MiB on an M5"),
            NotCompared = "Metal's buffers follow llama.cpp's source and were not compared with it.",
        },
    };

    private static readonly BackendProfile[] ByBackend = All.OrderBy(profile => profile.Backend).ToArray();

    public static BackendProfile Of(ComputeBackend backend) => ByBackend[(int)backend];

    /// <summary>What a backend takes of a device, whose number of streaming multiprocessors may be known.</summary>
    public static RuntimeOverhead OverheadOf(ComputeBackend backend, int? multiprocessors = null)
    {
        var profile = Of(backend);
        return profile.OverheadOfMultiprocessors is { } each && multiprocessors is > 0 and < MostMultiprocessors
            ? each(multiprocessors.Value)
            : profile.Overhead;
    }

    /// <summary>The backend that a benchmark means; null for a word that means none.</summary>
    public static ComputeBackend? Named(string word) =>
        Array.Find(All, profile => profile.Words.Contains(word.ToUpperInvariant()))?.Backend;

    /// <summary>The vendor's own backend; Vulkan for others.</summary>
    public static ComputeBackend OfVendor(string vendor) =>
        (Array.Find(All, profile => string.Equals(profile.Vendor, vendor, StringComparison.OrdinalIgnoreCase))
            ?? Of(ComputeBackend.Vulkan)).Backend;

    /// <summary>
    /// The rules of a machine's devices in the scheduler's order: the GPUs, the processor last; with the memory for
    /// host weights (<paramref name="host"/>: pinned by the first GPU's backend, if it pins any) and plain system
    /// memory (<paramref name="cpu"/>).
    /// </summary>
    public static BackendRules[] RulesOf(ComputeBackend backend, int gpus, out BufferType host, out BufferType cpu)
    {
        var profile = Of(gpus > 0 ? backend : ComputeBackend.Cpu);
        cpu = new BufferType(Of(ComputeBackend.Cpu).Name, -1);
        host = gpus > 0 && profile.PinsHost ? new BufferType(profile.Name + "_Host", -1) : cpu;
        var rules = new BackendRules[gpus + 1];
        for (var i = 0; i < gpus; i++) rules[i] = profile.Device!(new BufferType(profile.Name + i, i));
        rules[gpus] = profile.Host(host);
        return rules;
    }
}
