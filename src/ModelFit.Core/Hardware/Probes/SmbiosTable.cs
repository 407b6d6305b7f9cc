using System.Text;
using ModelFit.Hardware.Inventory;

namespace ModelFit.Hardware.Probes;

/// <summary>
/// The firmware's table of the machine (SMBIOS, DMTF DSP0134): the memory modules and who built the machine. Linux
/// shows it to root in <c>/sys/firmware/dmi/tables/DMI</c>, Windows to everybody.
/// </summary>
internal static class SmbiosTable
{
    private const byte SystemInformation = 1;
    private const byte MemoryDevice = 17;
    private const byte EndOfTable = 127;

    /// <summary>Memory types of DSP0134, 7.18.2, that machines for models have.</summary>
    private static readonly Dictionary<byte, string> MemoryTypes = new()
    {
        [0x12] = "DDR", [0x13] = "DDR2", [0x18] = "DDR3", [0x1A] = "DDR4", [0x1B] = "LPDDR", [0x1C] = "LPDDR2",
        [0x1D] = "LPDDR3", [0x1E] = "LPDDR4", [0x20] = "HBM", [0x21] = "HBM2", [0x22] = "DDR5", [0x23] = "LPDDR5",
        [0x24] = "HBM3",
    };

    /// <summary>A structure: its formatted bytes and its texts.</summary>
    private sealed record Structure(byte[] Bytes, IReadOnlyList<string> Texts)
    {
        public byte Type => Bytes[0];

        public int Byte(int offset) => offset < Bytes.Length ? Bytes[offset] : 0;

        public int Word(int offset) => Byte(offset) | Byte(offset + 1) << 8;

        public int DoubleWord(int offset) => Word(offset) | Word(offset + 2) << 16;

        public string Text(int offset) => Byte(offset) is > 0 and var number && number <= Texts.Count
            ? Texts[number - 1].Trim() : string.Empty;
    }

    /// <summary>The populated slots.</summary>
    public static IReadOnlyList<MemoryModule> Modules(byte[] table) => Structures(table)
        .Where(structure => structure.Type == MemoryDevice).Select(Module).Where(module => module.Bytes is not null)
            .ToList();

    /// <summary>Maker and product, for example <c>QEMU Standard PC</c>; empty if the table does not tell.</summary>
    public static string Product(byte[] table) => Structures(table)
        .Where(structure => structure.Type == SystemInformation)
        .Select(structure => $"{structure.Text(4)} {structure.Text(5)}".Trim()).FirstOrDefault() ?? string.Empty;

    private static MemoryModule Module(Structure device)
    {
        var (locator, bank) = (device.Text(0x10), device.Text(0x11));
        var speed = Speed(device, 0x20, 0x58) ?? Speed(device, 0x15, 0x54);
        var bits = device.Word(0x0A);
        return new MemoryModule(
            locator,
            Size(device),
            MemoryTypes.TryGetValue((byte)device.Byte(0x12), out var type) ? type : null,
            speed,
            bits is 0 or 0xFFFF ? null : bits,
            Dmidecode.Channel(bank, locator));
    }

    /// <summary>MiB, or KiB where the highest bit is set; larger modules have their size further behind.</summary>
    private static long? Size(Structure device) => device.Word(0x0C) switch
    {
        0 or 0xFFFF => null,
        0x7FFF => (device.DoubleWord(0x1C) & 0x7FFFFFFFL) << 20,
        var size => (size & 0x8000) != 0 ? (size & 0x7FFFL) << 10 : (long)size << 20,
    };

    private static int? Speed(Structure device, int offset, int extended) => device.Word(offset) switch
    {
        0 => null,
        0xFFFF => device.DoubleWord(extended) is > 0 and var speed ? speed : null,
        var speed => speed,
    };

    private static IEnumerable<Structure> Structures(byte[] table)
    {
        var at = 0;
        while (at + 4 <= table.Length && table[at] != EndOfTable)
        {
            var length = table[at + 1];
            if (length < 4 || at + length > table.Length) yield break;
            var bytes = table.Skip(at).Take(length).ToArray();
            at += length;
            var texts = new List<string>();
            while (at < table.Length && table[at] != 0)
            {
                var end = Array.IndexOf(table, (byte)0, at);
                if (end < 0) yield break;
                texts.Add(Encoding.ASCII.GetString(table, at, end - at));
                at = end + 1;
            }

            at += texts.Count == 0 ? 2 : 1;
            yield return new Structure(bytes, texts);
        }
    }
}
