namespace ModelFit.Hardware.Remote;

/// <summary>
/// What runs on another machine: a POSIX shell script that only reads. It prints every file and every program's output
/// after a line with its name, each of its lines after a blank, so that banners and noise are told apart.
/// </summary>
internal static class RemoteScript
{
    /// <summary>Begins the line with a name.</summary>
    public const string Mark = "=== ";

    /// <summary>Follows the last section: an answer without it is incomplete.</summary>
    public const string End = "=== end";

    /// <summary>The script without its end; it is given to <c>sh</c> on its standard input.</summary>
    public const string Text = """
        LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin:/opt/rocm/bin; export PATH
        f() { for p in "$@"; do [ -f "$p" ] && [ -r "$p" ] && { printf '=== %s\n' "$p"
          head -c 262144 "$p" 2>/dev/null | tr '\000' '\n' | sed 's/^/ /'; echo; }; done; }
        c() { n=$1; shift; command -v "$1" >/dev/null 2>&1 && { printf '=== !%s\n' "$n"; "$@" 2>/dev/null </dev/null |
          head -c 1048576 | sed 's/^/ /'; echo; }; }
        c hostname uname -n
        c uname uname -sr
        c nvidia-smi nvidia-smi -q -x
        [ -e /sys/class/kfd/kfd/topology/nodes/1 ] && {
          c amd-smi amd-smi static --asic --bus --vram --driver --json
          c rocm-smi rocm-smi --showproductname --showbus --showdriverversion --showmeminfo vram --json; }
        if [ "$(uname -s)" = Darwin ]; then
          c sysctl sysctl hw.memsize hw.physicalcpu hw.logicalcpu machdep.cpu.brand_string iogpu.wired_limit_mb \
            vm.page_free_count vm.page_purgeable_count hw.pagesize kern.osproductversion hw.optional
          c system_profiler system_profiler -json SPDisplaysDataType SPHardwareDataType SPMemoryDataType
        fi
        printf '=== /proc/cpuinfo\n'
        { grep -E '^(processor|model name|physical id|core id|CPU implementer|CPU part|Model|Hardware|vendor_id|$)' \
          /proc/cpuinfo; grep -E '^(flags|Features|features)' /proc/cpuinfo | head -n 1; } 2>/dev/null | sed 's/^/ /'
        f /proc/meminfo /proc/self/cgroup /proc/1/cgroup /etc/os-release /proc/sys/kernel/osrelease /.dockerenv \
          /run/.containerenv /proc/device-tree/model /proc/device-tree/compatible /sys/class/dmi/id/sys_vendor \
          /sys/class/dmi/id/product_name
        g=$(sed -n 's/^0:://p' /proc/self/cgroup 2>/dev/null)
        while :; do f "/sys/fs/cgroup$g/memory.max" "/sys/fs/cgroup$g/memory.current" "/sys/fs/cgroup$g/memory.stat"
          [ -n "$g" ] || break; g=${g%/*}; done
        f /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/memory/memory.usage_in_bytes
        for d in /sys/devices/system/node/node[0-9]*; do [ -d "$d" ] && printf '=== %s/\n' "$d"; done
        for d in /sys/class/drm/card[0-9] /sys/class/drm/card[0-9][0-9]; do d=$d/device; [ -f "$d/vendor" ] &&
          f "$d/vendor" "$d/device" "$d/subsystem_device" "$d/revision" "$d/uevent" "$d/product_name" "$d/unique_id" \
          "$d/mem_info_vram_total" "$d/mem_info_vram_used" "$d/mem_info_gtt_total" "$d/mem_info_gtt_used" \
          "$d/max_link_speed" "$d/max_link_width" "$d/gpu_busy_percent" "$d"/hwmon/hwmon*/temp1_input \
          "$d"/hwmon/hwmon*/power1_cap; done
        for d in /sys/bus/pci/devices/*; do case $(cat "$d/class" 2>/dev/null) in 0x0300*|0x0302*|0x0380*|0x1200*)
          f "$d/class" "$d/vendor" "$d/device" "$d/subsystem_device" "$d/revision" "$d/resource" "$d/max_link_speed" \
          "$d/max_link_width" "$d"/tile*/physical_vram_size_bytes "$d"/drm/card*/lmem_total_bytes;; esac; done
        for d in /sys/class/kfd/kfd/topology/nodes/*; do f "$d/properties" "$d"/mem_banks/*/properties; done
        """;

    /// <summary>The script with its end.</summary>
    /// <param name="withModels">Whether it looks for models too.</param>
    public static string Of(bool withModels) =>
        Text + "\n" + (withModels ? RemoteModels.Text + "\n" : string.Empty) + $"echo '{End}'\n";
}
