using System.Management.Automation;
using Newtonsoft.Json;
using Newtonsoft.Json.Linq;

namespace ModelFit.Tool.Dsc;

/// <summary>
/// What modelfit.dsc.resource.json promises: an instance in JSON comes in, its actual state goes out. The machine that
/// is asked is this one.
/// </summary>
internal static class DscResource
{
    private const string InDesiredState = "_inDesiredState";

    /// <summary>Properties of an instance that are parameters of Test-ModelFit of the same name.</summary>
    private static readonly string[] Asked =
        ["model", "quantization", "contextLength", "parallelSequences", "runtime", "minimumTokensPerSecond"];

    /// <summary>Properties that an answer fills in.</summary>
    private static readonly string[] Answered =
    [
        "model", "quantization", "contextLength", "parallelSequences", "runtime", "verdict", "requiredBytes",
        "headroomBytes", "decodeTokensPerSecond", "reason",
    ];

    private static readonly string[] Verdicts = ["NoFit", "Offload", "Tight", "Fits"];

    /// <summary>
    /// Does one operation; each state is a line. What is exported are the models that run here, all of them or those
    /// that are like the instance of the input.
    /// </summary>
    /// <exception cref="UsageException">The operation or the instance is not understood.</exception>
    public static IEnumerable<string> Run(PowerShell shell, string operation, Func<string> input)
    {
        if (operation is not ("get" or "test" or "export"))
            throw new UsageException($"A DSC resource has the operations get, test and export, not '{operation}'.");
        var isExport = operation == "export";
        var text = input();
        var instance = isExport && text.Length == 0 ? new JObject() : Read(text);
        if (!isExport && instance["model"] is not JValue { Type: JTokenType.String })
            throw new UsageException("The instance has no 'model'.");
        var least = LeastOf((string?)instance["accept"] ?? "Fits");
        shell.AddCommand(isExport ? "Find-ModelFit" : "Test-ModelFit");
        foreach (var name in Asked.Where(name => instance[name] is { Type: not JTokenType.Null }))
            shell.AddParameter(name, ((JValue)instance[name]!).Value);
        return shell.Invoke().Select(answer => Line(answer, operation == "test" ? least : null));
    }

    private static JObject Read(string text)
    {
        try
        {
            var instance = JObject.Parse(text);
            var odd = instance.Properties().FirstOrDefault(property => property.Value is not JValue);
            return odd is null ? instance : throw new UsageException($"'{odd.Name}' must be a single value.");
        }
        catch (JsonException e)
        {
            throw new UsageException("The instance is not JSON: " + e.Message);
        }
    }

    /// <summary>The place of the least verdict that is enough; one that does not run never is.</summary>
    private static int LeastOf(string accept) => Array.IndexOf(Verdicts, accept) is > 0 and var least
        ? least
        : throw new UsageException($"'accept' is Offload, Tight or Fits, not '{accept}'.");

    private static string Line(PSObject answer, int? least)
    {
        var state = new JObject();
        foreach (var name in Answered)
            if (Value(answer, name) is { } value) state[name] = JToken.FromObject(value);
        if (least is { } enough)
            state[InDesiredState] = Array.IndexOf(Verdicts, (string?)Value(answer, "verdict")) >= enough
                && Value(answer, "meetsSpeed") is not false;
        return state.ToString(Formatting.None);
    }

    private static object? Value(PSObject answer, string name) => answer.Properties[name]?.Value;
}
