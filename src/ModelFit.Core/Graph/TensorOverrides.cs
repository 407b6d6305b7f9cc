using System.Text.RegularExpressions;

namespace ModelFit.Graph;

/// <summary>
/// <c>--override-tensor</c>: which weights go elsewhere than their layer (src/llama-model-loader.cpp, create_tensor).
/// </summary>
internal sealed class TensorOverrides
{
    private const int None = -2;
    private const int Host = -1;

    private static readonly TimeSpan MatchTimeout = TimeSpan.FromSeconds(1);

    private readonly EquatableArray<string> _patterns;
    private readonly sbyte[] _targets;

    private TensorOverrides(ModelShape model, EquatableArray<string> patterns)
    {
        _patterns = patterns;
        _targets = new sbyte[model.Weights.All.Count];
        for (var i = 0; i < _targets.Length; i++) _targets[i] = None;
        foreach (var pattern in patterns) Apply(pattern, model);
    }

    /// <summary>The targets of a model's weights; the latest patterns of each model are remembered.</summary>
    public static TensorOverrides Of(ModelShape model, EquatableArray<string> patterns)
    {
        var latest = model.Definition.Prepared.Get(_ => new LatestOverrides());
        var overrides = latest.Overrides;
        if (overrides?._patterns.Equals(patterns) != true)
            latest.Overrides = overrides = new TensorOverrides(model, patterns);
        return overrides;
    }

    /// <summary>Index of the GPU that the weight is sent to, -1 for the host; null if no pattern matches it.</summary>
    public int? Target(Weight weight) => _targets[weight.Index] is not None and var target ? target : null;

    private void Apply(string text, ModelShape model)
    {
        var equals = text.LastIndexOf('=');
        if (equals <= 0) throw Invalid(text, "it is not of the form 'pattern=device'");
        var target = DeviceNamed(text.Substring(equals + 1)) ?? throw Invalid(text, "its device is not known");
        try
        {
            var pattern = new Regex(text.Substring(0, equals), RegexOptions.CultureInvariant, MatchTimeout);
            foreach (var weight in model.Weights.All)
            {
                if (_targets[weight.Index] == None && pattern.IsMatch(weight.Info.Name))
                    _targets[weight.Index] = target;
            }
        }
        catch (ArgumentException error)
        {
            throw Invalid(text, error.Message);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Invalid(text, "matching it takes too long");
        }
    }

    /// <summary>
    /// -1 for <c>CPU</c> and pinned memory, else the number at the end of <c>CUDA1</c>; null if neither.
    /// </summary>
    public static sbyte? DeviceNamed(string device)
    {
        if (device.StartsWith("CPU", StringComparison.OrdinalIgnoreCase)
            || device.EndsWith("_Host", StringComparison.OrdinalIgnoreCase)) return Host;
        var digits = device.Length;
        while (digits > 0 && char.IsDigit(device[digits - 1])) digits--;
        return digits > 0 && sbyte.TryParse(device.Substring(digits), out var index) ? index : null;
    }

    private static ModelFitException Invalid(string text, string why) => new(
        ErrorIds.InvalidArgument, FailureKind.InvalidArgument, $"The tensor override '{text}' cannot be used: {why}.",
        text);

    private sealed class LatestOverrides
    {
        public volatile TensorOverrides? Overrides;
    }
}
