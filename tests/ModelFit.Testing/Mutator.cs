namespace ModelFit.Testing;

/// <summary>
/// Damages files the way disks, networks and enemies do, always the same for the same seed: bits, extreme numbers,
/// cuts, pieces moved, doubled and taken out, and words of the formats in the wrong place.
/// </summary>
internal static class Mutator
{
    private static readonly ulong[] Extremes =
    [
        0, 1, 2, 0x7F, 0x80, 0xFF, 0x7FFF, 0xFFFF, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0x100000000, 1UL << 40,
        1UL << 46, 1UL << 62, (1UL << 63) - 1, 1UL << 63, ulong.MaxValue,
    ];

    private static readonly byte[][] Words =
    [
        [0x47, 0x47, 0x55, 0x46], [0xFF, 0xFE, 0xFD], [0xC0, 0x80], "{[{["u8.ToArray(), "null"u8.ToArray(),
        "-1"u8.ToArray(), "1e999"u8.ToArray(), "99999999999999999999"u8.ToArray(), "\"\\ud800\""u8.ToArray(),
        "block_count"u8.ToArray(), "],["u8.ToArray(),
    ];

    /// <summary>A damaged copy.</summary>
    public static byte[] Mutate(byte[] original, int seed)
    {
        var random = new Random(seed);
        var bytes = new List<byte>(original);
        for (var steps = random.Next(1, 5); steps > 0 && bytes.Count > 0; steps--) Step(bytes, random);
        return [.. bytes];
    }

    private static void Step(List<byte> bytes, Random random)
    {
        var at = random.Next(bytes.Count);
        var length = Math.Min(random.Next(1, 64), bytes.Count - at);
        switch (random.Next(8))
        {
            case 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                Overwrite(bytes, at, BitConverter.GetBytes(Extremes[random.Next(Extremes.Length)]));
                break;
            case 3:
                Overwrite(bytes, at, BitConverter.GetBytes((uint)Extremes[random.Next(Extremes.Length)]));
                break;
            case 4:
                bytes.RemoveRange(at, bytes.Count - at);
                break;
            case 5:
                bytes.RemoveRange(at, length);
                break;
            case 6:
                bytes.InsertRange(random.Next(bytes.Count), bytes.GetRange(at, length));
                break;
            default:
                bytes.InsertRange(at, Words[random.Next(Words.Length)]);
                break;
        }
    }

    private static void Overwrite(List<byte> bytes, int at, byte[] value)
    {
        for (var i = 0; i < value.Length && at + i < bytes.Count; i++) bytes[at + i] = value[i];
    }
}
