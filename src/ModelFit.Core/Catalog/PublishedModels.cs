using ModelFit.Architectures;
using ModelFit.Models;
using ModelFit.Quantization;

namespace ModelFit.Catalog;

/// <summary>Models as they are published: the files that people download rather than those they could make.</summary>
internal static class PublishedModels
{
    private const string FileEnding = ".gguf";

    /// <summary>A smaller model is taken in eight or sixteen bits where nothing else is published.</summary>
    private const long LeastQuantized = 1_000_000_000;

    /// <summary>What is taken of a repository without the usual mix, the nearest first.</summary>
    private static readonly string[] Nearest =
    {
        "Q4_K_M", "UD-Q4_K_XL", "UD-Q4_K_M", "MXFP4_MOE", "Q4_K_L", "Q4_K_S", "Q4_0", "IQ4_NL", "IQ4_XS", "i1-Q4_K_M",
        "i1-IQ4_XS", "Q4_1", "Q5_K_M", "UD-Q5_K_XL", "Q5_K_S", "Q5_0", "Q6_K", "UD-Q6_K_XL",
        "Q3_K_L", "Q3_K_M", "UD-Q3_K_XL", "IQ3_M",
    };

    private static readonly string[] Largest = { "Q8_0", "UD-Q8_K_XL", "BF16", "F16", "F32" };

    /// <summary>
    /// Types smaller than Q3_K_S are taken only where they are named: a list of nothing else is part of a repository's.
    /// </summary>
    private const double FewestBits = 3.4;

    /// <summary>
    /// The one model, or file of one, that a name stands for: a repository of the hub with a tag or file, the bare name
    /// of a published file, or what <see cref="ModelCatalog.Resolve"/> takes. Throws as that does, and
    /// <see cref="ErrorIds.QuantizationNotFound"/> for a tag that is no quantization.
    /// </summary>
    public static ModelSpec Resolve(string name, IMessageSink messages)
    {
        if (Listed(name.Trim(), false, messages) is { } listed) return listed;
        if (FileAddress.Parse(name) is not { } address)
            return IsQuantizedFile(name) ? ModelOf(name, messages, name) : ModelCatalog.Resolve(name, messages);
        var repository = PublishedCatalog.Find(address.Repository);
        var isFile = address.File is not null || address.Tag is not null || repository is not null
            || address.Repository.IndexOf("gguf", StringComparison.OrdinalIgnoreCase) >= 0;
        if (!isFile || (repository is null && address.IsOfOllama)) return ModelCatalog.Resolve(name, messages);
        var model = repository is not null
            ? ModelCatalog.Resolve(repository.Model, messages)
            : ModelOf(address, messages);
        var said = QuantizationOf(address, repository);
        if (said is null && address.IsMatrix) throw NoModel(address);
        var found = Of(
            model, repository?.Name ?? address.Repository, said ?? Default(repository, model), address.File,
            isGuess: said is null && address.File is not null);
        if (address.Tag is { } tag && found.File is { } file && !IsTagOf(tag, file))
            messages.Warning($"The tag {tag} finds no file of {found.Repository}: {file} is counted, and -hf finds it "
                + $"as {(said is null ? null : repository?.Find(said)?.Quantization)}.");
        return found;
    }

    /// <summary>
    /// The model of the file that has a bare name; null if none is listed of a publisher whose files are chosen. Of
    /// several that differ notably it is the one that is nearest to what llama-quantize makes by that name.
    /// </summary>
    /// <param name="name">The file's name.</param>
    /// <param name="predicts">Whether the file has to have the layers that predict further tokens.</param>
    /// <param name="messages">Where is said what was looked up.</param>
    public static ModelSpec? Listed(string name, bool predicts, IMessageSink messages)
    {
        const double notable = 0.02;
        var listed = PublishedCatalog.FindFiles(name);
        if (listed.Count == 0) return null;
        var model = ModelCatalog.Resolve(listed[0].Model, messages);
        if (model.Layout is not LaidOutModel layout) return null;
        var files = listed.Where(file => PublishedCatalog.Find(file.Repository) is { } repository
            && PublishedCatalog.IsPreferred(repository, model)
            && (!predicts || PublishedLayout.Predicts(repository, layout))).ToArray();
        if (files.Length == 0) return null;
        var found = files[0];
        if (files.Length > 1)
        {
            var type = QuantizationNames.InGguf(QuantizationCatalog.Find(found.Quantization)?.Name);
            var standard = layout.Define(type, new List<string>()).WeightBytes;
            long Departs(PublishedFile file) => Math.Abs((file.FileBytes ?? standard) - standard);
            var least = files.Min(Departs);
            found = files.First(file => Departs(file) <= least + (standard * notable));
        }

        return Of(model, found.Repository, found.Quantization!);
    }

    /// <summary>
    /// The listed file that is counted for a tag by which llama.cpp does not find it; null if it finds it, or if none
    /// is listed.
    /// </summary>
    public static string? NotFoundBy(string tag, ModelSpec model) =>
        model.Repository is { } name && PublishedCatalog.Find(name) is { } listed
        && QuantizationNames.InGguf(QuantizationLabel.In(tag)?.Name) is { } type
        && listed.Find(type)?.File is { } file && !IsTagOf(tag, file) ? file : null;

