using System.Diagnostics;
using System.Globalization;
using ModelFit.Graph;
using ModelFit.Graph.Backends;

namespace ModelFit.Runtimes.LlamaCpp;

/// <content>Where the layers go: steps 3 and 4 of common_params_fit_impl.</content>
internal sealed partial class LlamaCppFit
{
    /// <summary>What of the first partial layer of a card is elsewhere.</summary>
    private enum Overflow
    {
        Attention,
        Up,
        Gate,
        Experts,
    }

    /// <summary>
    /// Layers of one card: all of them, those of which a part is elsewhere, and what of the first of those.
    /// </summary>
    private readonly record struct Share(int Layers, int Parts, Overflow First, bool ToNext)
    {
        public int Full => Layers - Parts;
    }

    /// <summary>The layers of all cards.</summary>
    private sealed record Shares(Share[] Cards)
    {
        public int Layers => Cards.Sum(card => card.Layers);

        public int Parts => Cards.Sum(card => card.Parts);

        public IEnumerable<double> Split => Cards.Select(card => (double)card.Layers);

        public Shares With(int card, Func<Share, Share> change)
        {
            var cards = (Share[])Cards.Clone();
            cards[card] = change(cards[card]);
            return new Shares(cards);
        }

        /// <summary>The patterns that send parts of layers elsewhere.</summary>
        public IEnumerable<string> Overrides(int layers, ComputeBackend backend)
        {
            var layer = layers + 1 - Layers;
            for (var card = 0; card < Cards.Length; card++)
            {
                layer += Cards[card].Full;
                for (var part = 0; part < Cards[card].Parts; part++, layer++)
                {
                    var isFirst = part == 0;
                    var target = isFirst && Cards[card].ToNext ? DeviceName(backend, card + 1) : "CPU";
                    yield return Pattern(layer, isFirst ? Cards[card].First : Overflow.Experts) + "=" + target;
                }
            }
        }

        private static string DeviceName(ComputeBackend backend, int card) =>
            BackendProfiles.Of(backend).DevicePrefix + card.ToString(CultureInfo.InvariantCulture);

        private static string Pattern(int layer, Overflow overflow)
        {
            var stem = "blk\\." + layer.ToString(CultureInfo.InvariantCulture);
            return overflow switch
            {
                Overflow.Attention => stem + "\\.ffn_(gate|up|gate_up|down).*",
                Overflow.Up => stem + "\\.ffn_(gate|gate_up|down).*",
                Overflow.Gate => stem + "\\.ffn_down.*",
                _ => stem + "\\.ffn_(up|down|gate_up|gate)_(ch|)exps",
            };
        }
    }

    private Shares PlaceLayers()
    {
        var none = new Share(0, 0, Overflow.Experts, false);
        var shares = new Shares(Enumerable.Repeat(none, Cards).ToArray());
        var used = Measure(shares);

        // Step 3 fills from the last card to the first, for -ngl counts from the last layer; a mixture goes without its
        // experts at first.
        for (var card = Cards - 1; card >= 0; card--) FillDense(card, ref shares, ref used);
        if (!_costs.HasExperts || SurplusWithoutExperts() <= 0) return shares;

        // Step 4 goes the other way: whole layers come from the cards behind, the first of which is remembered.
        var firstDense = Cards;
        for (var card = Cards - 1; card >= 0 && shares.Cards[card].Layers > 0; card--) firstDense = card;
        for (var card = 0; card <= firstDense && firstDense < Cards; card++)
        {
            FillExperts(card, ref shares, ref used, ref firstDense);
            AddPart(card, ref shares, ref used, ref firstDense);
        }

        Debug.Assert(shares.Layers <= _layers + 1, "no layer is placed twice");
        return shares;
    }

    private long[] Measure(Shares shares)
    {
        var overrides = shares.Overrides(_layers, _machine.Backend).ToArray();
        return Measure(new DeviceLayout
        {
            Backend = _machine.Backend,
            GpuCount = Cards,
            GpuLayers = shares.Layers,
            Split = Cards > 1 ? new EquatableArray<double>(shares.Split) : null,
            TensorOverrides = overrides.Length == 0 ? null : new EquatableArray<string>(overrides),
        });
    }

    private long SurplusWithoutExperts()
    {
        var used = Measure(Whole() with { CpuMoeLayers = _costs.ExpertLayers });
        return _targets.Sum() - used.Sum();
    }

    /// <summary>The step that false position guesses, in the unsigned arithmetic of the original.</summary>
    private static int Step(int delta, long target, long low, long high)
    {
        Debug.Assert(high != low, "A card that is over its target holds more than one that is not.");
        // A negative guess wraps there and becomes the largest step, which this has to repeat.
        var step = unchecked((uint)(delta * (target - low) / Math.Max(1, high - low)));
        return (int)Math.Min(Math.Max(step, 1u), (uint)(delta - 1));
    }

