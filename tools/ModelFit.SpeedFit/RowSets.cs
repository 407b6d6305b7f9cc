namespace ModelFit.SpeedFit;

/// <summary>Which rows each stage of the fit, and each table of the page, rests on.</summary>
internal static class RowSets
{
    private const int Shallow = 2048, MostUsers = 64;

    /// <summary>Rows whose model, type and cards are known, each card weighed by the root of its rows.</summary>
    public static IReadOnlyList<FitRow> Load(string path)
    {
        var rows = MeasuredRow.Read(path).Select(FitRow.Of).OfType<FitRow>().Where(row => row.FitsCards).ToArray();
        foreach (var group in rows.GroupBy(row => (row.Device, row.Row.Kind, row.Row.Tool)))
        {
            var count = group.Count();
            foreach (var row in group)
                row.Weight = Math.Pow(count, -0.6) * (
                    row.Row.Tool.StartsWith("llmfit", StringComparison.Ordinal) ? 0.3 : 1)
                    * (row.Row.IsOld && row.Backend == ComputeBackend.Cuda ? 0.5 : 1);
        }

        return rows;
    }

    // The one- and two-bit types were measured with kernels of forks, months before they had any of their own.
    private static bool IsBench(FitRow row) => row.Row.Tool is "llama-bench" or "field"
        && !row.Row.Quantization.StartsWith("Q1_0", StringComparison.Ordinal) && row.Row.Quantization != "Q2_0";

    private static bool IsOneCard(FitRow row) => row.Cards.Count == 1 && row.Row.HostExperts == 0 && row.Row.Users == 1;

    public static bool Decode(FitRow row) => row.Row.Kind == "tg" && IsBench(row) && IsOneCard(row)
        && row.Row.Depth == 0;

    public static bool Prefill(FitRow row) => row.Row.Kind == "pp" && IsBench(row) && IsOneCard(row)
        && row.Row.Depth == 0 && !(row.Backend == ComputeBackend.Vulkan && row.Row.Quantization == "BF16");

    /// <summary>Processors alone: LocalScore, llama-bench and what users sent in.</summary>
    private static bool IsProcessor(FitRow row) => row.Cards.Count == 0 && row.Row.Tool != "ik-bench";

    public static bool ProcessorDecode(FitRow row) => IsProcessor(row) && row.Row.Kind is "tg" or "ls-tg" or "gen"
        && row.Row.Depth < Shallow;

    public static bool ProcessorPrefill(FitRow row) => IsProcessor(row) && row.Row.Kind is "pp" or "ls-pp" or "gen-pp";

    public static bool DepthDecode(FitRow row) => row.Row.Kind == "tg" && IsOneCard(row) && row.Row.Depth >= Shallow
        && row.Row.Tool is "llama-bench" or "ik-bench" && row.Runtime == ModelRuntime.LlamaCpp;

    public static bool CardsDecode(FitRow row) => row.Row.Kind == "tg" && row.Cards.Count > 1 && IsBench(row)
        && row.Row.Depth == 0 && row.Row.HostExperts == 0 && row.Shared == 1;

    public static bool CardsPrefill(FitRow row) => row.Row.Kind == "pp" && row.Cards.Count > 1 && IsBench(row)
        && row.Row.Depth == 0 && row.Row.HostExperts == 0;

    public static bool SharedDecode(FitRow row) => row.Shared > 1 && row.Row.Kind is "tg" or "batch"
        && row.Row.Speculation is "" or "none" && row.Row.Users <= MostUsers;

    public static bool HostDecode(FitRow row) => row.Row.Kind == "tg" && row.Row.HostExperts > 0;

    public static bool HostPrefill(FitRow row) => row.Row.Kind == "pp" && row.Row.HostExperts > 0;

    public static bool Users(FitRow row) => row.Row.Kind == "batch" && row.Runtime == ModelRuntime.LlamaCpp
        && row.Row.Users / row.Copies > 1;

    public static bool VllmDecode(FitRow row) => row.Runtime == ModelRuntime.Vllm && row.IsDecode && row.Row.Users == 1
        && row.Cards.Count == 1 && row.Row.Kind is "tg" or "batch" && row.Row.Speculation is "" or "none"
        && !row.Row.Quantization.Contains("spec", StringComparison.Ordinal);

    public static bool VllmUsers(FitRow row) => row.Runtime == ModelRuntime.Vllm && row.IsDecode && row.Row.Users > 1
        && row.Load.ActiveSequences <= MostUsers
        && row.Row.Kind is "tg" or "batch" && row.Row.Speculation is "" or "none"
        && !row.Row.Quantization.Contains("spec", StringComparison.Ordinal);

    public static bool VllmPrefill(FitRow row) => row.Runtime == ModelRuntime.Vllm && row.Row.Kind == "pp"
        && row.Row.Users == 1 && row.Cards.Count == 1;

    /// <summary>Whether a stage is fitted to a row.</summary>
    public static bool Of(Stage stage, FitRow row) => stage switch
    {
        Stage.Decode => Decode(row),
        Stage.Processor => ProcessorDecode(row),
        Stage.ProcessorPrefill => ProcessorPrefill(row),
        Stage.Prefill => Prefill(row),
        Stage.Depth => DepthDecode(row),
        Stage.Cards => CardsDecode(row),
        Stage.Shared => SharedDecode(row),
        Stage.Host => HostDecode(row),
        Stage.Users => Users(row),
        Stage.Vllm => VllmDecode(row),
        Stage.VllmUsers => VllmUsers(row),
        Stage.VllmPrefill => VllmPrefill(row),
        _ => false,
    };
}
