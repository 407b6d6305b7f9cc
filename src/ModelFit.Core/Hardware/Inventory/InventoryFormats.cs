using System.Collections.Generic;

namespace ModelFit.Hardware.Inventory;

/// <summary>Every kind of export that is recognized, the most particular first.</summary>
internal static class InventoryFormats
{
    /// <summary>The kinds in the order in which they are tried.</summary>
    public static IReadOnlyList<InventoryFormat> All { get; } = new InventoryFormat[]
    {
        new("nvidia-smi -q -x", "<nvidia_smi_log>", NvidiaSmiXml.Recognizes, NvidiaSmiXml.Read),
        new("kubectl get nodes -o json|yaml, kubectl describe nodes", "kind Node, labels nvidia.com/gpu.*",
            KubernetesNodes.Recognizes, KubernetesNodes.Read),
        new("system_profiler -json", "SPDisplaysDataType", SystemProfilerJson.Recognizes, SystemProfilerJson.Read),
        new("system_profiler", "Graphics/Displays:", SystemProfilerText.Recognizes, SystemProfilerText.Read),
        new("amd-smi --json", "gpu with asic, bus or vram", AmdSmiJson.Recognizes, AmdSmiJson.Read),
        new("amd-smi", "GPU: 0, or its table", AmdSmiText.Recognizes, AmdSmiText.Read),
        new("rocm-smi --json", "card0, card1, …", RocmSmiJson.Recognizes, RocmSmiJson.Read),
        new("DCGM exporter metrics", "DCGM_FI_*", DcgmMetrics.Recognizes, DcgmMetrics.Read),
        new("scontrol show node", "NodeName= with Gres=", SlurmNodes.Recognizes, SlurmNodes.Read),
        new("scontrol show node --json, sinfo --json", "nodes with gres", SlurmJson.Recognizes, SlurmJson.Read),
        new("sinfo", "a column GRES", SlurmSinfo.Recognizes, SlurmSinfo.Read),
        new("nomad node status -json", "NodeResources", NomadNodes.Recognizes, NomadNodes.Read),
        new("ansible -m setup", "ansible_facts", AnsibleFacts.Recognizes, AnsibleFacts.Read),
        new("aws ec2 describe-instance-types", "InstanceTypes", CloudInstances.Recognizes, CloudInstances.Read),
        new("xpu-smi discovery", "Device Name:, device_list", XpuSmi.Recognizes, XpuSmi.Read),
        new("intel_gpu_top -L", "pci:vendor=8086,device=…", XpuSmi.RecognizesTop, XpuSmi.ReadTop),
        new("rocminfo", "HSA Agents", RocmInfo.Recognizes, RocmInfo.Read),
        new("clinfo", "Platform #0, Device #0", ClInfo.Recognizes, ClInfo.Read),
        new("vulkaninfo --summary", "GPU0: with deviceName", VulkanInfo.Recognizes, VulkanInfo.Read),
        new("llama-server --list-devices", "CUDA0: … (… MiB, … MiB free)",
            LlamaDevices.Recognizes, LlamaDevices.Read),
        new("amdgpu_top --json", "DeviceName and GPU Type", AmdGpuTop.Recognizes, AmdGpuTop.Read),
        new("llmfit system", "System Specifications, total_ram_gb", LlmFitReport.Recognizes, LlmFitReport.Read),
        new("lshw -class display", "*-display", Lshw.Recognizes, Lshw.Read),
        new("dxdiag /t", "Card name:, Dedicated Memory:", DxDiag.Recognizes, DxDiag.Read),
        new("nvidia-smi -q", "NVSMI LOG", NvidiaSmiText.Recognizes, NvidiaSmiText.Read),
        new("nvidia-smi -L", "GPU 0: … (UUID: …)", NvidiaSmiList.Recognizes, NvidiaSmiList.Read),
        new("nvidia-smi", "its table or its complaint", NvidiaSmiTable.Recognizes, NvidiaSmiTable.Read),
        new("rocm-smi", "GPU[0] : …, or its table", RocmSmiText.RecognizesText, RocmSmiText.ReadText),
        new("rocm-smi --csv", "device,… and card0,…", RocmSmiText.RecognizesCsv, RocmSmiText.ReadCsv),
        new("lspci -nn", "01:00.0 VGA compatible controller …", Lspci.Recognizes, Lspci.Read),
        new("reg query of the display class", "{4d36e968-e325-11ce-bfc1-08002be10318}",
            RegistryText.Recognizes, RegistryText.Read),
        new("Win32_VideoController or Get-ComputerInfo as a list", "AdapterRAM, VideoProcessor, TotalPhysicalMemory",
            VideoControllerText.Recognizes, VideoControllerText.Read),
        new("JSON rows", "objects with Gpu, GpuMemory or SystemMemory", RowText.RecognizesJson, RowText.ReadJson),
        new("nvidia-smi --query-gpu=… --format=csv", "columns such as memory.total [MiB]",
            NvidiaSmiCsv.Recognizes, NvidiaSmiCsv.Read),
        new("/proc/meminfo, /proc/cpuinfo, lscpu, dmidecode", "MemTotal:, model name, Memory Device",
            UnixText.Recognizes, UnixText.Read),
        new("CSV rows", "columns Gpu, GpuMemory or SystemMemory", RowText.RecognizesCsv, RowText.ReadCsv),
    };
}
