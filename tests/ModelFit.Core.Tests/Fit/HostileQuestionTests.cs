using ModelFit.Testing;
using Xunit;

namespace ModelFit.Core.Tests.Fit;

/// <summary>
/// A fixed corpus of hostile questions and launch lines: an answer that does not contradict itself, or an error of its
/// own. The long runs are those of <c>bench/ModelFit.Fuzz</c>.
/// </summary>
public sealed class HostileQuestionTests
{
    [Fact]
    public void A_question_has_an_answer_that_does_not_contradict_itself() =>
        Assert.Empty(Enumerable.Range(0, 1000).Select(HostileQuestions.Problem).OfType<string>().Take(5));

    [Fact]
    public void A_document_is_read_or_refused() =>
        Assert.Empty(Enumerable.Range(0, 2000).Select(HostileDocuments.Problem).OfType<string>().Take(5));

    [Fact]
    public void A_launch_line_has_an_answer_that_does_not_contradict_itself() =>
        Assert.Empty(Enumerable.Range(0, 80).Select(HostileQuestions.ProblemOfLine).OfType<string>().Take(5));
}
