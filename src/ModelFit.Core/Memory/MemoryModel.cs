using System;
using ModelFit.Models;

namespace ModelFit.Memory;

/// <summary>What llama.cpp allocates, a device: the one entry to the Memory room.</summary>
public static class MemoryModel
{
    /// <summary>
    /// The memory of a model under options and a placement. Pure; never throws for a model that llama.cpp could load:
    /// what is not known falls back and lowers the map's accuracy.
    /// </summary>
    public static MemoryMap Measure(ModelDefinition model, RuntimeOptions options, DeviceLayout layout) =>
        throw new NotImplementedException();
}
