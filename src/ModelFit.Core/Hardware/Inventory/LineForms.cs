namespace ModelFit.Hardware.Inventory;

/// <summary>The programs whose logs and lists tell a fact a line; a program more is a row more.</summary>
internal static class LineForms
{
    /// <summary>What the kernel says of processor and memory when it starts.</summary>
    private static readonly string[] Boot =
    {
        @"smpboot: CPU0: (?<cpu>\S[^\n]{2,100}?) \(fam",
        @"\] Memory: \d{1,12}K/(?<ram>\d{1,12}K) available",
    };

    /// <summary>The kernel's log, where nothing else in it is known: tools tell the memory more exactly.</summary>
    public static LineForm Kernel { get; } = new(
        "the kernel's log", "smpboot: CPU0:, Memory: …K/…K available", "K available", Boot);

    /// <summary>The kinds in the order in which they are tried.</summary>
    public static IReadOnlyList<LineForm> All { get; } =
    [
        // What llama.cpp calls memory is what its backend may use: of a Mac the limit of the GPU.
        new("llama.cpp", "CUDA0: … (… MiB, … MiB free), using device CUDA0 (…), ggml_vulkan: 0 = …",
            " MiB free|VMM: |ggml_|fp16: |:gpu:|MiB) |",
            @"(?:^|\s)(?<backend>CUDA|ROCm|HIP|MTL|Metal|Vulkan|SYCL|CANN|MUSA|OpenCL|GPUOpenCL)(?<card>\d{0,3}): " +
            @"(?<name>.{1,160}?) \((?<total>\d{1,9}) MiB, (?<free>\d{1,9}) MiB free\)\s{0,40}$",
            @"(?:^|\s)Device (?<card>\d{1,3}): (?<name>[^,\n]{1,120}), (?:compute capability " +
            @"(?<capability>\d{1,2}\.\d)|(?<target>gfx[0-9a-f]{3,6})[^,\n]{0,60})" +
            @".{0,200}?VMM: (?:yes|no)(?:.{0,60}?VRAM: (?<total>\d{1,9}) MiB)?",
            @"using device [A-Za-z]+(?<card>\d{1,3}) \((?<name>[^\n]{2,120}?)\)(?: \((?<bus>[^()]{4,20})\))?" +
            @" - (?<free>\d{1,9}) MiB free",
            @"\|\s{1,20}- [A-Za-z]+(?<card>\d{1,3}) \((?<name>[^\n]{2,120}?)\)\s{0,40}\|\s{0,40}(?<total>\d{1,9}) = " +
            @"(?<free>\d{1,9}) \+",
            @"ggml_vulkan: (?<card>\d{1,3}) = (?<name>[^\n]{2,120}?) \([^()|\n]{1,80}\) \| uma: (?<uma>[01])",
            @"(?:ggml_vulkan: Using |\bVulkan(?<card>\d{1,3}): )(?<name>[^|\n]{2,120}?)(?: \([^()|\n]{1,80}\))?" +
            @" \| (?:uma: (?<uma>[01]) \| )?fp16: [01]",
            @"^\|\s{0,40}(?<card>\d{1,3})\s{0,40}\|\s{0,40}\[[a-z_]+:gpu:\d+\]\s{0,40}\|\s{0,40}" +
            @"(?<name>[^|\n]{2,80}?)\s{0,40}\|" +
            @"(?:[^|\n]{1,20}\|){4}\s{0,40}(?<total>\d{1,9})M\|",
            @"ggml_metal\w*: (?:GPU name:|found device:|picking default device:)\s{1,20}" +
            @"(?<name>(?:Apple|AMD|Intel)[ (][^\n]{1,40}?)\s{0,40}$",
            @"recommendedMaxWorkingSetSize\s{1,20}=\s{1,20}(?<megabytes>\d{1,9}(?:\.\d+)?) MB",
            @"Detected Available RAM: (?<ramfree>\d{1,9} MB)",
            @"system_info: n_threads = [^|\n]{1,60}/ (?<threads>\d{1,4})\b",
            @"^register_device: registered device CPU \((?<cpu>[^\n]{3,100})\)\s{0,40}$"),
        new("Ollama's log before 0.1.33", "[0] CUDA device name: …", "] CUDA device name: ",
            @"^\[(?<card>\d{1,3})\] CUDA (?:device name: (?<name>[^\n]{2,100})|totalMem (?<total>\d+)|" +
            @"usedMem (?<used>\d+))",
            @"^CUDA driver version: (?<driver>\d[\d.]{1,20})") { Unit = "B", Vendor = "NVIDIA" },
        new("Ollama's log of AMD's cards before 0.1.33", "[0] amdgpu totalMemory …", "] amdgpu totalMemory",
            @"\[(?<card>\d{1,3})\] amdgpu (?:totalMemory (?<total>\d+)|freeMemory {1,4}(?<free>\d+))")
            { Unit = "B", Vendor = "AMD" },
        new("amd-smi monitor", "a column VRAM_USAGE", "VRAM_USAGE",
            @"^[ \t]*(?<card>\d{1,3})[ \t][^\n]{0,300}?[ \t](?<used>\d{1,7}(?:\.\d)?)/ ?" +
            @"(?<total>\d{1,7}(?:\.\d)? (?<unit>[MG]B))\s{0,40}$") { Vendor = "AMD" },
        new("mthreads-gmi", "its table", "MTT ",
            @"^(?<card>\d{1,3}) +(?<name>MTT [^|\n]{1,40}?) *\| *(?<bus>[0-9a-f:.]{7,16}) *" +
            @"\|[^|\n]{0,20}?(?<used>\d{1,9})MiB\((?<total>\d{1,9})MiB\)",
            @"Driver Version: ?(?<driver>\S{1,40})") { Vendor = "Moore Threads" },
        new("ComfyUI's start", "Total VRAM …, Device: cuda:0", "VRAM ",
            @"Total VRAM (?<total>\d{1,8} MB), total RAM (?<ram>\d{1,8} MB)",
            @"(?:Device|\*\*Name):(?:\*\*)? (?:cuda|xpu):(?<card>\d{1,3}) (?<name>[^:\n]{2,80}) : ",
            @"^[ \t]*(?:[-*] )?\*\*VRAM Total:\*\* (?<total>\d{1,15})\n.*\*\*VRAM Free:\*\* (?<free>\d{1,15})")
            { Unit = "B" },
        new("nvidia-settings -q", "[0] host:0[gpu:0] (…)", "[gpu:",
            @"\[\d{1,2}\] (?<host>[\w.-]{0,64}):\d{1,3}(?:\.\d)?\[gpu:(?<card>\d{1,2})\] " +
            @"\((?<name>[^()\n]{3,80}(?:\([^()\n]*\))?)\)",
            @"Attribute '(?:(?<all>Total)|Used)DedicatedGPUMemory' \((?<host>[\w.-]{0,64}):\d{1,3}(?:\.\d)?" +
            @"(?:\[gpu:(?<card>\d{1,2})\])?\): (?:(?(all)(?<total>\d{1,9})|(?<used>\d{1,9})))",
            @"Attribute 'NvidiaDriverVersion' \([^()\n]{0,80}\): (?<driver>\d[\d.]{2,20}\d)")
            { Vendor = "NVIDIA" },
        new("Steam's system information", "Video Card:, VendorID:", "Video Card:",
            @"^[ \t]*(?<cores>\d{1,4}) physical processors",
            @"^[ \t]*(?<threads>\d{1,4}) logical processors",
            @"^[ \t]*CPU Brand:\s{1,20}(?<cpu>\S[^\n]{2,100})",
            @"^[ \t]*RAM:\s{1,20}(?<ram>\d{1,9} M[Bb])",
            @"^[ \t]*Driver:\s{1,20}(?:NVIDIA Corporation |Mesa zink Vulkan [\d.]{1,5}\()?(?<name>\S[^\n]{2,100})$",
            @"^[ \t]*Driver Version:\s{1,20}[^\n]{0,200}?(?<![\w.-])(?<driver>\d+\.[\d.]+)(?:-[\w.]{1,20})?\s{0,40}$",
            @"^[ \t]*VendorID:\s{1,20}(?<vendor>0x[0-9a-fA-F]{3,4})",
            @"^[ \t]*DeviceID:\s{1,20}(?<device>0x[0-9a-fA-F]{1,4})",
            @"^[ \t]*Primary VRAM:\s{1,20}(?<total>\d{1,9} M[Bb])"),
        // Programs of 32 bits see 2 or 4 GiB of the machine; before OBS 27 an adapter's bytes were cut to 32 bits.
        new("OBS Studio's log", "Physical Memory: …MB Total, Available Video Adapters:",
            "Physical Cores: |Dedicated VRAM: ",
            @"(?:^|\s)CPU Name: (?<cpu>\S[^\n]{2,100})",
            @"Physical Cores: (?<cores>\d{1,4}), Logical Cores: (?<threads>\d{1,4})",
            @"Physical Memory: (?<ram>\d{1,9}MB) Total, (?<ramfree>\d{1,9}MB) Free\s{0,40}(?:$|\n)",
            @"(?<os>Windows Version: [\d.]{1,10} Build \d{1,6})",
            @"(?:^|\s)Adapter (?<card>\d{1,2}): (?<name>\S[^\n]{2,100})",
            @"Dedicated VRAM: (?:(?<total>\d{1,15}) \(|(?<capped>\d{1,15})\s{0,40}(?:$|\n))",
            @"PCI ID:\s{1,20}(?<ids>[0-9a-f]{4}:[0-9a-f]{4})",
            @"Driver Version: (?<driver>\d[\d.]{4,24})",
            @"Loading up OpenGL on adapter (?:NVIDIA Corporation|AMD|Intel|Apple) (?<name>\S[^\n]{2,100})")
            { Unit = "B" },
        // Of the heaps of a device the largest of its own; what NVIDIA shows beside it is the same memory.
        new("DXVK's log", "Memory Heap[0]:, Driver:", "Memory Heap[",
            @"info:\s{2}(?<name>[^\s:][^:\n]{2,100}):\s{0,40}\n(?:[^\n]*info:)?\s{2,6}Driver\s{0,40}: " +
            @"(?:\D{1,20} )?(?<driver>\d[\d.]{2,20})",
            @"info:\s{2}Game(?<start>): ",
            @"\bSize: (?<heap>\d{1,9}) MiB\s{0,40}\n.*Flags: 0x[13]\b"),
        new("Unity's log", "GfxDevice: creating device client", "GfxDevice",
            @"^GfxDevice(?<start>): creating",
            @"^[ \t]*Renderer: {1,4}(?<name>[A-Z][^\n]{2,80}?)(?: \(ID=0x[0-9a-f]{2,4}\))?\s{0,40}$",
            @"^[ \t]*VRAM: {1,8}(?<total>\d{1,9} MB)",
            @"^[ \t]*Driver: {1,8}(?<driver>\d[\d.]{4,24})",
            @"SystemInfo CPU = (?<cpu>[^,\n]{3,80}), Cores = (?<threads>\d{1,4}), Memory = (?<ram>\d{1,9}mb)"),
        new("Unreal Engine's log", "LogInit: …, LogD3D12RHI: Found D3D12 adapter",
            "LogInit|LogD3D|LogMemory|LogWindows",
            @"LogWindows:\s{1,20}\d{1,2}\. '(?<name>[^'\n]{2,80})' \(P:\d",
            @"LogInit: Physical RAM available \([^()\n]{1,60}\): [^\n]{1,20}\([^,\n]{1,20}, (?<ram>\d{1,9} ?MB)",
            @"LogMemory: Physical Memory: [\d.]+ MB used,\s{1,20}(?<ramfree>[\d.]+ MB) free," +
                @"\s{1,20}(?<ram>[\d.]+ MB) total",
            @"LogInit:[^\n]{0,200}?\bCPU: (?<cpu>\S[^,\n]{2,100}?)\s{0,40}, GPU:",
            @"Found D3D12 adapter (?<card>\d{1,2}): (?<name>[^\n]{2,80}?)" +
            @"(?: \(VendorId: (?<vendor>[0-9a-f]{4}), DeviceId: (?<device>[0-9a-f]{4})[^\n]*)?\s{0,40}$",
            @"Adapter has (?<total>\d{1,9}MB) of dedicated video memory",
            @"^[ \t]+(?<card>\d{1,2})\. '(?<name>[^'\n]{2,80})' \(Feature Level [^\n]*\n" +
            @"\s{1,20}(?<total>\d{1,9})/\d+/\d+ DedicatedVideo"),
        new("Lutris' log", "GPU: … using … driver", "Running Lutris|using nvidia driver|using amdgpu driver",
            @"GPU: (?<name>[A-Z][A-Za-z][^:\n]{2,80})$",
            @"GPU: (?<ids>[0-9A-Fa-f]{4}:[0-9A-Fa-f]{4}) [0-9A-Fa-f:]{4,9} (?:\((?<name>[^()\n]{2,80})\) )?using ",
            @"Using NVIDIA drivers (?<driver>\d[\d.]{2,20})"),
        new("the kernel's log of amdgpu and radeon", "amdgpu 0000:07:00.0: VRAM: …", "amdgpu |radeon |drmn",
            [.. Boot,
            @"amdgpu (?<card>(?<bus>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d)): (?:[^\n]{1,80}\n" +
            @"(?:\[[ \d.]{4,20}\] )?\[drm\] |(?:\[drm\] |amdgpu: )?)initializing kernel modesetting " +
            @"\([^()\n]{2,40} 0x1002:0x(?<device>[0-9A-F]{4}) ",
            @"(?:(?:amdgpu|radeon) (?<card>(?<bus>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d))|drmn(?<card>\d)): " +
            @"(?:\[drm\] |amdgpu: )?VRAM: (?<total>\d{1,7}M) "])
            { Vendor = "AMD" },
        new("the kernel's log of xe and i915", "xe 0000:03:00.0: [drm] Found … (device ID …)", "(device ID ",
            [.. Boot,
            @"(?:xe|i915) (?<card>(?<bus>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d)): \[drm\] Found [\w/]{2,40} " +
            @"\(device ID (?<device>[0-9a-f]{4})\)",
            @"xe (?<card>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d): \[drm\] VRAM\[\d\]: Actual physical size 0x" +
            @"(?<hex>[0-9a-f]{6,15}),"]) { Vendor = "Intel" },
        new("the kernel's log of nouveau", "nouveau 0000:01:00.0: DRM: VRAM: …", "nouveau ",
            [.. Boot,
            @"nouveau (?<card>(?<bus>[0-9a-f]{4}:[0-9a-f]{2}:[0-9a-f]{2}\.\d)): (?:NVIDIA (?<name>\w{3,8}) \(|" +
            @"(?:DRM|drm|fb): (?:VRAM: )?(?<total>\d{1,7} MiB))"]) { Vendor = "NVIDIA" },
        new("Blender's system information", "renderer:, vendor:, version:", "renderer:",
            @"^renderer:\s{1,20}'(?<name>[^'\n]{2,100})'",
            @"^version:\s{1,20}'\d\.\d\.\d NVIDIA (?<driver>\d[\d.]{2,20})'"),
    ];
}
