using ModelFit.Common;

namespace ModelFit.Formats.Stores;

/// <summary>One entry of a store: a model, or why it cannot be read.</summary>
public sealed class StoredModel
{
    private StoredModel(string path, ModelSpec? model, ModelFitException? failure)
    {
        Path = path;
        Model = model;
        Failure = failure;
    }

    /// <summary>The file, folder or manifest of the entry.</summary>
    public string Path { get; }

    /// <summary>The model; null if the entry is broken.</summary>
    public ModelSpec? Model { get; }

    /// <summary>What is wrong with the entry; null if it is whole.</summary>
    public ModelFitException? Failure { get; }

    /// <summary>An entry that is yet to be read.</summary>
    internal static StoredModel Unread(string path) => new(path, null, null);

    /// <summary>Reads an entry and keeps what goes wrong.</summary>
    internal static StoredModel Read(string path, Func<ModelSpec> read)
    {
        try
        {
            return new StoredModel(path, read(), null);
        }
        catch (ModelFitException failure)
        {
            return Broken(path, failure);
        }
        catch (Exception exception) when (FileOpener.IsFailure(exception))
        {
            return Broken(path, InvalidFile.Unreadable(path, exception));
        }
    }

    /// <summary>An entry that cannot be read.</summary>
    internal static StoredModel Broken(string path, ModelFitException failure) => new(path, null, failure);
}
