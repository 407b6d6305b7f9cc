using System.Text;
using System.Threading;
using ModelFit.Common;

namespace ModelFit.Hardware.Inventory;

/// <summary>Inventory files in the encodings that tools and shells write.</summary>
internal static class InventoryFile
{
    private const long MaxBytes = 256L << 20;

    /// <summary>The text of a file of at most 256 MiB.</summary>
    public static string Read(string path, CancellationToken stop) => Decode(FileOpener.Bytes(path, MaxBytes, stop));

    /// <summary>
    /// The text of bytes: by their byte order mark, UTF-16 without one by its zero bytes, UTF-8, and what is none of
    /// these as Latin-1, which is what dxdiag writes on Western Windows.
    /// </summary>
    public static string Decode(byte[] bytes)
    {
        if (bytes.Length >= 2 && bytes[0] == 0xFF && bytes[1] == 0xFE)
            return Encoding.Unicode.GetString(bytes, 2, bytes.Length - 2);
        if (bytes.Length >= 2 && bytes[0] == 0xFE && bytes[1] == 0xFF)
            return Encoding.BigEndianUnicode.GetString(bytes, 2, bytes.Length - 2);
        var start = bytes.Take(512).ToArray();
        var zeros = start.Where((value, index) => index % 2 == 1 && value == 0).Count();
        if (start.Length >= 8 && zeros > start.Length / 4) return Encoding.Unicode.GetString(bytes);
        try
        {
            return new UTF8Encoding(false, true).GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            // In the code pages of consoles FF is a blank that does not break.
            return Encoding.GetEncoding("iso-8859-1").GetString(bytes).Replace('\u00FF', '\u00A0');
        }
    }
}
