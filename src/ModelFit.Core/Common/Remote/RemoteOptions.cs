using System.Net;

namespace ModelFit;

/// <summary>How remote files are asked for.</summary>
public sealed class RemoteOptions
{
    /// <summary>
    /// Name and password for the host of the address, and for no other; at the Hugging Face hub the password is the
    /// token. Null takes the hub's token from <c>HF_TOKEN</c>.
    /// </summary>
    public NetworkCredential? Credential { get; init; }

    /// <summary>How long a server may be silent.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the reading of one model may take in all.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often a failed request is tried again.</summary>
    public int Retries { get; init; } = 4;

    /// <summary>The pause before the first new try; it doubles with each.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The number of parameters where the files do not say it; null if it is not known.</summary>
    public long? ParameterCount { get; init; }

    /// <summary>Told how far a file has been read; called by the thread that asked for the model.</summary>
    public Action<RemoteProgress>? Progress { get; init; }

    /// <summary>Environment variables, so that tests have their own.</summary>
    internal Func<string, string?> Variable { get; init; } = Environment.GetEnvironmentVariable;
}

/// <summary>How far a remote file has been read.</summary>
/// <param name="Address">The address, without what is secret in it.</param>
/// <param name="BytesRead">Bytes received until now.</param>
public sealed record RemoteProgress(string Address, long BytesRead);
