namespace ModelFit.Hardware.Inventory;

/// <summary>What a word in the name of a column says.</summary>
[Flags]
internal enum ColumnWord
{
    /// <summary>Nothing: <c>of</c>, <c>the</c>, <c>in</c>.</summary>
    Filler = 0,

    /// <summary>A GPU.</summary>
    Gpu = 1,

    /// <summary>Pictures, which a GPU makes: with a card or a memory it is one.</summary>
    Video = 2,

    /// <summary>A card or an adapter of any kind.</summary>
    Card = 4,

    /// <summary>Memory.</summary>
    Memory = 8,

    /// <summary>A processor.</summary>
    Cpu = 16,

    /// <summary>A computer, alone or with a word for its name.</summary>
    Computer = 32,

    /// <summary>A thing that is a computer only with a word for its name: <c>Device name</c>.</summary>
    Thing = 64,

    /// <summary>A name.</summary>
    Name = 128,

    /// <summary>What something is sold as: model, type, description.</summary>
    Kind = 256,

    /// <summary>How many.</summary>
    Count = 512,

    /// <summary>What is left of something.</summary>
    Free = 1024,

    /// <summary>What is taken of something.</summary>
    Used = 2048,

    /// <summary>All of something, as it is built in.</summary>
    Total = 4096,

    /// <summary>A unit of size.</summary>
    Unit = 8192,

    /// <summary>A driver.</summary>
    Driver = 16384,

    /// <summary>A version.</summary>
    Version = 32768,

    /// <summary>Cores.</summary>
    Core = 65536,

    /// <summary>Logical processors.</summary>
    Thread = 131072,

    /// <summary>An operating system.</summary>
    System = 262144,

    /// <summary>A number behind a name: <c>GPU 2</c>.</summary>
    Number = 524288,
}

/// <summary>
/// The words that names of columns are made of, in the exports of inventory systems and in people's own lists, without
/// blanks and punctuation, in lower case; of computers the surest first: a virtual machine before its host.
/// </summary>
internal static class ColumnWords
{
    private const int LongestWord = 32;

    private static readonly Dictionary<string, string> UnitNames = new(StringComparer.Ordinal)
    {
        ["bytes"] = "B", ["byte"] = "B", ["octets"] = "B", ["b"] = "B",
        ["kb"] = "KiB", ["kib"] = "KiB", ["ko"] = "KiB", ["kilobytes"] = "KiB", ["kibibytes"] = "KiB",
        ["mb"] = "MiB", ["mib"] = "MiB", ["mo"] = "MiB", ["megabytes"] = "MiB", ["mebibytes"] = "MiB", ["мб"] = "MiB",
        ["gb"] = "GiB", ["gib"] = "GiB", ["go"] = "GiB", ["gigabytes"] = "GiB", ["gibibytes"] = "GiB", ["гб"] = "GiB",
        ["tb"] = "TiB", ["tib"] = "TiB",
    };

