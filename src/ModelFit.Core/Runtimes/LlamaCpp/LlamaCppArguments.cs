using System.Globalization;
using ModelFit.Catalog;
using ModelFit.Graph.Backends;
using ModelFit.Placement;
using ModelFit.Questions;

namespace ModelFit.Runtimes.LlamaCpp;

/// <summary>How llama.cpp's server is told of a placement; the words are those of common/arg.cpp.</summary>
internal static class LlamaCppArguments
{
    private const int AllLayers = 99;

    /// <summary>The parts that are told where they are not as usual, in the order of the line.</summary>
    private static readonly QuestionPart[] Told =
    {
        QuestionParts.BatchSize, QuestionParts.MicroBatchSize, QuestionParts.KeyCacheType, QuestionParts.ValueCacheType,
        QuestionParts.FlashAttention, SettingParts.KvUnified, SettingParts.SwaFull, SettingParts.OffloadKv,
        SettingParts.OffloadOperations, SettingParts.Repack, SettingParts.Embeds, SettingParts.Pooling,
        SettingParts.YarnContext,
    };

    private static readonly QuestionPart[] Drafted =
    {
        SettingParts.DraftGpuLayers, SettingParts.DraftTokens, SettingParts.DraftKeyCacheType,
        SettingParts.DraftValueCacheType,
    };

    private static readonly FitQuestion Usual = new() { Model = new ModelSpec() };

    private static readonly FitQuestion UsualDraft = Usual with
    {
        Options = new RuntimeOptions { Speculation = new Speculation() },
    };

    /// <summary>The launch of a placement.</summary>
    public static RuntimeLaunch Of(LaunchRequest request)
    {
        var words = new List<string>();
        AddModel(words, request.Question.Model, request.Tag, request.Repository);
        AddCompanions(words, request);
        AddOptions(words, request.Question);
        if (!request.Question.Options.MemoryMap || request.CopiesPart) Add(words, SettingParts.MemoryMap, false);
        AddPlacement(words, request.Placed, request.Costs, request.VisibleCards);
        if (SplitText(request.Question, request.Placed) is { } split) Add(words, SettingParts.TensorSplit, split);
        var gpus = request.Question.Machine?.Gpus ?? Array.Empty<GpuSpec>();
        return new RuntimeLaunch("llama-server", words)
        {
            Environment = DeviceOrder.IsByBus(gpus, request.Machine.Backend) ? DeviceOrder.ByBus : null,
        };
    }

    private static void AddModel(List<string> words, ModelSpec model, string? tag, string? repository)
    {
        if (model.ModelPath is { } path) AddPath(words, path);
        else if (repository is not null)
            AddText(words, FileParts.Repository, tag is null ? repository : repository + ":" + tag);
    }

    /// <summary>
    /// The files beside the model. A repository brings its projector by itself, so that a line without one says so.
    /// </summary>
    private static void AddCompanions(List<string> words, LaunchRequest request)
    {
        var question = request.Question;
        var files = (question.Companions ?? Enumerable.Empty<CompanionFile>()).ToArray();
        var isFetched = words.Contains(FileParts.Repository.WordOf(ModelRuntime.LlamaCpp));
        foreach (var file in files)
        {
            if (isFetched && file.Path.StartsWith($"hf://{request.Repository}/", StringComparison.Ordinal)) continue;
            var isHub = file.Path.StartsWith("hf://", StringComparison.Ordinal);
            AddText(words, (file.Kind, isHub) switch
            {
                (CompanionKind.Projector, true) => FileParts.ProjectorUrl,
                (CompanionKind.Projector, _) => FileParts.Projector,
                (CompanionKind.ControlVector, _) => FileParts.ControlVectors,
                _ => FileParts.Adapter,
            }, isHub ? HubAddress(file.Path) : file.Path);
        }

        var projector = files.FirstOrDefault(file => file.Kind == CompanionKind.Projector);
        if (projector is null && isFetched && Companions.Projector(question.Model.Name) is not null)
            Add(words, FileParts.TakesProjector, false);
        if (projector is { IsOnHost: true }) Add(words, FileParts.OffloadProjector, false);
        if (question.Draft is not { } draft) return;
        if (draft.Model.ModelPath is { } path) AddText(words, FileParts.Draft, path);
        else AddText(words, FileParts.DraftRepository, RepositoryOf(draft));
        if (question.Options.Drafting is not { } drafting) return;
        AddDrafting(words, question with { Options = question.Options with { Speculation = drafting } });
        if (drafting.Devices is { } cards)
            AddText(words, SettingParts.DraftDevices, NamesOf(cards, request.Machine.Backend));
    }

    private static string NamesOf(IEnumerable<int> cards, ComputeBackend backend)
    {
        var prefix = BackendProfiles.Of(backend).DevicePrefix;
        return string.Join(",", cards.Select(card => prefix + card.ToString(CultureInfo.InvariantCulture)));
    }

    private static string RepositoryOf(DraftModel draft)
    {
        var repository = PublishedModels.RepositoryOf(draft.Model, draft.Quantization) ?? draft.Model.Name;
        return draft.Quantization is null ? repository : $"{repository}:{draft.Quantization}";
    }

