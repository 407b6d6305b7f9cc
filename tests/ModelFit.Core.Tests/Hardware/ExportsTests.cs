using System.Globalization;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Hardware.Inventory;
using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Hardware;

/// <summary>
/// Exports in the forms that the tools document: a line a machine, with its name, its memory in GiB, and its cards with
/// their memory in MiB and what of it is in use.
/// </summary>
public class ExportsTests
{
    private const string Mi300 = "AMD Instinct MI300X 196592";

    [Theory]
    [InlineData("amd-smi-static.txt", $": 2x {Mi300}")]
    [InlineData("amd-smi-metric.txt", ": AMD GPU 24560 (560)")]
    [InlineData("amd-smi-table.txt", $": 2x {Mi300} (288)")]
    [InlineData("rocm-smi-concise.txt", ": 2x PCI device 1002:744C")]
    [InlineData("rocm-smi-concise-old.txt", ": 2x AMD GPU")]
    [InlineData("system-profiler-m2.txt", "studio 64: Apple M2 Max 53084")]
    [InlineData("system-profiler-two-cards.txt", ": AMD Radeon Pro 5500M 8192")]
    [InlineData("kubectl-describe.txt", "worker-1 1008: 2x NVIDIA A100-SXM4-80GB 81920 | worker-2 31:")]
    [InlineData("lshw.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("lshw.json", " 64: AMD Radeon RX 7900 XT/7900 XTX/7900M")]
    [InlineData("vulkaninfo.txt", ": AMD Radeon RX 7900 XTX 24576")]
    [InlineData("vulkaninfo-list.txt", ": NVIDIA GeForce RTX 4070 12288; AMD Radeon RX 7800 XT 16384")]
    [InlineData("clinfo-l.txt", ": 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("clinfo.txt", ": Radeon RX 7900 XTX 24560")]
    [InlineData("rocminfo.txt", " 62: Radeon RX 7900 XTX 24560")]
    [InlineData("sinfo.txt", "gpu01 503: 4x a100 | gpu02 503: 4x a100 | gpu07 503: 4x a100 | login 62:")]
    [InlineData("scontrol.json", "g1 2013: 8x nvidia h100 80gb hbm3 81920 | c1 62:")]
    [InlineData("sinfo.json", "g1 503: 2x tesla t4 16384 | g2 503: 2x tesla t4 16384")]
    [InlineData("ansible.txt", "web1 63: ? | web3 31: ?")]
    [InlineData("nomad.json", "client-1 251: 2x Tesla T4 15360")]
    [InlineData("xpu-smi.txt", ": Intel(R) Data Center GPU Flex 170 16384")]
    [InlineData("xpu-smi.json", ": Intel(R) Arc(TM) A770 Graphics")]
    [InlineData("intel-gpu-top.txt", ": Intel Dg2 (Gen12)")]
    [InlineData("llama-devices.txt", ": NVIDIA GeForce RTX 3090 24124 (624); NVIDIA GeForce RTX 3090 24124 (124)")]
    [InlineData("llama-log.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("aws.json", "g5.12xlarge 192: 4x NVIDIA A10G 24576 | m5.large 8:")]
    [InlineData("computer-info.txt", "PC-7 32: ?")]
    [InlineData("report.txt", " 63: NVIDIA GeForce RTX 3090 24576")]
    [InlineData("gb10.txt", " 119: NVIDIA GB10 122070")]
    [InlineData("cim.json", "PC-9: NVIDIA GeForce RTX 4090 24576")]
    [InlineData("amdgpu-top.json", ": AMD Radeon RX 6800 16368 (1024)")]
    [InlineData("llmfit.json", " 64: 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("llmfit.txt", " 32: Apple M1 Max 25559")]
    [InlineData("noheader.csv", ": 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("azure.json", "Standard_NC4as_T4_v3 28: T4 16384 | Standard_D4s_v5 16:")]
    [InlineData("clinfo-rocm.txt", ": AMD Radeon RX 7900 XTX 24560")]
    [InlineData("cluster.md",
        "node07 998: 4x NVIDIA L40S 45056 | node10 998: 4x NVIDIA L40S 45056 | node11 998: 4x NVIDIA L40S 45056")]
    [InlineData("collect-env.txt", ": 2x NVIDIA L40S 49152")]
    [InlineData("cpu-z.txt", " 16: NVIDIA GeForce RTX 3050 Laptop GPU 4096")]
    [InlineData("device-query.txt", ": NVIDIA GeForce RTX 4070 11994")]
    [InlineData("dimms.csv", " 32: ?")]
    [InlineData("facter.json", "web-2 126: ?")]
    [InlineData("facter.txt", "old-1 16: ?")]
    [InlineData("fastfetch.json", "node-6 128: NVIDIA RTX A6000 49140 (1024)")]
    [InlineData("fastfetch.txt", "node-5 62: NVIDIA GeForce RTX 4090 24565")]
    [InlineData("fleet.json", "pc-9 32: ? | mac-2 16: Apple M2 Pro 12124")]
    [InlineData("free-de.txt", " 63: ?")]
    [InlineData("gcp.json", "trainer-1 60: 2x NVIDIA tesla v100 | a2-highgpu-1g 85: NVIDIA tesla a100")]
    [InlineData("german.csv", "PC-21 32: NVIDIA GeForce RTX 3060 12GB 12288")]
    [InlineData("glpi.json", "pc-42 64: NVIDIA GeForce RTX 4090 24564")]
    [InlineData("glpi.xml", "pc-41 32: NVIDIA GeForce RTX 3070 8192")]
    [InlineData("glxinfo.txt", ": AMD Radeon RX 6800 XT 16384")]
    [InlineData("gpu-map.json", " 15: NVIDIA GeForce GTX 1650 4096")]
    [InlineData("gpus.json", "h2 64: 2x NVIDIA RTX A4000 16384")]
    [InlineData("gpustat.json", "h1: NVIDIA GeForce RTX 3090 24576 (300)")]
    [InlineData("hl-smi.txt", ": Intel Gaudi HL-225 98304 (768)")]
    [InlineData("hosts.csv", "n1: NVIDIA A40 46068 (1) | n2: NVIDIA A40 46068 (2)")]
    [InlineData("hwinfo-short.txt", ": NVIDIA GeForce GTX 1080 8192")]
    [InlineData("hwinfo.txt", " 16: GeForce RTX 3070 8192")]
    [InlineData("intune.json", "NB-7 16: ?")]
    [InlineData("inxi-short.txt", " 15: ?")]
    [InlineData("inxi.txt", "lab-3 64: NVIDIA GeForce RTX 3090 24576")]
    [InlineData("jamf.csv", "mac-7 36: Apple M3 Pro 28753")]
    [InlineData("labels.txt", ": 2x NVIDIA H100 PCIe 81559")]
    [InlineData("lansweeper.csv", "PC-11 16: NVIDIA Quadro P1000 4096")]
    [InlineData("lscpu-pt.txt", ": ?")]
    [InlineData("lshw-ru.txt", ": NVIDIA Tesla T4 16384")]
    [InlineData("objects.clixml", "A1 64: RTX 3090 24576 | A2 128: RTX 4090 24576")]
    [InlineData("convertto.xml", "PC7: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("table.html", "A1 64: RTX 3090 24576 | A2 128: RTX 4090 24576")]
    [InlineData("web-cell.json", "A1 64: RTX 3090 24576")]
    [InlineData("list.html", "PC7: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("format-list.txt", "A1 64: RTX 3090 24576 | A2 128: RTX 4090 24576")]
    [InlineData("open-audit.xml", "pc-12 16: NVIDIA GeForce GTX 1650 4096")]
    [InlineData("profiler.plist", " 36: Apple M3 Pro 28753")]
    [InlineData("inspect.txt", ": Device 7480 8192")]
    [InlineData("qm.conf", "llm-1 32: ?")]
    [InlineData("turkish.txt", "PC-3 32: NVIDIA RTX A2000")]
    [InlineData("flavors.json", "tiny 0: ? | big 64: ?")]
    [InlineData("pci-inventory.json", ": NVIDIA Corporation, GP106 [GeForce GTX 1060 6GB], a1 6144")]
    [InlineData("gpu-lines.json", " 32: 2x GeForce GTX 1080 8192")]
    [InlineData("lshw.xml", "srv-8 64: NVIDIA A100 PCIe 40GB 40960")]
    [InlineData("macs.txt", " 64: Apple M1 Max 53084 |  16: Apple M4 12124")]
    [InlineData("msinfo32.txt", "WS-12 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("mthreads-gmi.txt", ": MTT S80 16384 (2)")]
    [InlineData("neofetch.txt", "box-9 31: NVIDIA GeForce GTX 1080 Ti 11264")]
    [InlineData("nixos-facter.json", " 32: NVIDIA GeForce RTX 4090 24576")]
    [InlineData("npu-smi.txt", ": Ascend 910B3 65536 (3393)")]
    [InlineData("npu.csv", "ai-1: NVIDIA GeForce RTX 4060 Laptop GPU 8192")]
    [InlineData("ohai.json", "chef-1 63: ?")]
    [InlineData("ollama.log", " 63: NVIDIA GeForce RTX 3090 24576; PCI device 1002:73BF 16384")]
    [InlineData("oom.txt", ": NVIDIA GPU 24258")]
    [InlineData("osqueryi.txt", "mac-1 36: Apple M3 Pro 28753 | pc-1 16: ?")]
    [InlineData("pbsnodes.txt", "gpu-01 503: 2x GPU | cpu-01 252:")]
    [InlineData("proxmox-pci.json", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("proxmox-status.json", " 126: ?")]
    [InlineData("ps-table.txt", "pc-1: NVIDIA GeForce RTX 3070 8192 | pc-2: NVIDIA GeForce GTX 1650 4096")]
    [InlineData("redfish-gpus.json", ": 2x NVIDIA H100 80GB HBM3 81559")]
    [InlineData("redfish.json", "bmc-7 512: ?")]
    [InlineData("resourceslices.yaml", "gpu-worker-3: NVIDIA L4 23034")]
    [InlineData("rvtools.csv", "vm-a 8: ? | vm-b 16: ?")]
    [InlineData("sccm.csv", "PC1 32: NVIDIA GeForce RTX 3060 12288 | PC2 16:")]
    [InlineData("sinfo-hosts.txt", "n1: ? | n2 377: ?")]
    [InlineData("sinfo-partitions.txt", "n1 502: 4x t4 16384 | n2 502:")]
    [InlineData("ansible-debug.txt", "db-4 63: ?")]
    [InlineData("ansible-member.json", "web-9 4: ?")]
    [InlineData("clinfo-apple.txt", ": Apple M2 Max 49152")]
    [InlineData("device-lines.txt", ": 2x NVIDIA A100 80GB PCIe 81920")]
    [InlineData("device-blocks.txt", ": NVIDIA A10 22589")]
    [InlineData("device-query-old.txt", ": GeForce 9600 GT 491")]
    [InlineData("free-g.txt", " 502: ?")]
    [InlineData("gpu-switches.json", " 15: ?")]
    [InlineData("host-model.txt", " 16: NVIDIA GeForce GTX 1660 SUPER 6144")]
    [InlineData("hl-noheader.csv", ": 2x Intel Gaudi HL-225 98304")]
    [InlineData("hwinfo-twice.txt", ": GeForce RTX 3090 24576")]
    [InlineData("inxi.json", "lab-9 64: NVIDIA GeForce RTX 3090 24576")]
    [InlineData("lscpu.json", ": ?")]
    [InlineData("lshw-cpu-ja.txt", ": ?")]
    [InlineData("lspci-web.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("lxc-info.txt", " 125: NVIDIA A40 49152")]
    [InlineData("nvidia-settings.txt", "ws-3: NVIDIA GeForce RTX 3090 24576 (612); NVIDIA GeForce RTX 3080")]
    [InlineData("nvidia-smi-cut.txt",
        "gpu-3: NVIDIA Tesla V100 SXM2 16GB 16160 (0); NVIDIA A100 SXM4 40GB 40536 (0); " +
        "NVIDIA GeForce RTX 2080 Ti 11019 (0); NVIDIA GeForce ... 24576 (0)")]
    [InlineData("probe-lists.txt", " 32: NVIDIA GeForce RTX 3060 Laptop GPU 6144")]
    [InlineData("properties.csv", "PC-31 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("rocm-smi-2017.txt", ": 2x PCI device 1002:67DF")]
    [InlineData("rocm-smi-showhw.txt", ": PCI device 1002:744C")]
    [InlineData("sections.txt", " 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("systeminfo-fr-850.txt", "ATELIER-3 15: ?")]
    [InlineData("systeminfo-part.txt", " 32: ?")]
    [InlineData("systeminfo-ru-1251.txt", "BUH-12 16: ?")]
    [InlineData("xorg-amd.log", ": AMD Radeon RX 6800 XT 16359")]
    [InlineData("xorg-nvidia.log",
        "lab-7: NVIDIA GeForce RTX 3090 24576; NVIDIA GeForce RTX 3080 10GB 10240")]
    [InlineData("systeminfo-de.txt", "BUERO-7 32: ?")]
    [InlineData("tegrastats.txt", " 30: NVIDIA Jetson 30990")]
    [InlineData("torch.json", ": NVIDIA GeForce RTX 2070 7974")]
    [InlineData("torch.txt", ": NVIDIA A100-SXM4-80GB 81153")]
    [InlineData("vgpu-q.txt", ": GRID T4-8Q 8192 (512); GRID T4-8Q 8192 (0)")]
    [InlineData("virsh.txt", " 126: ?")]
    [InlineData("xpu-smi-2.txt", ": Intel(R) Arc(TM) B580 12216 (239)")]
    [InlineData("amd-smi-monitor.txt", ": 2x AMD GPU 196608 (307)")]
    [InlineData("chinese.csv", "PC1 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("dcgmi.txt", ": 2x NVIDIA A100-SXM4-80GB 81920")]
    [InlineData("dxdiag-apu.txt", "DECK 32: AMD Radeon(TM) 890M Graphics 18098")]
    [InlineData("gcloud-types.txt", "a2-highgpu-1g 85: ? | g2-standard-4 16: ?")]
    [InlineData("glpi.csv", "PC-41 16: NVIDIA GeForce GTX 1060 6GB 6144")]
    [InlineData("gpustat.txt", "mybox: NVIDIA GeForce RTX 3090 24576 (300); NVIDIA GeForce RTX 3090 24576 (1)")]
    [InlineData("hl-smi-q.txt", ": Intel Gaudi HL-225 98304 (768)")]
    [InlineData("hl-smi.csv", ": 2x Intel Gaudi HL-225 98304 (768)")]
    [InlineData("hypervisor-gpus.csv", "esx01.corp.local: 2x NVIDIA A40 46080 | esx02.corp.local: NVIDIA L40S 46080")]
    [InlineData("jamf.json", "MBP-021 36: Apple M3 Pro 28753")]
    [InlineData("list.txt", "lab-9 64: NVIDIA GeForce RTX 4090 24576")]
    [InlineData("llama-breakdown.txt", ": RTX 4090 24080 (4080)")]
    [InlineData("llama-metal.txt", ": Apple M2 Ultra 147455")]
    [InlineData("llama-sycl.txt", ": Intel Arc A770 Graphics 16225")]
    [InlineData("llama-using.txt", ": NVIDIA GeForce RTX 4090 24576; NVIDIA GeForce RTX 3090 24576")]
    [InlineData("llama-vulkan.txt", ": AMD Radeon RX 7900 XTX 24576")]
    [InlineData("lshw-short.txt", " 64: GeForce RTX 3090 24576")]
    [InlineData("lspci-npu.txt", ": AMD Radeon 890M Graphics")]
    [InlineData("mig-lgi.txt", ": 2x NVIDIA GPU MIG 3g.20gb 20480")]
    [InlineData("mig-table.txt", ": NVIDIA A100-SXM4-40GB 40960 (4); 2x NVIDIA A100-SXM4-40GB MIG 20096 (37)")]
    [InlineData("msinfo32-fr.txt", "PC-FR 16: AMD Radeon RX 6700 XT 12288")]
    [InlineData("msinfo32.nfo", "WS-N 8: NVIDIA GeForce GTX 1050 Ti 4096")]
    [InlineData("mthreads-gmi-q.txt", ": MTT S80 16384 (2)")]
    [InlineData("ninjaone.json", "WS-1.corp 32: ?")]
    [InlineData("nomad-status.txt", "client-7 252: 2x NVIDIA A40 46068 (0)")]
    [InlineData("npu-smi-310p.txt", ": Ascend 310P3 44280 (1852); Ascend 310P3 43693 (1500)")]
    [InlineData("nvtop.json", ": NVIDIA GeForce RTX 3090 24576 (381)")]
    [InlineData("osquery-line.txt", "box1 63: ?")]
    [InlineData("osquery-pci.csv", "srv-1: GeForce RTX 3090 24576 | srv-2: RTX A6000 49152")]
    [InlineData("osquery-system.json", "LAP-1 16: ?")]
    [InlineData("osquery-video.json", ": NVIDIA GeForce RTX 3080")]
    [InlineData("pasted.txt", ": 2x NVIDIA RTX A6000 49140")]
    [InlineData("pbsnodes-summary.txt", "n001 252: | n002 503: 4x GPU")]
    [InlineData("pbsnodes-torque.txt", "gpu01 126: Tesla K80 11519 (63); Tesla K80 11519")]
    [InlineData("pdq.csv", "WS-1 32: NVIDIA GeForce RTX 3060 12288 | WS-2 16: Intel(R) UHD Graphics 630 1024")]
    [InlineData("pnp-devices.txt", ": Intel(R) Arc(TM) Graphics")]
    [InlineData("polish.csv", "PC1 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("rvtools-host.csv", "esx01.corp.local 1024: ? | esx02.corp.local 512: ?")]
    [InlineData("rvtools-info.csv", "web01 16: ? | ai01 128: ?")]
    [InlineData("servicenow.csv", "srv001 376: ? | srv002 128: ?")]
    [InlineData("snapdragon.txt", ": Qualcomm(R) Adreno(TM) X1-85 GPU")]
    [InlineData("snipe-it.json", "LAB-WS-01 64: NVIDIA RTX A4000 16384")]
    [InlineData("sysctl.txt", " 16: Apple M1 12124")]
    [InlineData("systeminfo-es.txt", "PC-ES 16: ?")]
    [InlineData("systeminfo-excerpt.txt", " 32: ?")]
    [InlineData("systeminfo-zh.txt", "PC-ZH 16: ?")]
    [InlineData("torch-xpu.txt", ": Intel(R) Arc(TM) A770 Graphics 15473")]
    [InlineData("ultralytics.txt", ": Tesla T4 15102")]
    [InlineData("vgpu-table.txt", ": 2x NVIDIA A40 49152")]
    [InlineData("virsh-device.xml", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("virsh-domain.xml", "win11-gpu 16: ?")]
    [InlineData("aws-instances.json", "trainer 32: NVIDIA A10G 24576")]
    [InlineData("collect-env-padded.txt", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("dxdiag-system.txt", " 8: ?")]
    [InlineData("grep-model.txt", ": NVIDIA GeForce GTX 1070 8192")]
    [InlineData("kubectl-cut.txt", "cpu-9 1007:")]
    [InlineData("llama-vulkan-old.txt", ": AMD Radeon RX 7900 XTX 24576")]
    [InlineData("lscpu-zh.txt", " 12: ?")]
    [InlineData("lshw-banks.json", " 32: NVIDIA Tesla T4 16384")]
    [InlineData("lspci-chip.txt", ": 2x NVIDIA GPU")]
    [InlineData("node-status.yaml", "gpu-7 31: NVIDIA GPU")]
    [InlineData("opencl-types.txt", ": NVIDIA GeForce RTX 3060 12044")]
    [InlineData("azure-metadata.json", "gpu-vm-1 220: NVIDIA A100 PCIe 80GB 81920")]
    [InlineData("azure-sizes.json",
        "Standard_NC4as_T4_v3 28: NVIDIA Tesla T4 16384 | "
            + "Standard_NC24rs_v3 448: 4x NVIDIA Tesla V100 PCIe 16GB 16384")]
    [InlineData("dxdiag-excerpt.txt", ": NVIDIA GeForce RTX 5070 Ti Laptop GPU 11944")]
    [InlineData("obs.txt", " 31: NVIDIA GeForce RTX 4070 12032")]
    [InlineData("obs-32bit.txt", ": NVIDIA GeForce GTX 1660 6144")]
    [InlineData("dxvk.log", ": Radeon RX 570 Series 4096")]
    [InlineData("unity.log", ": NVIDIA GeForce RTX 3080 10078")]
    [InlineData("unreal.log", " 64: NVIDIA GeForce RTX 3090 24326")]
    [InlineData("lutris.log", ": GeForce GTX 1080 8192")]
    [InlineData("comfy-report.md", ": NVIDIA GeForce RTX 4090 24564 (1640)")]
    [InlineData("smi-list-and-table.txt", "node7: NVIDIA L40S 46068 (4369)")]
    [InlineData("ollama-journal.txt", "TUF: PCI device 1002:7480 8192")]
    [InlineData("glxinfo-zink.txt", ": NVIDIA GeForce RTX 4050 Laptop GPU 6141")]
    [InlineData("gpu-ids.json", ": Intel Arc B580 12288")]
    [InlineData("sinfo-typed.txt", "node030 192: 4x v100 | node031 192: 4x v100")]
    [InlineData("table-without-bars.md", "mac-a 8: Apple M1 6062 | mac-b 16: Apple M1 12124")]
    [InlineData("rocm-smi-twice.csv", ": 2x AMD Instinct MI100 32768")]
    [InlineData("a1111.json", " 55: Tesla T4 16384")]
    [InlineData("dmesg-amdgpu.txt", ": AMD GPU 4096")]
    [InlineData("vmhost-table.txt", "esx01 22: ? | esx02 12: ?")]
    [InlineData("gcp-instances.json", "inst-1 170: 2x NVIDIA A100 SXM4 40GB 40960")]
    [InlineData("hl-smi-plain.csv", ": 2x Intel Gaudi HL-205 32768 (512)")]
    [InlineData("nvidia-q-one-of-four.txt", ": NVIDIA RTX PRO 6000 Blackwell Server Edition 97887 (5952)")]
    [InlineData("resourceslices-parts.yaml", "my-node: NVIDIA A100-SXM4-40GB 40960")]
    [InlineData("rocm-smi-warning.csv", ": 2x Instinct MI210 65520 (10)")]
    [InlineData("rocminfo-npu.txt", " 31: AMD Radeon Graphics 98304")]
    [InlineData("ghw.json", ": NVIDIA GeForce RTX 4090 24576")]
    [InlineData("snap-pci.yaml", ": NVIDIA GeForce RTX 3090 24576")]
    [InlineData("redfish-graphics.json", ": NVIDIA A40 49152")]
    [InlineData("redfish-devices.json", ": 2x NVIDIA L40S 49152")]
    [InlineData("redfish-memory.json", " 64: ?")]
    [InlineData("redfish-early.json", " 16: ?")]
    [InlineData("nomad-verbose.txt", "worker-5 126: ?")]
    [InlineData("kubectl-capacity.txt", " 63: 2x NVIDIA GPU")]
    [InlineData("xpu-smi-all.json", ": Intel(R) Graphics [0xe211] 24480")]
    [InlineData("nvidia-q-twice.txt", ": NVIDIA GeForce RTX 3090 24576 (600)")]
    [InlineData("ollama-cut.log", ": NVIDIA GeForce RTX 4090 24166; NVIDIA GPU")]
    [InlineData("machine.md", " 2048: 8x NVIDIA A100-SXM4-80GB 81920")]
    [InlineData("dmidecode-old.txt", " 2: ?")]
    [InlineData("parts-list.md", " 32: Sample GeForce RTX 3070 Gaming OC 8GB 8192")]
    [InlineData("numbered.txt", "OFFICE-7 8: NVIDIA GeForce GTX 1060 6GB 6144")]
    [InlineData("mesh-modules.json", " 16: ?")]
    [InlineData("igpu.json", " 32: AMD Radeon(TM) 890M Graphics 32768")]
    [InlineData("fetch-cards.txt", ": NVIDIA GeForce RTX 3090 24238; AMD Radeon RX 9070 XT 16302")]
    [InlineData("machine-and-cpu.txt", " 8: ?")]
    [InlineData("opencl-list.txt", ": 2x NVIDIA GeForce RTX 3090 24245")]
    [InlineData("opencl-stars.txt", ": Tesla V100-SXM2-16GB 16144")]
    [InlineData("smi-mig-rows.txt", ": NVIDIA GPU MIG 19968 (14366); NVIDIA GPU MIG 19968 (9826)")]
    [InlineData("smi-no-top.txt", ": NVIDIA GeForce RTX 3090 24576 (1583)")]
    [InlineData("scontrol-typed.txt", "n-0 1007: 8x h100 81920")]
    [InlineData("apple-gpu-list.txt", ": Apple M2 Max 98304")]
    [InlineData("torch-no-cuda.txt", ": ?")]
    [InlineData("rocminfo-cpu.txt", ": ?")]
    [InlineData("systeminfo-named.txt", " 15: ?")]
    [InlineData("sycl-ls.txt", "box: Intel(R) Arc(TM) B580 Graphics 12288; NVIDIA GeForce RTX 3060 12288")]
    [InlineData("xpu-smi-bare.txt", ": Intel(R) Arc(TM) A770 Graphics 15473")]
    [InlineData("two-columns.md", " 32: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("bold-pairs.md", " 32: NVIDIA GeForce RTX 4060 Laptop GPU 8192")]
    [InlineData("headings.md", "titan 128: 2x NVIDIA GeForce RTX 3090 24576 | mini 16: ?")]
    [InlineData("part-headings.md", " 125: 2x Tesla V100-SXM2-16GB 16384")]
    [InlineData("bare-facts.txt", " 32: GTX 1070 8192")]
    [InlineData("inxi-ram.txt", " 14: ?")]
    [InlineData("torch-env.json", ": 2x NVIDIA GeForce RTX 3060 12288")]
    [InlineData("npu-rows.txt", ": 2x Ascend910 65536 (15503)")]
    [InlineData("vulkan-using.txt", ": AMD Radeon RX 6600M 8192")]
    [InlineData("neofetch-two.txt", " 8: NVIDIA GeForce GTX 1650 4096")]
    [InlineData("lshw-framebuffer.txt", ": NVIDIA GPU; AMD GPU")]
    [InlineData("check-list.md", " 16: NVIDIA GeForce RTX 3060 12288")]
    [InlineData("lspci-backticks.md", ": NVIDIA GeForce MX150 2048")]
    [InlineData("steam.txt", " 31: NVIDIA GeForce GTX 1080 Ti 11264")]
    [InlineData("ollama-early.log",
        ": NVIDIA RTX A6000 49140 (445); NVIDIA GeForce RTX 3070 8192 (219)")]
    [InlineData("inxi-memory.txt", " 31: ?")]
    [InlineData("inxi-cgm.txt", " 32: NVIDIA GeForce RTX 3090 24576")]
    [InlineData("product-names.txt", ": 2x NVIDIA A40 49152")]
    [InlineData("rvtools-all.csv", "esx3.corp.example 1024: ?")]
    [InlineData("rvtools-vms.csv", "web-01 16: ? | db-02 64: ?")]
    [InlineData("redfish-processors.json", ": GB200 192527")]
    [InlineData("slurm.conf", "gpu1 250: 2x volta | gpu2 250: 2x volta | gpu3 250: 2x volta")]
    [InlineData("kubectl-intel.txt", "nuc-1 62: PCI device 8086:46A6 63975")]
    [InlineData("two-tables.md",
        "blue 64: 2x 12 GB GTX Titan X 12288 | green 56: 3x 11 GB GTX 1080 Ti 11264 | " +
        "tars 32: 8 GB GTX 1070 Ti 8192")]
    [InlineData("dashes.md", " 96: ?")]
    [InlineData("host-blocks.txt", "server1: NVIDIA L4 23034 | server2: NVIDIA L40S 46068")]
    [InlineData("pdsh.txt", "gpu1: 2x NVIDIA A40 49152 | gpu2: NVIDIA L4 24576")]
    [InlineData("equals.txt", "node-a: NVIDIA A40 49152 | node-b: 2x NVIDIA L4 24576")]
    [InlineData("resourceslices-mig.yaml", "mig-1: NVIDIA A100-SXM4-40GB MIG 3g.20gb 20096")]
    [InlineData("two-cards.md", " 128: NVIDIA GeForce RTX 3090 24576; NVIDIA GeForce RTX 3080 10GB 10240")]
    [InlineData("lmstudio.json", " 64: NVIDIA GeForce RTX 4060 Laptop GPU 8192")]
    [InlineData("fetch-unknown.txt", " 15: PCI device 8086:46A6 15667")]
    [InlineData("fetch-musa.txt", ": Moore Threads MTT S80 16384 (512)")]
    [InlineData("addresses.md", "Vector 64: NVIDIA RTX 5090 32768 | Scalar 16: ?")]
    [InlineData("announced.md", "alpha 512: 4x A100 40GB 40960 | beta 256: 2x A40 49152")]
    [InlineData("part-bullets.md", " 96: Nvidia RTX 4070 Super 12288")]
    [InlineData("code-block.rst", ": AMD Instinct MI300X OAM 196608")]
    [InlineData("bars.txt", " 64: NVIDIA RTX 4090 24576")]
    [InlineData("host-rules.txt", "compute-12 503: 2x NVIDIA A40 49152 | compute-13 503: NVIDIA A40 49152")]
    [InlineData("dmidecode-modules.txt", " 128: ?")]
    [InlineData("assets.csv", "ENG-07 128: Quadro RTX 5000 16384 | ENG-08 64: Quadro RTX 4000 8192")]
    [InlineData("about.txt", "DESKTOP-9GHT3 16: ?")]
    [InlineData("about-tw.txt", "DESKTOP-TW01 32: ?")]
    [InlineData("glxinfo-two.txt", ": AMD Radeon RX 6600 8192; AMD Radeon RX 7700S 8192")]
    [InlineData("display-memory.txt", " 16: NVIDIA GeForce GTX 1080 8192")]
    [InlineData("comfyui.txt", " 32: NVIDIA GeForce RTX 4090 24564")]
    [InlineData("ansible-early.txt", "db-1 2: ?")]
    [InlineData("ansible-members.txt", "test-1 1: ?")]
    [InlineData("lansweeper.json", "CAD-1 64: NVIDIA RTX A5000 24576 | CAD-2 32: NVIDIA RTX A2000 12GB 12288")]
    [InlineData("pdq-adapters.csv", "WS-7 32: NVIDIA GeForce RTX 3060 12288 | WS-8 16: NVIDIA GeForce GTX 1650 4096")]
    [InlineData("sccm-report.csv", "PC-31 32: ? | PC-32 16: ?")]
    [InlineData("servicenow.json", "WS-41 16: ? | WS-42 128: ?")]
    [InlineData("proxmox-nodes.txt", "pve1 126: ? | pve2 63: ?")]
    [InlineData("device-properties.txt", ": NVIDIA GeForce RTX 3090 24259; NVIDIA T400 2000")]
    [InlineData("device-struct.txt", ": Orin 7620")]
    [InlineData("script-report.txt", " 16: NVIDIA GeForce RTX 3080 10240 (466)")]
    [InlineData("fetch-moves.txt", "workbench 62: NVIDIA GeForce RTX 4090 24576")]
    [InlineData("vllm-env.txt", ": 2x NVIDIA GeForce RTX 3090 24576")]
    [InlineData("ollama-debug.log", " 31: NVIDIA GeForce RTX 5070 Ti 16281")]
    [InlineData("scontrol-part.txt", "gpu06 249: 2x GPU")]
    [InlineData("two-queries.txt", ": AMD Radeon RX 9070 XT 16384")]
    [InlineData("bare-table.md", " 251: 2x NVIDIA RTX A5000 24564")]
    [InlineData("external.md", " 32: NVIDIA RTX 5060 Ti 16 GB 16384")]
    [InlineData("slanted.md", " 16: NVIDIA GeForce RTX 3050 Laptop GPU 4GB 4096")]
    [InlineData("aws-sum.json", "g6e.12xlarge 384: 4x NVIDIA L40S 45776")]
    [InlineData("glpi-member.json", "edge-1 4: ?")]
    public void An_export_is_read(string file, string expected)
    {
        var text = InventoryFile.Read(
            RepositoryFolder.Path("tests", "data", "hardware", "exports", file), CancellationToken.None);
        var machines = InventoryReader.ReadText(text, file, GpuCatalogLookup.Instance, NullSink.Instance).ToList();
        Assert.Equal(expected, string.Join(" | ", machines.Select(Line)));
        foreach (var end in new[] { text.Length / 3, text.Length / 2, text.Length - 2 }) AssertNoCrash(text[..end]);
    }

    [Theory]
    [InlineData("grep-model.txt", "AMD Ryzen 9 5900X 12-Core Processor", null, null)]
    [InlineData("lscpu-zh.txt", "Intel(R) Core(TM) i7-3520M CPU @ 2.90GHz", 2, 4)]
    [InlineData("a1111.json", null, 4, 8)]
    [InlineData("lshw-banks.json", "Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", 16, 32)]
    [InlineData("dxdiag-system.txt", "AMD Ryzen 5 5600G with Radeon Graphics", null, 12)]
    [InlineData("opencl-types.txt", "11th Gen Intel(R) Core(TM) i5-11400 @ 2.60GHz", null, null)]
    public void The_processor_is_told(string file, string? name, int? cores, int? threads)
    {
        var path = RepositoryFolder.Path("tests", "data", "hardware", "exports", file);
        var text = InventoryFile.Read(path, CancellationToken.None);
        var machine = InventoryReader.ReadText(text, file, GpuCatalogLookup.Instance, NullSink.Instance).Single();
        Assert.Equal((name, cores, threads), (machine.Cpu, machine.CoreCount, machine.LogicalProcessorCount));
    }

    [Fact]
    public void The_GPU_inside_the_processor_is_named_beside_the_card()
    {
        var path = RepositoryFolder.Path("tests", "data", "hardware", "exports", "obs.txt");
        var text = InventoryFile.Read(path, CancellationToken.None);
        var machine = InventoryReader.ReadText(text, path, GpuCatalogLookup.Instance, NullSink.Instance).Single();
        Assert.Equal((1, "AMD Radeon 610M Graphics"), (machine.GpuCount, machine.IntegratedGpu));
        Assert.Equal((8, 16, 20000L << 20),
            (machine.CoreCount, machine.LogicalProcessorCount, machine.SystemMemoryFreeBytes));
    }

    /// <summary>free as procps has printed it since 3.3.10, with <c>-w</c>, in Chinese, and before.</summary>
    [Theory]
    [InlineData("  total  used  free  shared  buff/cache  available\nMem:  11908  2196  7073  340  2637  9253", 9253)]
    [InlineData(" total used free shared buffers cache available\nMem: 11908 2196 7073 340 37 2600 9253", 9253)]
    [InlineData("  总计  已用  空闲  共享  缓冲/缓存  可用\n内存：  11908  2196  7073  340  2637  9253", 9253)]
    [InlineData("  total  used  free  shared  buffers  cached\nMem:  11908  2196  7073  340  37  2600", 7073)]
    public void What_programs_could_have_is_the_free_memory(string text, long mib)
    {
        var machine = InventoryReader.ReadText(text, null, GpuCatalogLookup.Instance, NullSink.Instance).Single();
        Assert.Equal(mib << 20, machine.SystemMemoryFreeBytes);
    }

    /// <summary>A text that ends early is read as far as it goes, or is an error of the inventory.</summary>
    private static void AssertNoCrash(string text)
    {
        try
        {
            _ = InventoryReader.ReadText(text, null, GpuCatalogLookup.Instance, NullSink.Instance, _ => { }).ToList();
        }
        catch (ModelFitException error)
        {
            Assert.Equal(ErrorIds.UnknownInventory, error.ErrorId);
        }
    }

    private static string Line(MachineSpec machine)
    {
        var memory = machine.SystemMemoryBytes is { } bytes
            ? string.Create(CultureInfo.InvariantCulture, $" {Math.Round(bytes / (double)(1L << 30))}") : string.Empty;
        var cards = machine.GpuCount is null ? " ?" : string.Join(";", machine.Gpus.Select(Card)
            .GroupBy(card => card).Select(same => same.Count() == 1 ? same.Key : $" {same.Count()}x{same.Key}"));
        return $"{machine.ComputerName}{memory}:{cards}";
    }

    private static string Card(GpuSpec card) => $" {card.Name}"
        + (card.MemoryBytes is { } memory ? $" {memory >> 20}" : string.Empty)
        + (card.MemoryUsedBytes is { } used ? $" ({used >> 20})" : string.Empty);
}
