using Xunit;

namespace ModelFit.Module.Tests.Shell;

/// <summary>
/// Lines for the command prompt, read by what Microsoft documents of it: there is no such prompt where the tests run.
/// </summary>
public sealed class CommandPromptTests
{
    private static readonly string[] Pieces =
    [
        "a", "b c", "\\", "\\\\", " ", "\t", "'", "&", "|", "<", ">", "^", "(", ")", ",", ";", "=", "{", "}", "[", "]",
        "~", "@", "#", "*", "?", ".", "/", ":", "-", "+", "_", "\u00e9", "\ud83d\ude00", "\u00a0", "C:\\x\\", "\"", "%",
        "!", "$", "`", "%PATH%",
    ];

    /// <summary>Microsoft's own examples of the rules (Parsing C command-line arguments).</summary>
    [Theory]
    [InlineData("x \"abc\" d e", "abc|d|e")]
    [InlineData("x a\\\\b d\"e f\"g h", "a\\\\b|de fg|h")]
    [InlineData("x a\\\\\\\"b c d", "a\\\"b|c|d")]
    [InlineData("x a\\\\\\\\\"b c\" d e", "a\\\\b c|d|e")]
    [InlineData("x a\"b\"\" c d", "ab\" c d")]
    public void The_parser_reads_the_documented_examples(string line, string arguments) =>
        Assert.Equal(arguments.Split('|'), CommandPrompt.Arguments(line));

    [Theory]
    [InlineData("x \"a&b\"", "")]
    [InlineData("x a&b", "&")]
    [InlineData("x \"a\"&b\"", "&\"")]
    [InlineData("x %PATH% ^", "%%^")]
    public void The_prompt_acts_on_the_documented_marks(string line, string marks) =>
        Assert.Equal(marks, string.Concat(CommandPrompt.ActsOn(line)));

    [Fact]
    public void Any_word_is_one_argument_as_it_was_or_has_no_line()
    {
        var (random, written) = (new Random(20), 0);
        for (var i = 0; i < 20_000; i++)
        {
            var words = Enumerable.Range(0, random.Next(1, 4)).Select(_ => string.Concat(
                Enumerable.Range(0, random.Next(0, 6)).Select(_ => Pieces[random.Next(Pieces.Length)]))).ToArray();
            if (ShellText.Join(CommandShell.Cmd, "llama-server", words) is not { } line) continue;
            written++;
            Assert.Equal(words, CommandPrompt.Arguments(line));
            Assert.Empty(CommandPrompt.ActsOn(line));
        }

        Assert.InRange(written, 5000, 19_000);
    }

    /// <summary>
    /// What has no quotes in the prompt gets no line: a quote, a percent sign, marks of other shells.
    /// </summary>
    [Fact]
    public void Only_words_with_marks_that_no_quotes_help_have_no_line() => Assert.All(
        Pieces, piece => Assert.Equal(
            piece.IndexOfAny(['"', '%', '!', '$', '`', '\t']) >= 0, ShellText.Quote(CommandShell.Cmd, piece) is null));
}
