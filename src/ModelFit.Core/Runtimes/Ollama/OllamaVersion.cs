using System;

namespace ModelFit.Runtimes.Ollama;

/// <summary>
/// What Ollama's versions choose by themselves: since 0.30 (May 2026) it starts llama-server (server/routes.go,
/// llm/llama_server.go, envconfig/config.go).
/// </summary>
internal static class OllamaVersion
{
    private const long GiB = 1L << 30;

    private static readonly Version FirstWithServer = new(0, 30);

    /// <summary>Whether a version starts llama-server; the newest does.</summary>
    public static bool StartsServer(string? version) =>
        version is null || !Version.TryParse(version.TrimStart('v', 'V'), out var parsed) || parsed >= FirstWithServer;

    /// <summary>The context of a model that nobody gave one, by the memory of all cards.</summary>
    public static int Context(long cardBytes) => cardBytes switch
    {
        < 23 * GiB => 4096,
        < 47 * GiB => 32_768,
        _ => 262_144,
    };

    /// <summary>Tokens of a batch and of a micro-batch, by the length of all contexts.</summary>
    public static int Batch(long tokens) => tokens switch
    {
        <= 4096 => 512,
        <= 32_768 => 1024,
        _ => 2048,
    };
}
