using System.Text.RegularExpressions;

namespace ModelFit.Hardware.Inventory;

/// <summary>
/// The report of Windows' <c>msinfo32</c>: items and values between tabs in sections. Its labels are those of the
/// system's language; the display adapters are known by their device ids in every language.
/// </summary>
internal static class MsInfo
{
    private const string Source = "msinfo32";

    private static readonly string[] Hosts =
    {
        "System Name", "Systemname", "Nom du système", "Nombre del sistema", "Nome sistema", "Nome do sistema",
        "Systeemnaam", "Имя системы", "系统名称", "システム名",
        "Device name", "Gerätename", "Nom de l’appareil", "Nom de l'appareil", "Nombre del dispositivo",
        "Nome dispositivo", "Nome do dispositivo", "Apparaatnaam", "Имя устройства", "Nazwa urządzenia", "设备名称",
        "裝置名稱", "設備名稱", "デバイス名",
    };

    private static readonly string[] Systems =
        { "OS Name", "Betriebssystemname", "Nom du système d’exploitation", "Nom du système d'exploitation",
            "Nombre del SO", "Nome SO", "Nome do SO", "Имя ОС", "操作系统名称", "OS 名" };

    private static readonly string[] Processors =
        { "Processor", "Prozessor", "Processeur", "Procesador", "Processore", "Processador",
            "Процессор", "处理器", "處理器",
            "プロセッサ" };

    private static readonly string[] Installed =
    {
        "Installed Physical Memory (RAM)", "Installierter physischer Speicher (RAM)",
        "Mémoire physique (RAM) installée",
        "Memoria física instalada (RAM)", "Memoria fisica installata (RAM)", "Memória Física (RAM) Instalada",
        "Установленная оперативная память (RAM)", "已安装的物理内存(RAM)",
            "Total Physical Memory",
        "Gesamter physischer Speicher", "Mémoire physique totale", "Memoria física total", "Memoria fisica totale",
        "Полный объем физической памяти", "物理内存总量",
        "Installed RAM", "Installierter RAM", "Mémoire RAM installée", "RAM instalada", "RAM installata",
        "Geïnstalleerd RAM-geheugen", "Оперативная память", "Zainstalowana pamięć RAM", "机带 RAM", "已安裝記憶體(RAM)",
        "実装 RAM",
    };

    private static readonly string[] Available =
    {
        "Available Physical Memory", "Verfügbarer physischer Speicher", "Mémoire physique disponible",
        "Memoria física disponible", "Memoria fisica disponibile", "Memória Física Disponível",
        "Доступно физической памяти", "可用物理内存",
    };

    /// <summary>An adapter's memory in any language: <c>4.00 GB (4,293,918,720 bytes)</c>.</summary>
    private static readonly Regex Memory = new(
        @"\(?\d[\d.,'\u00A0\u202F ]{5,20}\)? ?(?:bytes|octets|байт|字节|バイト|bajtów|bajt)\)?\s*$",
        RegexOptions.IgnoreCase);

    private static readonly Regex Version = new(@"^\d{1,2}\.\d\.\d{4,5}\b");

    private static readonly Regex XmlItem = new(
        @"<Item><!\[CDATA\[([^\]<]*)\]\]></Item><Value><!\[CDATA\[([^\]<]*)\]\]></Value>");

    private static readonly string[] Names =
        { "Name", "Nom", "Nombre", "Nome", "Naam", "Имя", "名称", "名前" };

    /// <summary>Whether lines are items of the report.</summary>
    public static bool Recognizes(InventoryText text) => (text.Contains("<MsInfo>")
            || text.Lines.Take(200).Count(line => line.IndexOf('\t') > 0) > 5)
        && Items(text).Where(item => Processors.Contains(item.Label) && item.Value.IndexOf("hz", IgnoreCase) > 0)
            .Select(item => item.Value).Distinct().Count() == 1;

    private const StringComparison IgnoreCase = StringComparison.OrdinalIgnoreCase;

