using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;
using System.Threading;
using ModelFit.Catalog;
using ModelFit.Common;
using ModelFit.Hardware.Probes;
using ModelFit.Placement;

namespace ModelFit.Fit;

/// <summary>
/// The best quantization of each model on one machine. Ranked is what can be read as it is written before what cannot,
/// models whose tensors are known before those of which only the size is, models that follow instructions before those
/// that only continue text, and what loses little before what loses much; then by effective size (see
/// <see cref="ModelWorth"/>) less what waiting costs; then by verdict.
/// </summary>
internal static class Finder
{
    /// <summary>
    /// Tokens a second at which text is read: 238 words a minute (Brysbaert 2019), of 4 tokens for 3 words.
    /// </summary>
    private const double ReadingSpeed = 5;

    /// <summary>Loss in percent of perplexity that makes a model worth less than one a quarter of its size.</summary>
    private const double MuchLoss = 30;

    /// <summary>One model in its best quantization.</summary>
    private sealed record Found(FitCase Fit, Decision Decision, double? Speed, double? Loss)
    {
        public bool IsReadable => Speed is null or >= ReadingSpeed;

        public double Worth => ModelWorth.EffectiveSize(Fit.Question.Model, Loss) * ModelWorth.SpeedShare(Speed);
    }

    /// <summary>Answers for every model that runs, best first, with their ranks.</summary>
    public static IReadOnlyList<ModelFitResult> Find(
        FitQuestion template,
        IEnumerable<ModelSpec> models,
        IReadOnlyList<string>? quantizations,
        double? minimumTokensPerSecond,
        bool isNewest,
        IMessageSink messages,
        CancellationToken cancellation)
    {
        var asked = template;
        template = template with { Machine = SupposedCards.In(template.Machine) };
        var machine = MachineBudget.For(template);
        var cards = machine.Cards.Sum(card => card.AvailableBytes);
        var room = machine.PoolBytes ?? cards + (machine.HostBytes ?? 0);
        var free = machine.Cards.Sum(card => Math.Max(0, card.Limit(keepReserve: true)));
        (Found? Best, BufferedSink Said) BestOf(ModelSpec model)
        {
            var said = new BufferedSink();
            if (model.Layout is null || ForModel(template, model) is not { } question) return (null, said);
            var search = new Search(cards, free, room, minimumTokensPerSecond, said, cancellation);
            return (search.Best(question, quantizations ?? QuantizationLadder.Of(question)), said);
        }

        var found = new List<Found>();
        foreach (var (best, said) in OnAllCores(models, BestOf, cancellation))
        {
            said.Flush(messages);
            if (best is not null) found.Add(best);
        }

        var ranked = found
            .OrderByDescending(answer => answer.IsReadable)
            .ThenBy(answer => answer.Fit.Definition.Accuracy == Accuracy.Approximate)
            .ThenBy(answer => ModelWorth.IsBase(answer.Fit.Question.Model))
            .ThenBy(answer => answer.Loss >= MuchLoss)
            .ThenByDescending(answer => answer.Worth)
            .ThenByDescending(answer => answer.Decision.Verdict)
            .ThenByDescending(answer => answer.Speed ?? 0);
        return (isNewest ? Newest(ranked) : ranked)
            .Select((answer, index) => Answer(answer, asked, index + 1))
            .ToList();
    }

    /// <summary>The answer about the machine that was asked for: of a card that nobody named no speed is known.</summary>
    private static ModelFitResult Answer(Found found, FitQuestion asked, int rank)
    {
        if (ReferenceEquals(found.Fit.Question.Machine, asked.Machine))
            return FitAnswer.Of(found.Fit, found.Decision, NullSink.Instance, rank, found.Loss);
        var fit = found.Fit.With(question => question with { Machine = asked.Machine });
        return FitAnswer.Of(fit, Decision.Judge(fit), NullSink.Instance, rank, found.Loss);
    }

    /// <summary>What is made of each, in their order; the first failure is thrown as it was.</summary>
    private static T[] OnAllCores<TItem, T>(
        IEnumerable<TItem> items, Func<TItem, T> make, CancellationToken cancellation)
    {
        try
        {
            return items.AsParallel().AsOrdered().WithCancellation(cancellation).Select(make).ToArray();
        }
        catch (AggregateException error)
        {
            ExceptionDispatchInfo.Capture(error.InnerExceptions[0]).Throw();
            throw;
        }
    }

    /// <summary>Of each family the newest that runs; of several of one day the one that ranks first.</summary>
    private static IEnumerable<Found> Newest(IEnumerable<Found> ranked)
    {
        var all = ranked.ToArray();
        var newest = new HashSet<Found>(all
            .GroupBy(answer => answer.Fit.Question.Model.Family ?? answer.Fit.Question.Model.Name)
            .Select(family => family.OrderByDescending(
                answer => ModelCatalog.Released(answer.Fit.Question.Model), StringComparer.Ordinal).First()));
        return all.Where(newest.Contains);
    }

    /// <summary>
    /// The question about one model: the usual context is cut to what the model was trained for; a model that was
    /// trained for less than a longer one that was asked for is no answer.
    /// </summary>
    private static FitQuestion? ForModel(FitQuestion template, ModelSpec model)
    {
        var question = template with { Model = model };
        var usual = RuntimeOptions.DefaultContextLength(model);
        var asked = template.Options.ContextLength;
        if (asked <= (model.TrainedContextLength ?? asked)) return question;
        return asked > new RuntimeOptions().ContextLength
            ? null
            : question with { Options = template.Options with { ContextLength = Math.Min(usual, asked) } };
    }

