using System.Text.RegularExpressions;

namespace ModelFit.Graph;

/// <summary>
/// One <c>pattern=device</c> of <c>--override-tensor</c>: the first whose pattern is found in a tensor's name decides
/// (src/llama-model-loader.cpp, create_tensor).
/// </summary>
internal sealed class OverrideRule
{
    /// <summary>Where a tensor goes that is sent to system memory.</summary>
    public const sbyte Host = -1;

    /// <summary>For one name. The pattern is the user's own, so no test vouches for it.</summary>
    private static readonly TimeSpan MatchLimit = TimeSpan.FromSeconds(1);

    private readonly string _text;
    private readonly Regex _pattern;
    private readonly sbyte _target;

    private OverrideRule(string text)
    {
        _text = text;
        var equals = text.LastIndexOf('=');
        if (equals <= 0) throw Invalid("it is not of the form 'pattern=device'");
        _target = DeviceNamed(text.Substring(equals + 1)) ?? throw Invalid("its device is not known");
        try
        {
            _pattern = new Regex(text.Substring(0, equals), RegexOptions.CultureInvariant, MatchLimit);
        }
        catch (ArgumentException error)
        {
            throw Invalid(error.Message.TrimEnd('.'));
        }
    }

    /// <summary>The rules of a layout, in the order in which they decide.</summary>
    /// <exception cref="ModelFitException">A text is no rule; <see cref="ErrorIds.InvalidArgument"/>.</exception>
    public static OverrideRule[] Of(IEnumerable<string> texts) =>
        texts.Select(text => new OverrideRule(text)).ToArray();

    /// <summary>Index of the GPU that a tensor is sent to, <see cref="Host"/>, or null if no rule matches.</summary>
    /// <exception cref="ModelFitException">A match takes too long; <see cref="ErrorIds.InvalidArgument"/>.</exception>
    public static sbyte? Target(OverrideRule[] rules, string tensor)
    {
        foreach (var rule in rules)
            if (rule.Matches(tensor)) return rule._target;
        return null;
    }

    private bool Matches(string tensor)
    {
        try
        {
            return _pattern.IsMatch(tensor);
        }
        catch (RegexMatchTimeoutException)
        {
            throw Invalid("matching it takes too long");
        }
    }

    /// <summary>
    /// <see cref="Host"/> for <c>CPU</c> and pinned memory, else the number at the end of <c>CUDA1</c>; null if it is
    /// neither.
    /// </summary>
    private static sbyte? DeviceNamed(string device)
    {
        if (device.StartsWith("CPU", StringComparison.OrdinalIgnoreCase)
            || device.EndsWith("_Host", StringComparison.OrdinalIgnoreCase)) return Host;
        var digits = device.Length;
        while (digits > 0 && char.IsDigit(device[digits - 1])) digits--;
        return digits > 0 && sbyte.TryParse(device.Substring(digits), out var index) ? index : null;
    }

    private ModelFitException Invalid(string why) => new(
        ErrorIds.InvalidArgument, $"The tensor override '{_text}' cannot be used: {why}.", _text);
}