    /// <summary>The words by what they say.</summary>
    public static IReadOnlyList<(ColumnWord Says, string[] Words)> All { get; } = new[]
    {
        (ColumnWord.Computer, new[]
        {
            "vm", "virtualmachine", "guest", "computer", "pscomputer", "dnshost", "dnshostname", "hostname", "netbios",
            "netbiosname", "hostdisplayname", "csname", "csdnshostname", "machine", "node", "server", "pc",
            "workstation", "fqdn", "dnsname", "computerdnsname", "computerdnshostname", "rechner", "computern",
            "ordinateur", "poste", "hôte", "hote", "equipo", "ordenador", "computador", "komputer", "komputera",
            "datorn", "datornamn", "computernaam", "hostnaam", "hosta", "värddatornamn", "имякомпьютера",
            "имяустройства", "имяхоста",
            "имяузла", "компьютер", "компьютера", "计算机名", "计算机名称",
            "计算机", "电脑", "设备名称", "设备名", "裝置名稱", "設備名稱", "主机名", "主机",
            "コンピューター名", "コンピューター", "コンピュータ名", "デバイス名",
            "ホスト名", "컴퓨터", "máquina", "maquina", "počítač", "počítače", "bilgisayar", "host",
        }),
        (ColumnWord.Thing, new[] { "device", "asset", "resource", "system", "gerät", "geräte", "geraet",
            "apparaat", "dispositivo", "appareil", "cihaz" }),
        (ColumnWord.Name, new[] { "name", "names", "nom", "nombre", "nome", "naam", "namn", "nazwa", "имя", "名称",
            "名前", "이름", "名", "název", "navn", "adı", "adi" }),
        (ColumnWord.Gpu, new[]
        {
            "gpu", "gpus", "igpu", "dgpu", "egpu", "pergpu", "percard", "eachgpu", "singlegpu", "graphics", "graphic",
            "vga", "accelerator", "accelerators", "graphicsprocessor",
            "videoprocessor", "graphicschip", "graphicschipset", "videochipset", "videochip", "grafik", "grafikkarte",
            "grafikkarten", "graphique", "graphiques", "gráfica", "grafica", "gráficas", "grafische", "grafikkort",
            "graficzna", "graficznej", "видеокарта", "видеоадаптер", "графический",
            "显卡", "显示卡", "顯示卡", "图形处理器",
            "グラフィックス", "グラフィック", "ビデオカード", "그래픽", "видеокарты", "grafická", "grafikprozessor",
            "videokaart", "skærmkort", "skjermkort", "ekrankartı", "ekrankarti",
        }),
        (ColumnWord.Gpu | ColumnWord.Memory, new[]
        {
            "vram", "framebuffer", "fbmemory", "fbmemoryusage", "globalmemory", "globalmem", "grafikspeicher",
            "grafikkartenspeicher", "videospeicher", "videogeheugen", "видеопамять", "видеопамяти", "显存", "顯存",
        }),
        (ColumnWord.Gpu | ColumnWord.Count, new[] { "ngpu", "ngpus", "nombredegpu", "gpucounts", "cards" }),
        (ColumnWord.Video, new[] { "video", "vídeo", "vidéo", "display", "dedicated", "dedizierter", "dédiée" }),
        (ColumnWord.Card, new[]
        {
            "card", "adapter", "adapters", "controller", "controllers", "karte", "carte", "cartes", "adaptateur",
            "tarjeta", "scheda", "placa", "kaart", "karta", "カード", "ボード", "카드",
        }),
        (ColumnWord.Memory, new[]
        {
            "memory", "ram", "mem", "physmem", "arbeitsspeicher", "hauptspeicher", "physischerspeicher", "mémoire",
            "memoire", "mémoirevive", "memoria", "memória", "geheugen", "minne", "pamięć",
            "pamięci", "память", "памяти",
            "оперативнаяпамять", "озу", "内存", "記憶體", "メモリ",
            "メモリー", "메모리", "werkgeheugen", "paměť", "hukommelse", "bellek",
        }),
        (ColumnWord.Cpu, new[]
        {
            "cpu", "cpus", "processor", "processors", "chip", "prozessor", "prozessoren", "processeur", "processeurs",
            "procesador", "processore", "processador", "procesor", "procesora", "процессор",
            "процессора", "处理器",
            "處理器", "プロセッサ", "プロセッサー", "프로세서", "işlemci", "islemci",
        }),
        (ColumnWord.Kind, new[]
        {
            "model", "modell", "modèle", "modelo", "modello", "type", "typ", "tipo", "brand", "brandstring",
            "description", "product", "list", "devices", "series", "型号", "モデル", "機種",
            "модель",
        }),
        (ColumnWord.Count, new[]
        {
            "count", "counts", "number", "num", "qty", "quantity", "anzahl", "cantidad", "numero", "número", "liczba",
            "количество", "数量", "数", "nombrede", "quantidade", "quantità", "aantal", "ilość", "počet", "antal",
            "sayısı", "sayisi", "개수",
        }),
        (ColumnWord.Free, new[]
        {
            "free", "available", "avail", "frei", "freier", "verfügbar", "verfügbarer", "libre", "disponible",
            "disponibile", "disponível", "доступно", "свободно", "可用", "空き", "livre", "libera", "beschikbaar",
            "boş",
        }),
        (ColumnWord.Used, new[]
        {
            "used", "usage", "inuse", "belegt", "usado",
        }),
        (ColumnWord.Total, new[]
        {
            "total", "physical", "installed", "size", "capacity", "amount", "visible", "real", "gesamt", "gesamter",
            "installierter", "physischer", "physique", "physiquetotale", "totale", "installée", "física", "fisica",
            "physisch", "fysiek", "totaal", "cantidadtotal", "полныйобъем", "физической", "instalada",
            "physicaltotal", "general", "总量", "大小", "容量",
            "物理", "合計", "実装", "已安装", "已安裝", "机带", "primary", "größe", "kapazität", "capacité", "taille",
            "capacidad", "tamaño", "capacidade", "tamanho", "capacità", "grootte", "pojemność", "объём", "объем",
            "toplam", "fiziksel", "kapasite", "总", "搭載", "용량",
        }),
        (ColumnWord.Driver, new[] { "driver", "drivers", "treiber", "pilote", "controlador", "драйвер",
            "驱动", "ドライバ", "ドライバー", "sterownik", "sürücü", "드라이버" }),
        (ColumnWord.Version, new[] { "version", "versión", "versione", "ver", "版本", "バージョン", "версия",
            "wersja", "sürümü", "버전" }),
        (ColumnWord.Core, new[] { "core", "cores", "kerne", "cœurs", "coeurs", "núcleos", "ядра",
            "核心", "コア", "ядер", "rdzenie", "jader", "kärnor", "çekirdek", "cekirdek", "코어" }),
        (ColumnWord.Thread, new[]
        {
            "threads", "logical", "logicalprocessor", "logicalprocessors", "logicalcores", "vcpu", "vcpus", "vcpucount",
            "mantıksal", "mantiksal", "потоков", "线程", "スレッド",
        }),
        (ColumnWord.System, new[]
        {
            "os", "operatingsystem", "caption", "windowsproduct", "betriebssystem", "systèmedexploitation",
            "sistemaoperativo", "sistemaoperacional", "besturingssysteem",
            "операционнаясистема", "操作系统", "systemoperacyjny", "operativsystem", "işletimsistemi",
            "isletimsistemi", "オペレーティングシステム", "운영체제",
        }),
        (ColumnWord.Unit, UnitNames.Keys.ToArray()),
        (ColumnWord.Filler, new[]
        {
            "of", "in", "on", "the", "の", "de", "del", "du", "di", "da", "do", "l", "d", "der", "des", "cs",
            "hardware", "hw", "machdep",
            "info", "details", "nvidia", "amd", "intel", "component", "components",
        }),
    };

