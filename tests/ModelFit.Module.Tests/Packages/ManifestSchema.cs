using System.IO;
using System.Text.Json;
using Json.Schema;
using ModelFit.Testing;

namespace ModelFit.Module.Tests.Packages;

/// <summary>What a JSON document does wrong by a JSON Schema, a line each.</summary>
internal static class ManifestSchema
{
    private static readonly JsonSchema All = JsonSchema.FromText(
        File.ReadAllText(RepositoryFolder.Path("tests", "data", "packages", "manifests.schema.json")));

    /// <summary>
    /// Checks a manifest by the kind that <c>tests/data/packages/manifests.schema.json</c> has for it.
    /// </summary>
    public static IEnumerable<string> Problems(string kind, string json) =>
        Problems(new JsonSchemaBuilder().Ref("#/$defs/" + kind).Defs(All.GetDefs()!.ToDictionary()).Build(), json);

    /// <summary>Checks a document by a schema.</summary>
    public static IEnumerable<string> Problems(JsonSchema schema, string json)
    {
        var options = new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true };
        var result = schema.Evaluate(JsonDocument.Parse(json).RootElement, options);
        return result.IsValid ? [] : result.Details
            .Where(detail => detail.Errors is not null)
            .SelectMany(detail => detail.Errors!.Select(error => $"{detail.InstanceLocation}: {error.Value}"));
    }
}
