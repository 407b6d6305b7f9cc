/* A library with NVML's names (nvml.h) and two cards, for machines without one. What it lacks or refuses is chosen by
   OLD, FAILS, HANGS, NO_MEMORY, MIG and LOST. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef unsigned int u32;
typedef unsigned long long u64;

enum { OK = 0, INVALID = 2, NOT_SUPPORTED = 3, NOT_FOUND = 6, LOST_GPU = 15 };
enum { INSTANCE = 100 };

struct pci { char legacy[16]; u32 domain, bus, device, id, subsystem; char address[32]; };
struct memory { u64 total, free, used; };
struct memory2 { u32 version; u64 total, reserved, free, used; };
struct rates { u32 gpu, memory; };
struct process { u32 pid; u64 used; u32 gpu_instance, compute_instance; };

static const char *names[] = { "NVIDIA GeForce RTX 3090", "NVIDIA A100-SXM4-40GB" };
static const u64 mib = 1 << 20;

static long of(void *device) { return (long)device - 1; }

static int text(char *to, u32 length, const char *from) { snprintf(to, length, "%s", from); return OK; }

#ifdef HANGS
int nvmlInit_v2(void) { for (;;) sleep(60); }
#elif defined FAILS
int nvmlInit_v2(void) { return FAILS; }
#elif defined OLD
int nvmlInit(void) { return OK; }
#else
int nvmlInit_v2(void) { return OK; }
#endif
int nvmlShutdown(void) { return OK; }
int nvmlSystemGetDriverVersion(char *to, u32 length) { return text(to, length, "570.133.07"); }

#ifdef OLD
#define nvmlDeviceGetCount_v2 nvmlDeviceGetCount
#define nvmlDeviceGetHandleByIndex_v2 nvmlDeviceGetHandleByIndex
#define nvmlDeviceGetPciInfo_v3 nvmlDeviceGetPciInfo_v2
#else
int nvmlSystemGetCudaDriverVersion_v2(int *version) { *version = 12080; return OK; }
#endif

int nvmlDeviceGetCount_v2(u32 *count) { *count = 2; return OK; }

int nvmlDeviceGetHandleByIndex_v2(u32 index, void **device) {
#ifdef LOST
    if (index == 1) return LOST_GPU;
#endif
    if (index > 1) return INVALID;
    *device = (void *)(long)(index + 1);
    return OK;
}

int nvmlDeviceGetName(void *device, char *to, u32 length) {
    if (of(device) >= INSTANCE) return text(to, length, "NVIDIA A100-SXM4-40GB MIG 3g.20gb");
#ifdef NO_MEMORY
    if (of(device) == 0) return text(to, length, "NVIDIA GB10");
#endif
    return text(to, length, names[of(device)]);
}

int nvmlDeviceGetUUID(void *device, char *to, u32 length) {
    char uuid[96];
    snprintf(uuid, sizeof uuid, of(device) >= INSTANCE ? "MIG-%ld" : "GPU-%ld", of(device));
    return text(to, length, uuid);
}

int nvmlDeviceGetPciInfo_v3(void *device, struct pci *info) {
    memset(info, 0, sizeof *info);
    info->bus = of(device) == 0 ? 1 : 0x81;
#ifdef NO_MEMORY
    info->id = of(device) == 0 ? 0x2e1210de : 0x20b010de;
#else
    info->id = of(device) == 0 ? 0x220410de : 0x20b010de;
#endif
    return OK;
}

static struct memory2 memory_of(long index) {
    struct memory2 memory = { 0, 24576 * mib, 448 * mib, 24000 * mib, 128 * mib };
    if (index == 1) memory = (struct memory2){ 0, 40960 * mib, 581 * mib, 40379 * mib, 0 };
    if (index >= INSTANCE) memory = (struct memory2){ 0, 20096 * mib, 0, 20077 * mib, 19 * mib };
    return memory;
}

#ifndef OLD
int nvmlDeviceGetMemoryInfo_v2(void *device, struct memory2 *memory) {
    u32 version = memory->version;
    if (version != (sizeof *memory | 2u << 24)) return INVALID;
#ifdef NO_MEMORY
    if (of(device) == 0) return NOT_SUPPORTED;
#endif
    *memory = memory_of(of(device));
    memory->version = version;
    return OK;
}
#endif

int nvmlDeviceGetMemoryInfo(void *device, struct memory *memory) {
    struct memory2 all = memory_of(of(device));
#ifdef NO_MEMORY
    if (of(device) == 0) return NOT_SUPPORTED;
#endif
    *memory = (struct memory){ all.total, all.free, all.used + all.reserved };
    return OK;
}

int nvmlDeviceGetCudaComputeCapability(void *device, int *major, int *minor) {
    *major = 8;
    *minor = of(device) == 0 ? 6 : 0;
    return OK;
}

int nvmlDeviceGetMaxPcieLinkGeneration(void *device, u32 *value) { *value = 4; return OK; }
int nvmlDeviceGetMaxPcieLinkWidth(void *device, u32 *value) { *value = 16; return OK; }
int nvmlDeviceGetPowerManagementLimit(void *device, u32 *value) { *value = 350500; return OK; }
int nvmlDeviceGetTemperature(void *device, u32 sensor, u32 *value) { *value = 41; return sensor ? INVALID : OK; }

int nvmlSystemGetProcessName(u32 pid, char *to, u32 length) {
    return pid == 1234 ? text(to, length, "/usr/bin/python3") : NOT_FOUND;
}

int nvmlDeviceGetDisplayMode(void *device, u32 *value) { *value = 1; return of(device) == 0 ? OK : NOT_SUPPORTED; }
int nvmlDeviceGetDisplayActive(void *device, u32 *value) { *value = 0; return OK; }
int nvmlDeviceGetVirtualizationMode(void *device, u32 *value) { *value = of(device); return OK; }

int nvmlDeviceGetUtilizationRates(void *device, struct rates *rates) {
    rates->gpu = 7;
    rates->memory = 3;
    return OK;
}

int nvmlDeviceGetEccMode(void *device, u32 *current, u32 *pending) {
    if (of(device) == 0) return NOT_SUPPORTED;
    *current = *pending = 1;
    return OK;
}

int nvmlDeviceGetNvLinkState(void *device, u32 link, u32 *active) {
    if (of(device) == 0 || link >= 12) return NOT_SUPPORTED;
    *active = 1;
    return OK;
}

int nvmlDeviceGetComputeRunningProcesses_v3(void *device, u32 *count, struct process *processes) {
    *count = 2;
    processes[0] = (struct process){ 1234, 512 * mib, 0, 0 };
    processes[1] = (struct process){ 99, ~0ull, 0, 0 };
    return OK;
}

int nvmlDeviceGetMigMode(void *device, u32 *current, u32 *pending) {
#ifdef MIG
    if (of(device) == 1) { *current = *pending = 1; return OK; }
#endif
    return NOT_SUPPORTED;
}

int nvmlDeviceGetMaxMigDeviceCount(void *device, u32 *count) { *count = 7; return OK; }

int nvmlDeviceGetMigDeviceHandleByIndex(void *device, u32 index, void **part) {
    if (index != 0 && index != 3) return NOT_FOUND;
    *part = (void *)(long)(INSTANCE + index + 1);
    return OK;
}
