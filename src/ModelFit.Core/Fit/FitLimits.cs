using ModelFit.Answers;

namespace ModelFit.Fit;

/// <summary>
/// The searches of a result, each run once, when it is read. A search for more keeps the verdict at least as good as
/// it is; for a model that does not fit it asks what would run at all.
/// </summary>
internal sealed class FitLimits : IResultSearches
{
    /// <summary>Tokens that llama.cpp rounds a context to (src/llama-context.cpp: GGML_PAD(n_ctx, 256)).</summary>
    public const int ContextStep = 256;

    private readonly Lazy<int?> _context;
    private readonly Lazy<int?> _sequences;
    private readonly Lazy<string?> _quantization;
    private readonly Lazy<string?> _advice;

    /// <summary>Prepares the searches of a case.</summary>
    public FitLimits(FitCase fit, Decision decision)
    {
        var target = decision.Verdict switch
        {
            Verdict.Unknown => Verdict.Fits,
            Verdict.NoFit => Verdict.Offload,
            var reached => reached,
        };
        _context = new Lazy<int?>(() => LongestContext(fit, target));
        _sequences = new Lazy<int?>(() => MostSequences(fit, target, fit.Runtime.MostSequences));
        _quantization = new Lazy<string?>(() => QuantizationLadder.Of(fit.Question).FirstOrDefault(name =>
            Decision.Reaches(fit.With(question => question with { Quantization = name }), target)));
        _advice = new Lazy<string?>(() => Fit.Advice.Of(fit, decision));
    }

    public int? MaxContextLength() => _context.Value;

    public int? MaxParallelSequences() => _sequences.Value;

    public string? LargestQuantization() => _quantization.Value;

    public string? Advice() => _advice.Value;

    /// <summary>
    /// The longest context that reaches a verdict, in steps of llama.cpp's own (engines count every token); at most
    /// what the model was trained for (or what was asked for, if that is more). Null if none does.
    /// </summary>
    public static int? LongestContext(FitCase fit, Verdict target)
    {
        var asked = fit.Question.Options.ContextLength;
        return LongestContext(fit, target, Math.Max(fit.Question.TrainedContext ?? asked, asked));
    }

    /// <summary>The same, but at most <paramref name="most"/> tokens.</summary>
    public static int? LongestContext(FitCase fit, Verdict target, int most)
    {
        if (Decision.Reaches(fit.WithContext(most), target)) return most;
        var step = fit.Search.UsesHost ? ContextStep : 1;
        return step * Largest((most - 1) / step, steps => fit.WithContext(steps * step), target);
    }

    /// <summary>The most sequences, up to a number, that reach a verdict; null if not even one does.</summary>
    public static int? MostSequences(FitCase fit, Verdict target, int most) => Largest(
        most,
        count => fit.With(question => question with
        {
            Options = question.Options with { ParallelSequences = count },
        }),
        target);

    /// <summary>
    /// The largest number from 1 to <paramref name="most"/> whose case reaches the verdict, as all smaller ones do.
    /// What is left of the memory is nearly linear in the number, so that the place where it ends is guessed from both
    /// sides; each guess is verified, and where guesses do not halve what is left to search, the middle is tried.
    /// </summary>
    private static int? Largest(int most, Func<int, FitCase> at, Verdict target)
    {
        if (most < 1) return null;
        var (first, last) = (at(1), at(most));
        if (!Decision.Reaches(first, target)) return null;
        if (Decision.Reaches(last, target)) return most;
        var (low, high) = (1, most);
        var (lowRoom, highRoom) = (Decision.RoomLeft(first, target), Decision.RoomLeft(last, target));
        var halves = true;
        while (high - low > 1)
        {
            var span = high - low;
            var share = lowRoom > 0 && highRoom < 0 && halves ? lowRoom / (lowRoom - highRoom) : 0.5;
            var guess = low + (int)Math.Min(Math.Max(1, Math.Round(share * span)), span - 1);
            var tried = at(guess);
            if (Decision.Reaches(tried, target)) (low, lowRoom) = (guess, Decision.RoomLeft(tried, target));
            else (high, highRoom) = (guess, Decision.RoomLeft(tried, target));
            halves = (high - low) * 2 <= span || !halves;
        }

        return low;
    }
}
