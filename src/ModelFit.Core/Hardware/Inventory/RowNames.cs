using System.Collections.Generic;
using Meaning = ModelFit.Hardware.Inventory.RowColumns.Meaning;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The names that columns have in the exports of inventory systems and in people's own lists, without blanks and
/// punctuation, in lower case; of computers the surest name first: a virtual machine's before its host's.
/// </summary>
internal static class RowNames
{
    /// <summary>The names by meaning.</summary>
    public static IReadOnlyList<(Meaning Meaning, string[] Names)> All { get; } = new[]
    {
        (Meaning.Computer, new[]
        {
            "vm", "vmname", "virtualmachine", "guestname", "computername", "pscomputername", "dnshostname", "hostname",
            "netbiosname", "hostdisplayname", "devicename", "assetname", "machinename", "systemname", "csname",
            "csdnshostname", "servername", "computer", "machine", "nodename", "node", "server", "pcname", "pc",
            "workstation", "resourcename", "fqdn", "dnsname", "computerdnsname", "computerdnshostname", "nodehostname",
            "rechnername", "rechner", "computernamen", "gerätename", "geraetename", "hostnamen",
            "nomdelordinateur", "nomordinateur", "nomdupc", "nomduposte", "nomdhôte", "nomdelhôte", "nomhôte",
            "nombredelequipo", "nombredeequipo", "nombreequipo", "equipo", "nombredehost", "nomecomputer",
            "nomedocomputador", "nomehost", "nomedohost", "computernaam", "hostnaam", "apparaatnaam", "datornamn",
            "nazwakomputera", "имякомпьютера", "имяустройства", "имяхоста", "компьютер", "计算机名", "计算机名称",
            "设备名称", "主机名", "コンピューター名", "デバイス名", "ホスト名", "host",
        }),
        (Meaning.Label, new[]
        {
            "name", "displayname", "asset", "assettag", "label", "device", "instancename", "instancetype", "title",
            "id",
        }),
        (Meaning.ComputerList, new[] { "nodelist", "hostlist", "hosts" }),
        (Meaning.Gpu, new[]
        {
            "gpu", "gpus", "gpuname", "gpumodel", "gputype", "graphicscard", "graphicscards", "graphics", "videocard",
            "videocards", "videocontroller", "videocontrollername", "displayadapter", "displayadaptername",
            "displayadapters", "graphicsadapter", "graphicsadaptername", "videoadapter", "videoadaptername",
            "graphicscardname", "videocardname", "graphicscontroller", "graphicschip", "graphicsprocessor",
            "graphiccard", "gpucard", "gpuproduct", "gpuproductname", "gpudevice", "gpudevices", "gpulist", "gpuinfo",
            "gpudescription", "accelerator", "accelerators", "acceleratortype", "card", "videoprocessor",
            "grafikkarte", "grafikkarten", "grafikadapter", "cartegraphique", "cartesgraphiques", "cartegraphiques",
            "adaptateurgraphique", "tarjetagráfica", "tarjetagrafica", "tarjetadevideo", "schedavideo",
            "schedagrafica", "placadevídeo", "placadevideo", "placagráfica", "videokaart", "grafischekaart",
            "grafikkort", "kartagraficzna", "видеокарта", "видеоадаптер", "显卡", "显卡型号", "图形处理器",
            "グラフィックス", "グラフィックカード",
        }),
        (Meaning.GpuCount, new[]
        {
            "gpucount", "gpucounts", "gpunumber", "numgpus", "numgpu", "ngpus", "ngpu", "numberofgpus", "cards",
            "gpuqty", "gpuquantity", "acceleratorcount", "cardcount", "anzahlgpus", "gpuanzahl", "nombredegpu",
            "количествоgpu",
        }),
        (Meaning.GpuMemory, new[]
        {
            "gpumemory", "vram", "videomemory", "videoram", "gpuram", "gpumem", "gpuvram", "graphicsmemory",
            "memorypergpu", "gpumemorytotal", "gpumemorysize", "gpumemorypergpu", "vramtotal", "vramsize", "vrampergpu",
            "gpuvramtotal", "graphicscardmemory", "videocardmemory", "dedicatedvideomemory", "dedicatedgpumemory",
            "dedicatedmemory", "framebuffer", "adapterram", "gpumemtotal", "gputotalmemory",
            "grafikspeicher", "videospeicher", "mémoirevidéo", "mémoiregraphique", "memoriadevideo", "memoriagráfica",
            "memoriavideo", "videogeheugen", "видеопамять", "显存", "显存大小",
        }),
        (Meaning.GpuMemoryUsed, new[] { "gpumemoryused", "vramused", "gpumemused", "usedvram" }),
        (Meaning.GpuMemoryFree, new[] { "gpumemoryfree", "vramfree", "gpumemfree", "freevram" }),
        (Meaning.GpuDriver, new[]
        {
            "gpudriver", "gpudriverversion", "videodriverversion", "graphicsdriverversion", "nvidiadriver",
            "nvidiadriverversion", "displaydriverversion", "driverversion",
        }),
        (Meaning.SystemMemory, new[]
        {
            "systemmemory", "ram", "totalphysicalmemory", "physicalmemory", "memory",
            "installedmemory", "totalmemory", "systemram", "hostmemory", "realmemory",
            "totalvisiblememorysize", "cstotalphysicalmemory", "ostotalvisiblememorysize", "totalram", "ramtotal",
            "installedram", "installedphysicalmemory", "installedphysicalmemoryram", "installedmemoryram",
            "memorysize", "memorytotal", "memtotal", "totalmem", "ramsize", "memorycapacity", "physmem", "mem",
            "physicalmemorytotal", "totalinstalledmemory", "hardwarememory", "memorysystemtotal", "maxmem",
            "memorysystem", "ramcapacity", "physicalram", "amountofram", "totalsystemmemory", "memoryphysicaltotal",
            "arbeitsspeicher", "hauptspeicher", "gesamterphysischerspeicher", "installierterram",
            "mémoire", "mémoirevive", "mémoireram", "mémoirephysiquetotale", "memoria", "memoriaram", "memoriafísica",
            "memoriafísicatotal", "memória", "memóriaram", "memóriafísica", "geheugen", "minne", "pamięć", "pamięćram",
            "память", "оперативнаяпамять", "озу", "内存", "内存大小", "物理内存", "メモリ", "実装メモリ",
        }),
        (Meaning.SystemMemoryFree, new[]
        {
            "freephysicalmemory", "osfreephysicalmemory", "freememory", "memoryfree", "availablememory",
            "memoryavailable", "ramfree", "ramavailable", "availableram", "memavailable", "freemem", "freeram",
            "availablephysicalmemory", "systemmemoryfree", "memorysystemavailable",
        }),
        (Meaning.Cpu, new[]
        {
            "cpu", "processor", "cpumodel", "cpuname", "processorname", "processormodel", "processortype", "cputype",
            "cpubrand", "cpubrandstring", "cpumodelname", "cpuinfo", "cpudescription", "chip", "chiptype", "processors",
            "csprocessors", "processorsmodels", "cpus0modelname", "prozessor", "prozessorname", "processeur",
            "procesador", "processore", "processador", "процессор", "处理器", "プロセッサ", "プロセッサー",
        }),
        (Meaning.Cores, new[]
        {
            "corecount", "cores", "cpucores", "numberofcores", "cpucorecount", "physicalcores", "cpuphysicalcores",
            "cpucoresphysical", "numcores", "cputotalcores", "totalcores", "corescount", "kerne", "cœurs",
        }),
        (Meaning.Threads, new[]
        {
            "logicalprocessorcount", "numberoflogicalprocessors", "logicalprocessors", "logicalcores", "threads",
            "cpulogicalcores", "cpucoreslogical", "cputhreads", "vcpus", "vcpu", "vcpucount", "cpucount",
            "csnumberoflogicalprocessors",
        }),
        (Meaning.OperatingSystem, new[]
        {
            "operatingsystem", "os", "osname", "osversion", "oscaption", "osnameversion", "windowsproductname",
            "betriebssystem", "systèmedexploitation", "sistemaoperativo", "sistemaoperacional", "besturingssysteem",
            "операционнаясистема", "操作系统",
        }),
    };

    /// <summary>The unit of the bare numbers of a column by its source; null where it does not tell.</summary>
    public static string? ImpliedUnit(string name) => name switch
    {
        "realmemory" => "MiB",
        "totalvisiblememorysize" or "ostotalvisiblememorysize" or "freephysicalmemory" or "osfreephysicalmemory" =>
            "KiB",
        "totalphysicalmemory" or "cstotalphysicalmemory" or "adapterram" => "B",
        _ => null,
    };
}