    /// <summary>As many of the layers that no later card has as the card holds, without experts in a mixture.</summary>
    private void FillDense(int card, ref Shares shares, ref long[] used)
    {
        var open = _layers + 1 - shares.Cards.Skip(card + 1).Sum(share => share.Layers);
        if (open <= 0) return;
        var isLast = card == Cards - 1;
        var high = shares.With(card, share => share with
        {
            Layers = open,
            Parts = !_costs.HasExperts ? 0 : isLast ? open - 1 : open,
        });
        var highUsed = Measure(high);
        if (highUsed[card] <= _targets[card])
        {
            (shares, used) = (high, highUsed);
            return;
        }

        for (var delta = open - shares.Cards[card].Layers; delta > 1;
            delta = high.Cards[card].Layers - shares.Cards[card].Layers)
        {
            var step = Step(delta, _targets[card], used[card], highUsed[card]);
            var parts = !_costs.HasExperts ? 0 : isLast && shares.Cards[card].Parts == 0 ? step - 1 : step;
            var test = shares.With(card, share => share with
            {
                Layers = share.Layers + step, Parts = share.Parts + parts,
            });
            var testUsed = Measure(test);
            if (testUsed[card] <= _targets[card]) (shares, used) = (test, testUsed);
            else (high, highUsed) = (test, testUsed);
        }
    }

    /// <summary>Gives layers to a card, their experts with them, and takes them from the cards behind.</summary>
    private void FillExperts(int card, ref Shares shares, ref long[] used, ref int firstDense)
    {
        var high = shares;
        for (var behind = firstDense; behind < Cards; behind++)
        {
            var moved = high.Cards[behind].Layers - (behind < Cards - 1 ? 0 : 1);
            high = high.With(card, share => share with { Layers = share.Layers + moved })
                .With(behind, share => share with { Layers = share.Layers - moved, Parts = 0 });
        }

        var highDense = Cards - 1;
        var highUsed = Measure(high);
        if (highUsed[card] <= _targets[card])
        {
            (shares, used, firstDense) = (high, highUsed, highDense);
            return;
        }

        for (var delta = high.Cards[card].Full - shares.Cards[card].Full; delta > 1;
            delta = high.Cards[card].Full - shares.Cards[card].Full)
        {
            var step = Step(delta, _targets[card], used[card], highUsed[card]);
            var (test, testDense) = Converted(card, shares, firstDense, step);
            var testUsed = Measure(test);
            if (testUsed[card] <= _targets[card]) (shares, used, firstDense) = (test, testUsed, testDense);
            else (high, highUsed) = (test, testUsed);
        }
    }

    private (Shares Shares, int FirstDense) Converted(int card, Shares shares, int firstDense, int step)
    {
        var converted = 0;
        for (; firstDense < Cards; firstDense++)
        {
            var count = Math.Min(step - converted, shares.Cards[firstDense].Parts);
            shares = shares
                .With(firstDense, share => share with { Layers = share.Layers - count, Parts = share.Parts - count })
                .With(card, share => share with { Layers = share.Layers + count });
            converted += count;
            if (shares.Cards[firstDense].Parts > 0) break;
        }

        return (shares, firstDense);
    }

    /// <summary>
    /// Tries to fit a part of one more layer: its first projection, then two of them, else attention alone.
    /// </summary>
    private void AddPart(int card, ref Shares shares, ref long[] used, ref int firstDense)
    {
        if (firstDense >= Cards || shares.Cards[firstDense].Layers <= (card < Cards - 1 ? 0 : 1)) return;
        var dense = firstDense;
        var test = shares
            .With(dense, share => share with { Layers = share.Layers - 1, Parts = share.Parts - 1 })
            .With(card, share => share with { Layers = share.Layers + 1, Parts = share.Parts + 1 });
        if (test.Cards[dense].Parts == 0) dense++;
        if (Try(Overflow.Up, card, test, ref shares, ref used, ref firstDense, dense))
            Try(Overflow.Gate, card, test, ref shares, ref used, ref firstDense, dense);
        else Try(Overflow.Attention, card, test, ref shares, ref used, ref firstDense, dense);
    }

    private bool Try(
        Overflow overflow, int card, Shares test, ref Shares shares, ref long[] used, ref int firstDense, int dense)
    {
        var toNext = card < Cards - 1;
        var tried = test.With(card, share => share with { First = overflow, ToNext = toNext });
        var triedUsed = Measure(tried);
        var fits = triedUsed[card] < _targets[card] && (!toNext || triedUsed[card + 1] < _targets[card + 1]);
        if (fits) (shares, used, firstDense) = (tried, triedUsed, dense);
        return fits;
    }
}
