using System.Threading;
using ModelFit.Common.Remote;
using ModelFit.Formats.HuggingFace;
using ModelFit.Formats.Stores;
using Newtonsoft.Json.Linq;

namespace ModelFit.Formats.Remote;

/// <summary>
/// Models behind addresses: GGUF, safetensors and configurations over HTTP and HTTPS, of which only what describes the
/// model is fetched; <c>hf://</c> for the Hugging Face hub (or <c>HF_ENDPOINT</c>), <c>ollama://</c> for Ollama's
/// registry (or <c>MODELFIT_OLLAMA_REGISTRY</c>).
/// </summary>
public static class RemoteModels
{
    private const long MaxListingBytes = 8 << 20;

    /// <summary>Whether a text is an address (<c>scheme://</c>) rather than a name or a path.</summary>
    public static bool IsAddress(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        return scheme > 1 && text.Take(scheme).All(letter => letter < 128 && char.IsLetterOrDigit(letter));
    }

    /// <summary>
    /// Reads the model behind an address. Throws <see cref="ErrorIds.RemoteFailed"/> or
    /// <see cref="ErrorIds.InvalidModelFile"/>, and <see cref="OperationCanceledException"/> once it is cancelled.
    /// </summary>
    public static ModelSpec Read(
        string address, RemoteOptions options, IMessageSink messages, CancellationToken cancellation)
    {
        if (HubAddress.Parse(address, options.Variable) is { } hub)
            return ReadHub(hub, options, messages, cancellation);
        if (OllamaAddress.Parse(address, options.Variable) is { } ollama)
            return ReadOllama(ollama, options, messages, cancellation);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri))
            throw RemoteFailure.Of(address, "expected an address", FailureKind.InvalidArgument);
        if (uri.IsFile) return ModelFiles.Read(uri.LocalPath, messages, cancellation, options.ParameterCount);
        if (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            throw RemoteFailure.Of(
                AddressText.Show(uri), "expected http, https, hf, ollama or file", FailureKind.InvalidArgument);
        using var session = new HttpSession(uri, (string?)null, options, cancellation);
        using var source = new HttpByteSource(session, WithoutUser(uri), AddressText.Show(uri), options.Progress);
        var origin = ModelOrigin.File with { ParameterCount = options.ParameterCount };
        return ModelFiles.Read(source, source.TryOpenSibling, origin, messages, cancellation);
    }

    private static ModelSpec ReadHub(
        HubAddress hub, RemoteOptions options, IMessageSink messages, CancellationToken cancellation)
    {
        using var session = new HttpSession(hub.Endpoint, HubAddress.Token(options), options, cancellation);
        var file = hub.File ?? Choose(hub, session, messages);
        using var source = new HttpByteSource(session, hub.Fetch(file), hub.Show(file), options.Progress);
        var isWhole = hub.File is null || !file.EndsWith(".gguf", StringComparison.OrdinalIgnoreCase);
        var origin = new ModelOrigin(isWhole ? hub.Repository : null, ParameterCount: options.ParameterCount);
        return ModelFiles.Read(source, source.TryOpenSibling, origin, messages, cancellation);
    }

    private static string Choose(HubAddress hub, HttpSession session, IMessageSink messages)
    {
        var shown = "hf://" + hub.Repository;
        var files = HubListing.Files(ReadJson(session, hub.Listing, shown));
        var file = HubListing.Choose(files, hub.Quantization) ?? throw RemoteFailure.Of(
            shown,
            "the repository has no model" + (hub.Quantization is null ? string.Empty : " of " + hub.Quantization),
            FailureKind.NotFound);
        var others = ModelFolder.GgufModels(files).Where(other => other != file).ToArray();
        messages.Verbose($"Reading {file} of {shown}"
            + (others.Length == 0 ? "." : "; it also has " + string.Join(", ", others) + "."));
        return file;
    }

    private static ModelSpec ReadOllama(
        OllamaAddress ollama, RemoteOptions options, IMessageSink messages, CancellationToken cancellation)
    {
        const string accept = "application/vnd.docker.distribution.manifest.v2+json";
        var shown = "ollama://" + ollama.Name;
        using var session = new HttpSession(ollama.Registry, (string?)null, options, cancellation);
        var manifest = OllamaManifest.Read(shown, ReadJson(session, ollama.Manifest, shown, accept));
        var model = manifest.Model
            ?? throw InvalidFile.Whole(shown, "expected a layer with the model in GGUF, found none");
        manifest.SayCompanions(ollama.Name, layer => layer.Digest, messages);
        using var source = new HttpByteSource(session, ollama.Blob(model.Digest), shown, options.Progress);
        return ModelFiles.Read(source, _ => null, new ModelOrigin(ollama.Name), messages, cancellation);
    }

    private static JObject ReadJson(HttpSession session, Uri address, string shown, string? accept = null)
    {
        using var source = new HttpByteSource(session, address, shown, null, accept);
        return JsonFile.ReadObject(source, session.Cancellation, MaxListingBytes);
    }

    private static Uri WithoutUser(Uri address) =>
        address.UserInfo.Length == 0 ? address : new UriBuilder(address) { UserName = null, Password = null }.Uri;
}
