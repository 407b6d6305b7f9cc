namespace ModelFit.Placement;

/// <content>
/// Whether there is any placement with a part in system memory. Of all that may do, the ones that other machines need
/// too are tried first: even shares, and round numbers of layers between what system memory and what the cards allow.
/// </content>
internal sealed partial class PlacementSearch
{
    private const int FewMeasures = 3;

    public bool MayOffload(bool keepReserve)
    {
        const double plenty = 0.9;
        if (_pins.AreFixed || _pins.Split is not null || _rules.SplitsItself) return true;
        var room = Usable(keepReserve).Select(card => (double)card.Limit(keepReserve)).ToArray();
        if (_model.WeightBytes - room.Sum() <= plenty * (_machine.HostBytes ?? 0)) return true;
        var levels = FillLevels.Of(_costs, _pins, wholeLayers: false);
        return MayHold(fromTail: false) || MayHold(fromTail: true);

        bool MayHold(bool fromTail) =>
            FillLevels.Highest(levels, (layers, host) => Packing.Fill(layers, host, fromTail, room)) is { } fullest
            && WeightsOnHost(fullest) <= (_machine.HostBytes ?? 0);
    }

    public bool HasOffloaded(bool keepReserve, Func<PlacedModel, bool> suits, Func<PlacedModel?> find)
    {
        if (_pins.Any || _rules.SplitsItself) return find() is not null;
        var cards = Usable(keepReserve);
        return KnownPlacements
            .Of(_model, new(_options, _machine.Backend, _machine.Processor, _rules, cards.Length))
            .Any(cards, keepReserve, _machine.PoolBytes ?? _machine.HostBytes ?? 0, suits, find);
    }

    public PlacedModel? AnyOffloaded(bool keepReserve, Func<PlacedModel, bool> suits)
    {
        if (_pins.AreFixed || _pins.Split is not null || _rules.SplitsItself) return null;
        // Few large cards before many: each more has buffers of its own.
        var ranked = Usable(keepReserve).OrderByDescending(card => card.Limit(keepReserve)).ToArray();
        var sets = new[] { 1, 2, 4, 8, ranked.Length }.Where(count => count <= ranked.Length).Distinct()
            .Select(count => ranked.Take(count).OrderBy(card => card.Index).ToArray())
            .Where(cards => CanHold(cards, keepReserve))
            .ToArray();
        return sets.Select(cards => FirstOffloaded(cards, keepReserve, suits, keepsExpertsWhole: true))
                .FirstOrDefault(placed => placed is not null)
            ?? sets.Where(_ => _costs.HasExperts && _pins.CpuMoeLayers is null)
                .Select(cards => FirstOffloaded(cards, keepReserve, suits, keepsExpertsWhole: false))
                .FirstOrDefault(placed => placed is not null);
    }

    /// <summary>Whether cards have room for the weights and the cache that system memory has no room for.</summary>
    private bool CanHold(CardBudget[] cards, bool keepReserve) =>
        cards.Sum(card => card.Limit(keepReserve)) + (_machine.HostBytes ?? 0)
            >= OnOneCard.Devices.Sum(device => device.LoadedBytes);

    /// <summary>
    /// A placement that suits, found in few measures; null if none is. Experts are left behind by layers, or by parts
    /// as full as the cards get.
    /// </summary>
    private PlacedModel? FirstOffloaded(
        CardBudget[] cards, bool keepReserve, Func<PlacedModel, bool> suits, bool keepsExpertsWhole)
    {
        var levels = FillLevels.Of(_costs, _pins, wholeLayers: false);
        var guess = FirstGuess(cards.Length);
        var (rest, hostRest) = (ComputeOf(guess), guess.Host.ComputeBytes + guess.Host.OutputBytes);
        for (var tries = 0; tries < FewMeasures; tries++)
        {
            var room = cards.Select((card, i) => card.Limit(keepReserve) - rest[i]).ToArray();
            LayerSplit? At(int layers, int host) =>
                Packing.Fill(layers, host, fromTail: false, room, keepsExpertsWhole);
            if (FillLevels.Highest(levels, At, out var top) is not { } fullest
                || WeightsOnHost(fullest) > (_machine.HostBytes ?? 0)) return null;
            LayerSplit? Even(int layers, int host) => Packing.Even(layers, host, room);
            LayerSplit? Round(Func<int, int, LayerSplit?> pack, int from) =>
                Roundest(levels, from, hostRest) is { Layers: var layers, Host: var host } ? pack(layers, host) : null;
            var split = fullest;
            if (keepsExpertsWhole)
            {
                FillLevels.Highest(levels, Even, out var even);
                split = (even < 0 ? null : Round(Even, even)) ?? Round(At, top) ?? fullest;
            }

            var placed = Place(split, cards);
            var fits = placed.FitsCards(keepReserve);
            if (fits && (placed.IsWhole || suits(placed))) return placed.IsWhole ? null : placed;
            hostRest = Math.Max(hostRest, placed.Memory.Host.ComputeBytes + placed.Memory.Host.OutputBytes);
            if (!fits && !Learn(split, placed, rest, onlyMore: true)) return null;
            if (fits && ReferenceEquals(split, fullest)) return null;
        }

        return null;
    }

    /// <summary>
    /// The roundest level up to one that the cards have room for and from one that system memory has room for; null
    /// where it has too little for any.
    /// </summary>
    private (int Layers, int Host)? Roundest(IReadOnlyList<(int Layers, int Host)> levels, int top, long hostRest)
    {
        var room = (_machine.HostBytes ?? 0) - hostRest;
        if (HostBytes(levels[top]) > room) return null;
        var low = top;
        while (low > 0 && HostBytes(levels[low - 1]) <= room) low--;
        var roundest = top;
        for (var step = 2; step <= top; step *= 2)
            if (top / step * step >= low) roundest = top / step * step;
        return levels[roundest];
    }

    /// <summary>The least that the weights of a split take in system memory.</summary>
    private long WeightsOnHost(LayerSplit split)
    {
        var first = _costs.LayerCount - split.GpuLayers;
        var bytes = Math.Max(0, _model.WeightBytes - _costs.IdleBytes - _costs.WholeBytes);
        for (var layer = 0; layer < _costs.LayerCount; layer++)
        {
            var onCard = layer < first ? 0 : _costs.Dense(layer) + _costs.Experts(layer, split.HostParts[layer]);
            bytes += _costs.Dense(layer) + _costs.Experts(layer, 0) - onCard;
        }

        return bytes;
    }

    /// <summary>Weights and cache in system memory at a level.</summary>
    private double HostBytes((int Layers, int Host) level)
    {
        var (bytes, first) = ((double)OnOneCard.Host.WeightBytes, _costs.LayerCount - level.Layers);
        for (var layer = 0; layer < Math.Max(first, level.Host); layer++)
            bytes += _costs.Experts(layer, 0) + (layer < first ? _costs.Dense(layer) + CachePerLayer[layer] : 0);
        return bytes;
    }
}
