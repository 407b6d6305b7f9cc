using System.Globalization;
using System.Reflection;

namespace ModelFit.Questions;

/// <summary>
/// What a question says beyond its parts as text that reads back, for example <c>SwaFull=True; SplitMode=Row</c>: each
/// setting whose value is not the usual one. A setting that is added to the records is written without a word here.
/// </summary>
internal static class SettingsText
{
    private const string Separator = "; ";
    private const string Between = " | ";
    private const string CloneMethod = "<Clone>$";

    /// <summary>The records in a question whose settings are its own.</summary>
    private static readonly Type[] Records =
        { typeof(RuntimeOptions), typeof(ServingLoad), typeof(ServingOptions), typeof(Speculation) };

    private static readonly Setting[] Settings =
        Find(new FitQuestion { Model = new ModelSpec() }, Array.Empty<PropertyInfo>()).ToArray();

    /// <summary>The names of the settings that a text can hold.</summary>
    public static IEnumerable<string> Names => Settings.Select(setting => setting.Name);

    /// <summary>The settings of a question; null if all are usual.</summary>
    public static string? Of(FitQuestion question)
    {
        var words =
            from setting in Settings
            let value = setting.Get(question)
            where value is not null && !value.Equals(setting.Usual)
            select setting.Name + "=" + TextOf(value);
        var text = string.Join(Separator, words);
        return text.Length == 0 ? null : text;
    }

    /// <summary>A question with the settings of a text; what is not known there is passed over and said.</summary>
    public static FitQuestion Apply(FitQuestion question, string text, IMessageSink messages)
    {
        foreach (var word in text.Split(new[] { Separator }, StringSplitOptions.RemoveEmptyEntries))
        {
            var split = word.IndexOf('=');
            var setting = Settings.FirstOrDefault(known => split > 0 && known.Name == word.Substring(0, split));
            if (setting?.Read(word.Substring(split + 1)) is { } value) question = setting.Set(question, value);
            else messages.Warning($"The setting '{word}' is not known and is ignored.");
        }

        return question;
    }

    /// <summary>The properties of a record and of those in it, but for the parts and what a text cannot hold.</summary>
    private static IEnumerable<Setting> Find(object usual, PropertyInfo[] path)
    {
        foreach (var property in usual.GetType().GetProperties().Where(property => property.CanWrite))
        {
            var setting = new Setting(path.Append(property).ToArray(), property.GetValue(usual));
            if (!setting.IsOwn && IsSaid(property.Name)) continue;
            if (IsPlain(property.PropertyType)) yield return setting;
            if (!Records.Contains(property.PropertyType)) continue;
            var inner = setting.Usual ?? Activator.CreateInstance(property.PropertyType);
            foreach (var part in Find(inner, setting.Path)) yield return setting.Usual is null ? part.Optional() : part;
        }
    }

    private static bool IsSaid(string name) =>
        name is nameof(FitQuestion.IsContextSupposed) or nameof(FitQuestion.IsQuantizationSupposed)
            or nameof(FitQuestion.IsQuantizationNamed)
            || QuestionParts.All.Any(part => part.Echo == name);

    private static bool IsPlain(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain.IsEnum || plain.IsPrimitive || plain == typeof(string) || ElementOf(plain) is not null;
    }

    private static Type? ElementOf(Type type) =>
        type == typeof(EquatableArray<double>) ? typeof(double)
        : type == typeof(EquatableArray<int>) ? typeof(int)
        : type == typeof(EquatableArray<string>) ? typeof(string)
        : null;

    private static string TextOf(object value) => value switch
    {
        EquatableArray<double> shares => string.Join(",", shares.Select(share => TextOf(share))),
        EquatableArray<int> numbers => string.Join(",", numbers.Select(number => TextOf(number))),
        EquatableArray<string> texts => string.Join(Between, texts).Replace(Separator, ", "),
        string text => text.Replace(Separator, ", "),
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? string.Empty,
    };

    /// <summary>One setting: the properties that lead to it, and its usual value.</summary>
    private sealed class Setting(PropertyInfo[] path, object? usual)
    {
        /// <summary>The properties that lead to it.</summary>
        public PropertyInfo[] Path { get; } = path;

        /// <summary>Whether it belongs to something of the options, whose name stands before its own.</summary>
        public bool IsOwn => Path.Length > 2;

        public string Name => IsOwn ? Path[Path.Length - 2].Name + "." + Last.Name : Last.Name;

        public object? Usual { get; } = usual;

        private PropertyInfo Last => Path[Path.Length - 1];

        /// <summary>The same of a record that is usually not there: each value is written where it is.</summary>
        public Setting Optional() => new(Path, null);

        public object? Get(FitQuestion question) =>
            Path.Aggregate((object?)question, (record, property) => record is null ? null : property.GetValue(record));

        public FitQuestion Set(FitQuestion question, object value) => (FitQuestion)With(question, 0, value);

        public object? Read(string text)
        {
            var type = Nullable.GetUnderlyingType(Last.PropertyType) ?? Last.PropertyType;
            try
            {
                if (ElementOf(type) is not { } element) return Value(text, type);
                var between = new[] { element == typeof(string) ? Between : "," };
                var parts = text.Split(between, StringSplitOptions.None).Select(part => Value(part, element)).ToArray();
                return element == typeof(double) ? new EquatableArray<double>(parts.Cast<double>())
                    : element == typeof(int) ? new EquatableArray<int>(parts.Cast<int>())
                    : new EquatableArray<string>(parts.Cast<string>());
            }
            catch (Exception error) when (error is FormatException or OverflowException or ArgumentException)
            {
                return null;
            }
        }

        private object With(object record, int depth, object value)
        {
            var copy = record.GetType().GetMethod(CloneMethod)!.Invoke(record, null);
            var property = Path[depth];
            object Inner() => property.GetValue(record) ?? Activator.CreateInstance(property.PropertyType);
            property.SetValue(copy, depth == Path.Length - 1 ? value : With(Inner(), depth + 1, value));
            return copy;
        }

        private static object Value(string text, Type type) => type.IsEnum
            ? Enum.Parse(type, text)
            : Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
    }
}
