using ModelFit.Runtimes.LlamaCpp;
using ModelFit.Runtimes.LMStudio;
using ModelFit.Runtimes.Mlx;
using ModelFit.Runtimes.Ollama;
using ModelFit.Runtimes.SGLang;
using ModelFit.Runtimes.Vllm;

namespace ModelFit.Runtimes;

/// <summary>The programs that run models.</summary>
internal static class RuntimeList
{
    /// <summary>All of them; a launch line belongs to the first that owns it, llama.cpp's else.</summary>
    public static IReadOnlyList<Runtime> All { get; } = new Runtime[]
    {
        new OllamaRuntime(), new LMStudioRuntime(), new VllmRuntime(), new SGLangRuntime(), new MlxRuntime(),
        new LlamaCppRuntime(),
    };

    private static readonly Dictionary<ModelRuntime, Runtime> ByKind = All.ToDictionary(runtime => runtime.Kind);

    /// <summary>The program of a value of the cmdlets' parameter.</summary>
    public static Runtime Of(ModelRuntime kind) => ByKind[kind];

    /// <summary>The program that a line starts; null if it is not known.</summary>
    public static Runtime? OfLine(string? program, IReadOnlyCollection<string> words) => program is null
        ? All.FirstOrDefault(runtime => words.Any(runtime.BeginsLine))
        : OfProgram(program);

    /// <summary>The program whose own variables there are; null if there are none.</summary>
    public static Runtime? OfVariables(IEnumerable<string> names) =>
        All.FirstOrDefault(runtime => names.Any(runtime.Dialect.Begins));

    /// <summary>Whether a word is a program whose words are known.</summary>
    public static bool Knows(string word) => OfProgram(word) is not null;

    private static Runtime? OfProgram(string program)
    {
        var name = LaunchLine.ProgramName(program);
        return All.FirstOrDefault(runtime => runtime.Owns(name));
    }
}