    /// <summary>
    /// Whether llama.cpp finds a file by a tag: the tag before a point or a hyphen (common/download.cpp,
    /// find_best_model).
    /// </summary>
    private static bool IsTagOf(string tag, string file)
    {
        if (tag.Equals("latest", StringComparison.OrdinalIgnoreCase)) return true;
        return new[] { '.', '-' }.Any(end => file.IndexOf(tag + end, StringComparison.OrdinalIgnoreCase) >= 0);
    }

    /// <summary>Whether a repository is the one that is chosen where nothing but the model is named.</summary>
    public static bool IsChosen(string repository, string model, string? quantization) =>
        PublishedCatalog.Find(repository) is { } listed
        && string.Equals(listed.Model, model, StringComparison.OrdinalIgnoreCase)
        && FileOf(ModelCatalog.Resolve(model, NullSink.Instance), quantization)?.Repository == listed.Name;

    /// <summary>
    /// Whether an address is that of a listed file, so that nothing need be fetched to answer about it.
    /// </summary>
    public static bool IsListed(string address) =>
        FileAddress.Parse(address) is { File: { } file } parsed
        && PublishedCatalog.Find(parsed.Repository)?.Files.Any(
            listed => string.Equals(listed.File, file, StringComparison.OrdinalIgnoreCase)) == true;

    /// <summary>Whether a name that ends like a file's stands for a published file or a model.</summary>
    public static bool Knows(string name) =>
        FileAddress.Parse(name) is { } address
            ? PublishedCatalog.Find(address.Repository) is not null || ModelCatalog.Knows(address.Repository)
                || (address.File is not null && ModelCatalog.Knows(address.File))
                || IsLikely(address.Repository, address.File ?? address.Repository)
            : name.IndexOfAny(new[] { '/', '\\' }) < 0
                && (PublishedCatalog.FindFiles(name).Count > 0 || ModelCatalog.Knows(name)
                    || (IsQuantizedFile(name) && IsLikely(name)));

    private static bool IsLikely(params string[] names) => LikelyShapes.Find(_ => true, names) is not null;

    /// <summary>
    /// The layout of a model's files: of a catalog model those of the repository that is chosen for each quantization,
    /// of any other its own; null if it has no dimensions.
    /// </summary>
    public static IModelLayout? Layout(ModelSpec model)
    {
        if (model.Layout is not LaidOutModel { Repository: null }) return model.Layout;
        return model.Prepared.Get(NewLayout);
    }

    /// <summary>The file that a model's layout counts for a quantization; null if none is listed.</summary>
    public static PublishedFile? FileOf(ModelSpec model, string? quantization) =>
        quantization is not null && Layout(model) is PublishedLayout layout ? layout.File(quantization) : null;

    /// <summary>
    /// The listed files of a model, projectors and drafts among them: of the repository that was named, or all.
    /// </summary>
    public static IEnumerable<PublishedFile> Files(ModelSpec model) => PublishedCatalog.FilesOf(model.Name)
        .Where(file => model.Repository is null
            || string.Equals(file.Repository, model.Repository, StringComparison.OrdinalIgnoreCase));

    /// <summary>The model with the listed file that is counted for a quantization; itself if none is.</summary>
    public static ModelSpec Published(ModelSpec model, string? quantization) =>
        quantization is not null && Layout(model) is PublishedLayout layout
            ? layout.Published(model, quantization)
            : model;

    /// <summary>The repository to name for a model's quantization; null if none is known.</summary>
    public static string? RepositoryOf(ModelSpec model, string? quantization) =>
        Layout(model) is PublishedLayout layout && quantization is not null
            ? layout.Repository(quantization) ?? ModelCatalog.GgufRepository(model)
            : model.ModelPath is null ? ModelCatalog.GgufRepository(model) : null;

    /// <summary>
    /// What is taken of a catalog model where nothing is named: four bits, or the nearest that is published.
    /// </summary>
    public static string DefaultQuantization(ModelSpec model) => Layout(model) is PublishedLayout layout
        ? layout.DefaultQuantization ??= DefaultOf(model)
        : ArchitectureList.UsualQuantization(model.Architecture);

    private static string DefaultOf(ModelSpec model)
    {
        var usual = ArchitectureList.UsualQuantization(model.Architecture);
        if (Choose(model, usual) is not null) return usual;
        var first = PublishedCatalog.Of(model.Name)
            .FirstOrDefault(repository => PublishedCatalog.IsPreferred(repository, model));
        return model.ParameterCount < LeastQuantized
            ? Default(first, model)
            : FirstOf(Nearest, first) ?? NotLarger(first, model, usual) ?? usual;
    }

    /// <summary>
    /// A listed file of many bits that is no larger than the usual one would be: of experts that are published in four.
    /// </summary>
    private static string? NotLarger(PublishedRepository? repository, ModelSpec model, string usual)
    {
        if (FirstOf(Largest, repository) is not { } listed || Layout(model) is not { } layout) return null;
        long Bytes(string quantization) => layout.Define(quantization, new List<string>()).WeightBytes;
        return Bytes(listed) <= Bytes(usual) ? listed : null;
    }