    /// <summary>The one machine of the report.</summary>
    public static IEnumerable<DetectedMachine> Read(InventoryText text, ReadContext context)
    {
        var items = Items(text).ToList();
        string? First(string[] labels) => items.Where(item => labels.Contains(item.Label)).Select(item => item.Value)
            .Select(Fields.Text).FirstOrDefault(value => value is not null);
        var style = new NumberStyle(context.Culture, true);
        long? Size(string[] labels) => First(labels) is { } value ? style.Size(value, null, CellSize.Bare.Bytes) : null;
        var processor = First(Processors);
        yield return new DetectedMachine(
            new MachineSpec
            {
                ComputerName = First(Hosts) ?? Host(items),
                OperatingSystem = First(Systems),
                Cpu = processor?.Split(',')[0],
                SystemMemoryBytes = Size(Installed),
                SystemMemoryFreeBytes = Size(Available) ?? Free(items, style),
                Source = Source,
            },
            Adapters(items).ToList() is { Count: > 0 } cards ? cards : null);
    }

    /// <summary>The third item behind the version of the system, whatever its label, where it is one word.</summary>
    private static string? Host(IReadOnlyList<(string Label, string Value)> items)
    {
        var version = items.Take(40).ToList().FindIndex(item => Version.IsMatch(item.Value));
        return version < 0 ? null : items.Skip(version + 3).Take(1).Select(item => item.Value)
            .FirstOrDefault(value => value.Length > 0 && value.IndexOf(' ') < 0);
    }

    /// <summary>The second size behind the installed memory, whose label says RAM in every language.</summary>
    private static long? Free(IReadOnlyList<(string Label, string Value)> items, NumberStyle style) => items
        .SkipWhile(item => item.Label.IndexOf("(RAM)", StringComparison.Ordinal) < 0).Skip(1).Take(3)
        .Select(item => style.Size(item.Value, null, CellSize.Bare.Bytes)).Where(size => size > 0).Skip(1)
        .FirstOrDefault();

    /// <summary>Devices that say how much memory their adapter has.</summary>
    private static IEnumerable<DetectedGpu> Adapters(IReadOnlyList<(string Label, string Value)> items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            if (!Names.Contains(items[i].Label) || Fields.Text(items[i].Value) is not { } name) continue;
            var device = items.Skip(i + 1).TakeWhile(item => !Names.Contains(item.Label)).Take(30).ToList();
            var id = device.Select(item => PciId.FromPnp(item.Value)).FirstOrDefault(found => found is not null);
            var memory = device.FirstOrDefault(item => Memory.IsMatch(item.Value)).Value;
            if (id is null || (memory is null && !device.Any(item => IsDisplay(item.Label)))) continue;
            var bytes = memory is null ? null : Bytes(memory);
            var card = FoundCard.Create(
                name, Source, total: bytes, id: id,
                driver: device.FirstOrDefault(item => item.Value.Split('.').Length == 4
                    && item.Value.All(c => char.IsDigit(c) || c == '.')).Value);
            yield return card with
            {
                MemoryIsCapped = VideoController.IsUnsure(bytes, card.IsIntegrated == true),
            };
        }
    }

    private static bool IsDisplay(string label) => label is "Adapter RAM" or "Bits/Pixel" or "Adapter Description";

    /// <summary>From <c>4.00 GB (4,293,918,720 bytes)</c>: the bytes.</summary>
    private static long? Bytes(string value)
    {
        var open = value.IndexOf('(');
        var digits = new string(value.Substring(open < 0 ? 0 : open).Where(c => c is >= '0' and <= '9').Take(15)
            .ToArray());
        return Fields.PositiveBytes(digits);
    }

    private static IEnumerable<(string Label, string Value)> Items(InventoryText text)
    {
        foreach (Match item in XmlItem.Matches(text.Text))
            yield return (item.Groups[1].Value.Trim(), item.Groups[2].Value.Trim());
        foreach (var line in text.Lines)
        {
            var cells = line.Split('\t');
            if (cells.Length is >= 2 and <= 4 && cells[0].Trim().Length > 0)
                yield return (cells[0].Trim(), cells[1].Trim());
        }
    }
}
