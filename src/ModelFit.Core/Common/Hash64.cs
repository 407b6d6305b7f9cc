namespace ModelFit.Common;

/// <summary>A hash of 64 bits, by multiplication and shifts (the finalizer of MurmurHash3).</summary>
internal static class Hash64
{
    private const ulong Start = 14695981039346656037;
    private const ulong First = 0xff51afd7ed558ccd;
    private const ulong Second = 0xc4ceb9fe1a85ec53;

    /// <summary>A hash with one more value.</summary>
    public static ulong Mix(ulong hash, ulong value)
    {
        unchecked
        {
            var mixed = (hash * First) ^ value;
            mixed = (mixed ^ (mixed >> 33)) * First;
            mixed = (mixed ^ (mixed >> 33)) * Second;
            return mixed ^ (mixed >> 33);
        }
    }

    /// <summary>The hash of a text.</summary>
    public static ulong Of(string text) => text.Aggregate(Start, (hash, letter) => Mix(hash, letter));
}