    /// <summary>The search of one model's best quantization on a machine.</summary>
    /// <param name="CardBytes">Bytes of all cards.</param>
    /// <param name="FreeBytes">Bytes of all cards with the reserve kept.</param>
    /// <param name="AllBytes">Bytes of cards and system memory.</param>
    /// <param name="MinimumTokensPerSecond">Slower answers are none.</param>
    /// <param name="Messages">Where assumptions are said.</param>
    /// <param name="Stop">Ends it.</param>
    private sealed record Search(
        long CardBytes,
        long FreeBytes,
        long AllBytes,
        double? MinimumTokensPerSecond,
        IMessageSink Messages,
        CancellationToken Stop)
    {
        /// <summary>
        /// The largest quantization with the best verdict that is fast enough; null if none runs. Models are laid out
        /// only at quantizations that may have room, and what is offloaded is tried at the largest first, then at the
        /// smallest: if that is not readable either, none between is.
        /// </summary>
        public Found? Best(FitQuestion question, IReadOnlyList<string> ladder)
        {
            Found? whole = null;
            foreach (var fit in Cases(question, ladder, CardBytes, weights => weights.CardBytes <= FreeBytes))
            {
                if (!Decision.Reaches(fit, Verdict.Fits) || Judge(fit) is not { } answer) continue;
                if (answer.IsReadable) return Better(answer, question, ladder);
                whole ??= answer;
            }

            if (whole is not null) return whole;
            return Offloaded(question, ladder);
        }

        /// <summary>
        /// What lies on the cards only at a great loss is held against a better one that lies partly in system memory.
        /// </summary>
        private Found Better(Found whole, FitQuestion question, IReadOnlyList<string> ladder)
        {
            const double great = 8;
            if (!(whole.Loss > great) || AllBytes <= CardBytes) return whole;
            var other = Offloaded(question, ladder);
            return other is { IsReadable: true } && other.Worth > whole.Worth ? other : whole;
        }

        private Found? Offloaded(FitQuestion question, IReadOnlyList<string> ladder)
        {
            Found? first = null;
            foreach (var fit in Cases(question, ladder, AllBytes, _ => true))
            {
                if (fit.TryStart() is not null || Judge(fit) is not { } answer) continue;
                if (answer.IsReadable || (first is null && !EndsReadable(question, ladder))) return answer;
                first ??= answer;
            }

            return first;
        }

        /// <summary>Whether the smallest quantization that starts can be read as it is written.</summary>
        private bool EndsReadable(FitQuestion question, IReadOnlyList<string> ladder) =>
            Cases(question, ladder.Reverse(), AllBytes, _ => true).FirstOrDefault(fit => fit.TryStart() is null)
                is { } last
            && Judge(last) is { IsReadable: true };

        /// <summary>
        /// The cases of the quantizations whose weights may have room; whether they start is not asked.
        /// </summary>
        private IEnumerable<FitCase> Cases(
            FitQuestion question, IEnumerable<string> ladder, long room, Func<CandidateWeights, bool> mayDo)
        {
            const double least = 0.9;
            return
                from name in ladder.Until(Stop)
                let bytes = question.Model.ParameterCount * QuantizationCatalog.Find(name)?.BitsPerWeight / 8
                where bytes is null || bytes * least <= room
                let weights = CandidateWeights.Of(question, name)
                where weights.AllBytes <= AllBytes && mayDo(weights)
                select FitCase.Of(question with { Quantization = name }, Messages);
        }

        private Found? Judge(FitCase fit)
        {
            Stop.ThrowIfCancellationRequested();
            var decision = Decision.Judge(fit);
            if (decision.Verdict <= Verdict.NoFit) return null;
            var answer = new Found(
                fit,
                decision,
                PlacementSpeed.Decode(fit, decision.Placed),
                QualityLosses.Of(fit.Question.Model, fit.Quantization));
            return answer.Speed < MinimumTokensPerSecond ? null : answer;
        }
    }
}

/// <summary>
/// The weights of a model in a quantization: enough to pass most candidates over before they are laid out again.
/// </summary>
/// <param name="AllBytes">Bytes of all weights.</param>
/// <param name="CardBytes">Bytes that are on cards where all of the model is; 0 where the runtime decides that.</param>
internal sealed record CandidateWeights(long AllBytes, long CardBytes)
{
    private const int MaxRemembered = 256;

    /// <summary>The weights of a question's model, found once for its settings and a quantization.</summary>
    public static CandidateWeights Of(FitQuestion question, string quantization)
    {
        var known = question.Model.Prepared.Get(
            _ => new ConcurrentDictionary<(RuntimeOptions Options, string Quantization), CandidateWeights>());
        var key = (question.Options, quantization);
        if (known.TryGetValue(key, out var weights)) return weights;
        if (known.Count >= MaxRemembered) known.Clear();
        return known[key] = Of(FitCase.Of(question with { Quantization = quantization }, NullSink.Instance));
    }

    private static CandidateWeights Of(FitCase fit) =>
        new(fit.Definition.WeightBytes, fit.Search.UsesHost ? fit.Search.Costs.WholeBytes : 0);
}
