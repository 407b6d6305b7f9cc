namespace ModelFit.Common;

/// <summary>
/// A wildcard as PowerShell has them: <c>*</c>, <c>?</c>, <c>[abc]</c>, <c>[a-z]</c>, a backtick before what is meant
/// literally. Case is ignored, culture too. A bracket that never closes is an ordinary character.
/// </summary>
internal sealed class Wildcard
{
    private readonly List<Step> _steps = new();

    /// <summary>Reads a pattern.</summary>
    public Wildcard(string pattern)
    {
        for (var i = 0; i < pattern.Length; i++)
        {
            var letter = pattern[i];
            if (letter == '`' && i + 1 < pattern.Length) _steps.Add(Step.Literal(pattern[++i]));
            else if (letter == '*') _steps.Add(new Step(StepKind.Any, string.Empty));
            else if (letter == '?') _steps.Add(new Step(StepKind.One, string.Empty));
            else if (letter == '[' && pattern.IndexOf(']', i + 1) is var end && end > i + 1)
            {
                _steps.Add(new Step(StepKind.Set, pattern.Substring(i + 1, end - i - 1)));
                i = end;
            }
            else _steps.Add(Step.Literal(letter));
        }
    }

    private enum StepKind
    {
        Literal,
        One,
        Any,
        Set,
    }

    /// <summary>Whether a text has a wildcard character.</summary>
    public static bool IsPattern(string text) => text.IndexOfAny(new[] { '*', '?', '[' }) >= 0;

    /// <summary>Whether the whole text matches; never slower than pattern length times text length.</summary>
    public bool IsMatch(string text)
    {
        int step = 0, at = 0, retryStep = -1, retryAt = 0;
        while (at < text.Length)
        {
            if (step < _steps.Count && _steps[step].Kind == StepKind.Any)
            {
                retryStep = ++step;
                retryAt = at;
            }
            else if (step < _steps.Count && _steps[step].Matches(text[at]))
            {
                step++;
                at++;
            }
            else if (retryStep >= 0)
            {
                step = retryStep;
                at = ++retryAt;
            }
            else
            {
                return false;
            }
        }
        while (step < _steps.Count && _steps[step].Kind == StepKind.Any) step++;
        return step == _steps.Count;
    }

    private sealed record Step(StepKind Kind, string Characters)
    {
        public static Step Literal(char letter) => new(StepKind.Literal, letter.ToString());

        public bool Matches(char letter) => Kind switch
        {
            StepKind.One => true,
            StepKind.Literal => Same(letter, Characters[0]),
            _ => InSet(letter),
        };

        private static bool Same(char first, char second) =>
            char.ToUpperInvariant(first) == char.ToUpperInvariant(second);

        private bool InSet(char letter)
        {
            var folded = char.ToUpperInvariant(letter);
            for (var i = 0; i < Characters.Length; i++)
            {
                var low = char.ToUpperInvariant(Characters[i]);
                var isRange = i + 2 < Characters.Length && Characters[i + 1] == '-';
                var high = isRange ? char.ToUpperInvariant(Characters[i + 2]) : low;
                if (folded >= low && folded <= high) return true;
                if (isRange) i += 2;
            }
            return false;
        }
    }
}
