using System.Globalization;
using System.IO;
using ModelFit.Speed;

namespace ModelFit.SpeedFit;

/// <summary>Writes the constants as the data files of the Speed room.</summary>
internal static class DataFiles
{
    private static readonly string[] ClassColumns =
    {
        "Class", "Engine", "OperationsFactor", "PrefillShare", "TeraflopsPerWatt", "DecodeLow", "DecodeHigh",
        "PrefillLow", "PrefillHigh", "Cards", "Rows",
    };

    /// <summary>Writes the three files into a folder.</summary>
    public static void Write(Constants constants, string folder)
    {
        Directory.CreateDirectory(folder);
        Save(folder, SpeedTable.EngineFile, ["Engine", .. Engine.Columns], Parameters.Engines.Select(engine =>
            new[] { engine }.Concat(Engine.Columns.Select(column => Text(constants.Values[$"{engine}.{column}"])))
                .ToArray()));
        Save(folder, SpeedTable.ClassFile, ClassColumns, constants.Classes.Values
            .OrderBy(row => row.Engine, StringComparer.Ordinal).ThenBy(row => row.Name, StringComparer.Ordinal)
            .Select(row => new[]
            {
                row.Name, row.Engine, Text(row.OperationsFactor), Text(row.PrefillShare),
                Text(row.FlopsPerWatt / 1e12), Text(row.Decode.Low), Text(row.Decode.High), Text(row.Prefill.Low),
                Text(row.Prefill.High), Text(row.Cards), Text(row.Rows),
            }));
        Save(folder, SpeedTable.TermFile, ["Term", "Value"], constants.Values
            .Where(pair => !pair.Key.Contains('.', StringComparison.Ordinal) && pair.Key != "OldLayerMicroseconds")
            .OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => new[] { pair.Key, Text(pair.Value) }));
    }

    private static void Save(
        string folder, string name, string[] columns, IEnumerable<string[]> rows) =>
        File.WriteAllText(
            Path.Combine(folder, name),
            string.Concat(new[] { columns }.Concat(rows).Select(row => string.Join('\t', row) + "\n")));

    private static string Text(double? value) =>
        value?.ToString("G4", CultureInfo.InvariantCulture) ?? string.Empty;
}
