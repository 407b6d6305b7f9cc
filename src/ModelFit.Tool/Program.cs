namespace ModelFit.Tool;

internal static class Program
{
    private static int Main() => 2;
}
