using System.Collections.Generic;

namespace ModelFit.Hardware.Inventory;

/// <summary>Every kind of export that is recognized, the most particular first.</summary>
internal static class InventoryFormats
{
    /// <summary>The kinds in the order in which they are tried.</summary>
    public static IReadOnlyList<InventoryFormat> All { get; } = new InventoryFormat[]
    {
        new("nvidia-smi -q -x", "<nvidia_smi_log>", NvidiaSmiXml.Recognizes, NvidiaSmiXml.Read),
        new("nvidia-smi --query-gpu=… --format=csv", "columns such as memory.total [MiB]",
            NvidiaSmiCsv.Recognizes, NvidiaSmiCsv.Read),
        new("JSON rows", "objects with Gpu, GpuMemory or SystemMemory", RowText.RecognizesJson, RowText.ReadJson),
        new("CSV rows", "columns Gpu, GpuMemory or SystemMemory", RowText.RecognizesCsv, RowText.ReadCsv),
    };
}
