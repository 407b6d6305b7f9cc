using System.Globalization;
using System.IO;
using System.Reflection;
using System.Threading;
using ModelFit.Common;
using Newtonsoft.Json;
using Newtonsoft.Json.Serialization;

namespace ModelFit.Fleet;

/// <summary>Records of an audit as JSON Lines: one object a line, members named as the properties.</summary>
internal static class AuditJson
{
    /// <summary>A record has some thousand characters.</summary>
    private const int MaxLine = 1 << 20;

    private static readonly JsonSerializer Serializer = JsonSerializer.Create(new JsonSerializerSettings
    {
        ContractResolver = new OwnProperties(),
        Culture = CultureInfo.InvariantCulture,
        DateTimeZoneHandling = DateTimeZoneHandling.Utc,
        MaxDepth = 4,
    });

    /// <summary>Writes a record and the end of its line.</summary>
    public static void Write(TextWriter writer, AuditRecord record)
    {
        Serializer.Serialize(writer, record);
        writer.Write('\n');
    }

    /// <summary>The records of a file, one after another; the error of a line names it.</summary>
    public static IEnumerable<AuditRecord> Read(string path, CancellationToken stop = default)
    {
        var number = 0;
        foreach (var line in FileOpener.Lines(path, MaxLine, stop))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line)) yield return Parse(line, path, number);
        }
    }

    /// <summary>The record that a line is.</summary>
    internal static AuditRecord Parse(string line, string path, int number)
    {
        try
        {
            using var reader = new JsonTextReader(new StringReader(line));
            var record = Serializer.Deserialize<AuditRecord>(reader);
            return record switch
            {
                null => throw Wrong(path, number, "the line is not a record"),
                { SchemaVersion: > AuditRecord.CurrentSchemaVersion } => throw Wrong(
                    path, number, $"the record has format {record.SchemaVersion}, and this version reads format 1"),
                { Verdict: null, Compliance: null, ComputerName: null, RunId: null } => throw Wrong(
                    path, number, "the line is JSON, but not a record of an audit"),
                _ => record,
            };
        }
        catch (JsonException error)
        {
            var isJson = error is not JsonReaderException { Path: null or "" };
            throw Wrong(path, number, isJson ? error.Message.TrimEnd('.') : "the line is not JSON", error);
        }
    }

    private static ModelFitException Wrong(string path, int line, string message, Exception? inner = null) => new(
        ErrorIds.InvalidAudit, FormattableString.Invariant($"{path}, line {line}: {message}."), path, inner);

    /// <summary>
    /// Every property in the order of the class; those that only this assembly sets are read back too.
    /// </summary>
    private sealed class OwnProperties : DefaultContractResolver
    {
        protected override IList<JsonProperty> CreateProperties(Type type, MemberSerialization memberSerialization) =>
            type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .OrderBy(property => property.MetadataToken)
                .Select(property =>
                {
                    var made = CreateProperty(property, memberSerialization);
                    made.Writable = true;
                    return made;
                })
                .ToList();
    }
}