    /// <summary>Words that are the unit of what stands before them.</summary>
    public static IReadOnlyDictionary<string, string> Units => UnitNames;

    private static readonly Dictionary<string, ColumnWord> ByWord = All
        .SelectMany(entry => entry.Words.Select(word => (word, entry.Says)))
        .GroupBy(pair => pair.word).ToDictionary(same => same.Key, same => same.First().Says, StringComparer.Ordinal);

    private static readonly Dictionary<string, int> Ranks = All[0].Words
        .Select((word, index) => (word, index)).ToDictionary(pair => pair.word, pair => pair.index);

    /// <summary>
    /// The words that a name of letters and digits is made of, as few as possible; null if some of it is no known word.
    /// </summary>
    public static IReadOnlyList<string>? Split(string name)
    {
        var best = new (int Words, int Start)?[name.Length + 1];
        best[0] = (0, 0);
        for (var end = 1; end <= name.Length; end++)
        {
            for (var start = Math.Max(0, end - LongestWord); start < end; start++)
            {
                if (best[start] is not { } before || best[end]?.Words <= before.Words + 1) continue;
                if (IsWord(name, start, end)) best[end] = (before.Words + 1, start);
            }
        }

        if (best[name.Length] is null) return null;
        var words = new List<string>();
        for (var end = name.Length; end > 0; end = best[end]!.Value.Start)
            words.Insert(0, name.Substring(best[end]!.Value.Start, end - best[end]!.Value.Start));
        return words;
    }

    /// <summary>What a word says.</summary>
    public static ColumnWord Of(string word) => char.IsDigit(word[0]) ? ColumnWord.Number : ByWord[word];

    /// <summary>How surely a word means a computer: the smaller, the surer.</summary>
    public static int Rank(string word) => Ranks.TryGetValue(word, out var rank) ? rank : int.MaxValue;

    private static bool IsWord(string name, int start, int end)
    {
        for (var at = start; at < end; at++)
        {
            if (name[at] is < '0' or > '9') return ByWord.ContainsKey(name.Substring(start, end - start));
        }

        return true;
    }
}
