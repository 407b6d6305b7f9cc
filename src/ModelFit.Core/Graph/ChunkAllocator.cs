using System.Diagnostics;

namespace ModelFit.Graph;

/// <summary>
/// Best-fit allocation of one backend's memory in chunks, offsets only (ggml/src/ggml-alloc.c, ggml_dyn_tallocr).
/// </summary>
internal sealed class ChunkAllocator(int alignment, long maxChunk)
{
    private const int MaxChunks = 16;
    private const long Unlimited = long.MaxValue / 2;

    private readonly long _maxChunk = Math.Min(maxChunk, Unlimited);
    private readonly List<Chunk> _chunks = new();

    /// <summary>The highest end address of each chunk in bytes.</summary>
    public long[] ChunkSizes() => _chunks.Select(chunk => chunk.MaxSize).ToArray();

    /// <summary>Takes memory; returns the chunk and the offset in it.</summary>
    public (int Chunk, long Offset) Allocate(long size)
    {
        size = Backends.BackendRules.Align(size, alignment);
        Debug.Assert(size >= 0, "a size outgrew a long");

        // ggml_dyn_tallocr_alloc: a hole between two tensors first, then the open end of a chunk, then a chunk more.
        var (chunk, block) = FindSmallest(size);
        if (block < 0) (chunk, block) = FindLast(size);
        if (block < 0)
        {
            // The last chunk that there can be takes whatever does not fit elsewhere (GGML_VBUFFER_MAX_CHUNKS).
            chunk = _chunks.Count;
            block = 0;
            _chunks.Add(new Chunk(chunk == MaxChunks - 1 ? Unlimited : Math.Max(size, _maxChunk)));
        }

        var target = _chunks[chunk];
        var free = target.Free[block];
        if (free.Size == size) target.Free.RemoveAt(block);
        else target.Free[block] = new Block(free.Offset + size, free.Size - size);
        if (free.Offset + size > target.MaxSize) target.MaxSize = free.Offset + size;
        return (chunk, free.Offset);
    }

    /// <summary>Gives memory back and merges it with its neighbours.</summary>
    public void Free(int chunk, long offset, long size)
    {
        size = Backends.BackendRules.Align(size, alignment);
        var free = _chunks[chunk].Free;
        for (var i = 0; i < free.Count; i++)
        {
            var block = free[i];
            if (block.Offset + block.Size == offset)
            {
                var end = offset + size;
                var merges = i + 1 < free.Count && free[i + 1].Offset == end;
                free[i] = new Block(block.Offset, block.Size + size + (merges ? free[i + 1].Size : 0));
                if (merges) free.RemoveAt(i + 1);
                return;
            }

            if (offset + size == block.Offset)
            {
                var merges = i > 0 && free[i - 1].Offset + free[i - 1].Size == offset;
                var start = merges ? free[i - 1].Offset : offset;
                free[i] = new Block(start, block.Offset + block.Size - start);
                if (merges) free.RemoveAt(i - 1);
                return;
            }
        }

        // Blocks are kept by address, as ggml keeps them: the order decides which of two equal holes is taken.
        var place = 0;
        while (place < free.Count && free[place].Offset < offset) place++;
        Debug.Assert(size == 0 || place == 0 || IsApart(free[place - 1], offset, size), "memory is freed once");
        Debug.Assert(size == 0 || place == free.Count || IsApart(free[place], offset, size), "memory is freed once");
        free.Insert(place, new Block(offset, size));
    }

    // Of nothing there may be several at one place: an empty tensor takes none of the block that it is put in.
    private static bool IsApart(Block free, long offset, long size) =>
        free.Size == 0 || free.Offset + free.Size <= offset || offset + size <= free.Offset;

    /// <summary>
    /// The smallest block of the last chunk that has one large enough, the last block of each chunk left out.
    /// </summary>
    private (int Chunk, int Block) FindSmallest(long size)
    {
        var found = (-1, -1);
        for (var c = 0; c < _chunks.Count; c++)
        {
            var best = long.MaxValue;
            var free = _chunks[c].Free;
            for (var i = 0; i < free.Count - 1; i++)
            {
                // Of equal holes the later one, of a later chunk if there is one: ggml compares with <=.
                if (free[i].Size < size || free[i].Size > best) continue;
                best = free[i].Size;
                found = (c, i);
            }
        }

        return found;
    }

    /// <summary>
    /// The last block of the chunk that need not grow, tightest first, else of the one that grows least.
    /// </summary>
    private (int Chunk, int Block) FindLast(long size)
    {
        var found = (-1, -1);
        var best = long.MinValue;
        for (var c = 0; c < _chunks.Count; c++)
        {
            var free = _chunks[c].Free;
            if (free.Count == 0) continue;
            var last = free[free.Count - 1];
            if (last.Size < size) continue;
            // Below zero the chunk would grow by so much.
            var spare = _chunks[c].MaxSize - last.Offset - size;
            if (!(best < 0 && spare > best) && !(spare >= 0 && spare < best)) continue;
            best = spare;
            found = (c, free.Count - 1);
        }

        return found;
    }

    private readonly record struct Block(long Offset, long Size);

    private sealed class Chunk
    {
        public Chunk(long size) => Free.Add(new Block(0, size));

        public List<Block> Free { get; } = new();

        public long MaxSize { get; set; }
    }
}