    private static string Default(PublishedRepository? repository, ModelSpec model)
    {
        var usual = ArchitectureList.UsualQuantization(model.Architecture);
        if (repository is null || repository.Find(usual) is not null) return usual;
        return FirstOf(Nearest, repository) ?? FirstOf(Largest, repository)
            ?? repository.Files.Select(file => QuantizationCatalog.Find(file.Quantization))
                .FirstOrDefault(listed => listed?.BitsPerWeight >= FewestBits)?.Name
            ?? usual;
    }

    private static string? FirstOf(string[] names, PublishedRepository? repository) =>
        names.FirstOrDefault(name => repository?.Find(name) is not null);

    /// <summary>
    /// The repository of a quantization: the catalog's own if it has it, else of the publishers that are chosen first
    /// one that has it with its size, else one that has it.
    /// </summary>
    private static PublishedRepository? Choose(ModelSpec model, string quantization)
    {
        PublishedRepository? listed = null, sized = null;
        var own = ModelCatalog.GgufRepository(model);
        foreach (var repository in PublishedCatalog.Of(model.Name))
        {
            var isOwn = string.Equals(repository.Name, own, StringComparison.OrdinalIgnoreCase);
            if (!(isOwn || PublishedCatalog.IsPreferred(repository, model))) continue;
            if (repository.Find(quantization) is not { } file) continue;
            if (isOwn || repository.IsSites) return repository;
            listed ??= repository;
            if (file.FileBytes is not null) sized ??= repository;
        }

        return sized ?? listed;
    }

    private static PublishedLayout NewLayout(ModelSpec model) =>
        new((LaidOutModel)model.Layout!, quantization => Choose(model, quantization));

    private static ModelSpec Of(
        ModelSpec model, string repository, string quantization, string? file = null, bool isGuess = false)
    {
        if (model.Layout is not LaidOutModel laidOut) return model;
        if (QuantizationCatalog.Find(quantization) is not { } spec) throw QuantizationCatalog.NotFound(quantization);
        var name = QuantizationNames.InGguf(spec.Name)!;
        if (name == spec.Name && spec.Format != "GGUF") throw NotGguf(repository, spec);
        var layout = new PublishedLayout(laidOut, repository, name) { FileName = file, IsGuess = isGuess };
        return model.PublishedAs(repository, layout.File(name), name, layout);
    }

    private static ModelFitException NoModel(FileAddress address) => new(
        ErrorIds.ModelNotFound,
        $"{address.File} of {address.Repository} is not a model, but an importance matrix for making quantizations.",
        address.File);

    private static ModelFitException NotGguf(string repository, QuantizationSpec quantization) => new(
        ErrorIds.QuantizationNotFound,
        $"{repository} has files for llama.cpp, which has no quantization {quantization.Name}.",
        quantization.Name);

    private static string? QuantizationOf(FileAddress address, PublishedRepository? repository)
    {
        if (address.File is { } file)
        {
            var listed = repository?.Files.FirstOrDefault(
                known => string.Equals(known.File, file, StringComparison.OrdinalIgnoreCase));
            return listed?.Quantization
                ?? QuantizationLabel.InFile(file.Substring(0, file.Length - FileEnding.Length))?.Name;
        }

        if (address.Tag is null || address.Tag.Equals("latest", StringComparison.OrdinalIgnoreCase)) return null;
        return QuantizationLabel.In(address.Tag)?.Name ?? throw QuantizationCatalog.NotFound(address.Tag);
    }

    /// <summary>The model of a repository that is in no list: by its name, else by its file's.</summary>
    private static ModelSpec ModelOf(FileAddress address, IMessageSink messages) => address.File is { } file
        ? ModelOf(address.Repository, messages, address.Repository, file)
        : ModelOf(address.Repository, messages, address.Repository);

    /// <summary>
    /// The model that the first of several names stands for that stands for one, else what is most likely published so.
    /// </summary>
    private static ModelSpec ModelOf(string whole, IMessageSink messages, params string[] names)
    {
        if (names.FirstOrDefault(ModelCatalog.KnowsOne) is { } known) return ModelCatalog.Resolve(known, messages);
        var meant = names.FirstOrDefault(ModelCatalog.Knows);
        if (!names.Any(ModelKinds.IsImage)
            && LikelyShapes.Find(model => ModelCatalog.MayBe(names, model), names) is { } likely
            && (likely.IsClear || meant is null))
            return ModelCatalog.Likely(whole, likely, messages);
        return ModelCatalog.Resolve(meant ?? names.Last(), messages);
    }

    /// <summary>Whether a name is the bare one of a file that says its quantization.</summary>
    private static bool IsQuantizedFile(string name) =>
        name.EndsWith(FileEnding, StringComparison.OrdinalIgnoreCase)
        && name.IndexOfAny(new[] { '/', '\\' }) < 0
        && QuantizationLabel.InFile(name.Substring(0, name.Length - FileEnding.Length)) is not null;
}
