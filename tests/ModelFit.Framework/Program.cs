namespace ModelFit.Framework;

internal static class Program
{
    private static void Main()
    {
        foreach (var line in MainQuestions.Answers()) Console.WriteLine(line);
    }
}
