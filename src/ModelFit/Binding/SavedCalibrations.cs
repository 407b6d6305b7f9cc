using System.Management.Automation;
using System.Xml;
using ModelFit.Common;
using ModelFit.Fit;

namespace ModelFit.Binding;

/// <summary>
/// Calibrations as they are typed: objects, live or deserialized, or the paths where they were saved.
/// </summary>
internal static class SavedCalibrations
{
    /// <summary>The calibrations that a value stands for.</summary>
    public static IReadOnlyList<SpeedCalibration> Of(PSCmdlet cmdlet, object value)
    {
        if (ArgumentText.Unwrap(value) is not string path)
            return new[] { Rehydration.Calibration(PSObject.AsPSObject(value)) };
        var full = ModelPaths.Literal(cmdlet, path);
        var text = FileOpener.Text(full, FileOpener.WrittenBytes);
        var rows = text.TrimStart().StartsWith("<Objs", StringComparison.Ordinal)
            ? Deserialized(text).Select(PSObject.AsPSObject)
            : CalibrationText.Read(text).Select(Row);
        var read = rows.Where(row => row.Properties[nameof(SpeedCalibration.DecodeFactor)] is not null)
            .Select(Rehydration.Calibration).ToArray();
        return read.Length > 0
            ? read
            : throw new ModelFitException(
                ErrorIds.InvalidArgument,
                FailureKind.InvalidData,
                $"'{full}' holds no calibration: save the output of New-ModelSpeedCalibration as JSON, CSV or CLIXML.",
                full);
    }

    /// <summary>What CLIXML holds; nothing where it is damaged, whatever the engine says of it.</summary>
    private static IEnumerable<object> Deserialized(string text)
    {
        try
        {
            return PSSerializer.Deserialize(text) switch
            {
                object[] several => several,
                { } one => new[] { one },
                _ => Array.Empty<object>(),
            };
        }
        catch (Exception error) when (error is XmlException or RuntimeException or FormatException
            or InvalidOperationException or OverflowException or ArgumentException)
        {
            return Array.Empty<object>();
        }
    }

    private static PSObject Row(IReadOnlyDictionary<string, string?> fields)
    {
        var row = new PSObject();
        foreach (var field in fields) row.Properties.Add(new PSNoteProperty(field.Key, field.Value));
        return row;
    }
}