    /// <summary>The address of a file on the hub.</summary>
    private static string HubAddress(string path)
    {
        var parts = path.Substring("hf://".Length).Split('/');
        return $"https://huggingface.co/{parts[0]}/{parts[1]}/resolve/main/{string.Join("/", parts.Skip(2))}";
    }

    private static void AddPath(List<string> words, string path)
    {
        const string hub = "hf://";
        var segments = path.StartsWith(hub, StringComparison.Ordinal) ? path.Substring(hub.Length).Split('/') : null;
        if (segments is { Length: > 2 })
        {
            AddText(words, FileParts.Repository, string.Join("/", segments.Take(2)).Split('@')[0]);
            AddText(words, FileParts.RepositoryFile, string.Join("/", segments.Skip(2)));
        }
        else
        {
            var isAddress = path.StartsWith("http", StringComparison.Ordinal) && path.Contains("://");
            AddText(words, isAddress ? FileParts.Url : QuestionParts.Model, path);
        }
    }

    private static void AddOptions(List<string> words, FitQuestion question)
    {
        var options = question.Options;
        Add(words, QuestionParts.ContextLength, options.TotalTokens);
        Add(words, QuestionParts.ParallelSequences, options.ParallelSequences);
        foreach (var part in Told) AddUnusual(words, part, part.Get(question), part.Get(Usual));
        if (options.YarnScale is not null) Add(words, FileParts.RopeScaling, "yarn");
        AddUnusual(words, SettingParts.YarnScale, options.YarnScale, null);
        if (options.SplitMode == GpuSplitMode.Tensor) Add(words, SettingParts.SplitMode, options.SplitMode);
        var isOwn = options is { LoadMtp: true, Speculation: not null };
        var drafter = isOwn ? "draft-mtp" : question.Draft is not null ? "draft-simple" : null;
        var types = new[] { drafter, options.TextDrafter }.OfType<string>().ToArray();
        if (isOwn || options.TextDrafter is not null) Add(words, FileParts.Drafters, string.Join(",", types));
        if (options is { TextDrafter: { } text, TextTokens: { } tokens })
            words.AddRange(new[] { DraftWords.Sizes[text], tokens.ToString(CultureInfo.InvariantCulture) });
        if (isOwn) AddDrafting(words, question);
    }

    private static void AddDrafting(List<string> words, FitQuestion question)
    {
        foreach (var part in Drafted) AddUnusual(words, part, part.Get(question), part.Get(UsualDraft));
    }

    private static void AddUnusual(List<string> words, QuestionPart part, object? value, object? usual)
    {
        if (value is not null && !value.Equals(usual)) Add(words, part, value);
    }

    private static void AddPlacement(List<string> words, PlacedModel placed, LayerCosts costs, int machineCards)
    {
        var layout = placed.Layout;
        if (placed.Cards.Count == 0)
        {
            if (machineCards > 0) Add(words, SettingParts.Devices, "none");
            Add(words, SettingParts.GpuLayers, 0);
            return;
        }

        var whole = layout.GpuLayers >= costs.LayerCount;
        Add(words, SettingParts.GpuLayers, whole && costs.LayerCount <= AllLayers ? AllLayers : layout.GpuLayers);
        if (layout.CpuMoeLayers > 0)
        {
            if (layout.CpuMoeLayers >= costs.ExpertLayers) Add(words, FileParts.AllExperts, true);
            else Add(words, SettingParts.CpuMoeLayers, layout.CpuMoeLayers);
        }

        if (layout.TensorOverrides is { } overrides)
            AddText(words, SettingParts.TensorOverrides, string.Join(",", overrides));
        if (placed.Cards.Count < machineCards) AddSelection(words, placed.Cards, layout.Backend);
    }

    /// <summary>One card of several by its index, more by the names that llama.cpp's backends give them.</summary>
    private static void AddSelection(List<string> words, IReadOnlyList<CardBudget> cards, ComputeBackend backend)
    {
        if (cards.Count == 1)
        {
            Add(words, SettingParts.SplitMode, GpuSplitMode.None);
            Add(words, SettingParts.MainGpu, cards[0].Index);
            return;
        }

        AddText(words, SettingParts.Devices, NamesOf(cards.Select(card => card.Index), backend));
    }

    /// <summary>
    /// Shares as <c>-ts</c> takes them; null where there are none, or where they are those of the free memory, which
    /// are taken without a word.
    /// </summary>
    public static string? SplitText(FitQuestion question, PlacedModel placed) =>
        placed.Layout.Split is { } split && (placed.LayerSplit is not null || question.Options.TensorSplit is not null)
            ? string.Join(",", split.Select(share => share.ToString("0.####", CultureInfo.InvariantCulture)))
            : null;

    private static void Add(List<string> words, QuestionPart part, object value) =>
        words.AddRange(part.Launch[ModelRuntime.LlamaCpp].Say(value));

    /// <summary>A part whose value is said as it is spelled.</summary>
    private static void AddText(List<string> words, QuestionPart part, string value)
    {
        words.Add(part.WordOf(ModelRuntime.LlamaCpp));
        words.Add(value);
    }
}
