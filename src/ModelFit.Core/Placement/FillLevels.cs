namespace ModelFit.Placement;

/// <summary>
/// What can be on the cards, from least to most: layers without their experts, then the experts of more and more
/// layers; or whole layers. A level never takes less than the one before it.
/// </summary>
internal static class FillLevels
{
    /// <summary>The levels: layers on the cards, and layers whose experts stay on the host.</summary>
    public static IReadOnlyList<(int Layers, int Host)> Of(LayerCosts costs, PlacementPins pins, bool wholeLayers)
    {
        var experts = wholeLayers ? pins.CpuMoeLayers ?? 0 : pins.CpuMoeLayers ?? costs.ExpertLayers;
        var levels = new List<(int, int)>(costs.LayerCount + experts + 1);
        var top = pins.GpuLayers is { } pin ? Math.Min(Math.Max(pin, 0), costs.LayerCount) : costs.LayerCount;
        for (var layers = pins.GpuLayers is null ? 0 : top; layers <= top; layers++) levels.Add((layers, experts));
        if (pins.CpuMoeLayers is null)
            for (var host = experts - 1; host >= 0; host--) levels.Add((top, host));
        return levels;
    }

    /// <summary>What the highest level gives that gives anything; null if none does.</summary>
    public static T? Highest<T>(IReadOnlyList<(int Layers, int Host)> levels, Func<int, int, T?> place)
        where T : class => Highest(levels, place, out _);

    /// <summary>The same, and which level that is; -1 if none.</summary>
    public static T? Highest<T>(
        IReadOnlyList<(int Layers, int Host)> levels, Func<int, int, T?> place, out int level)
        where T : class
    {
        // Each level holds what the one before it holds, so that halving finds the highest.
        T? best = null;
        level = -1;
        int low = 0, high = levels.Count - 1;
        while (low <= high)
        {
            var middle = (low + high + 1) / 2;
            if (place(levels[middle].Layers, levels[middle].Host) is { } placed)
            {
                (best, level) = (placed, middle);
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return best;
    }
}
