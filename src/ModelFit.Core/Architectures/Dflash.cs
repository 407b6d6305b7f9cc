using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// DFlash and DSpark (src/models/dflash.cpp): a few layers that draft a block of tokens at once for another model. Most
/// files have neither an embedding nor an output of their own and take those of the model that they draft for.
/// </summary>
internal static class Dflash
{
    private const string Targets = "target_layers";
    private const string BlockSize = "block_size";
    private const string Rank = "selector_rank";
    private const string Sections = "rope.dimension_sections";

    public static Architecture[] All { get; } =
    {
        new("dflash")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes =
                "DFlashDraftModel DFlash2DraftModel Qwen3DSparkModel DSparkDraftModel DSparkSpeculator "
                + "Lfm2DSparkDraftModel LingDSparkModel Gemma4DSparkModel MuseGlimmerAssistantModel "
                + "DeepseekV4DSparkModel",
            DraftsBlocks = true,
            Configure = Configure,
            Shape = new()
            {
                Window = WindowRule.Standard(0), HasEncoder = true, RowsCut = OutputRowsCut.Never,
                ScalesEmbeddings = ArchitectureShape.HasEmbeddingScale, HeadNorms = QkNormKind.Head,
                PositionsPerToken = metadata =>
                    metadata[Sections] is long[] sections && sections.Any(section => section != 0) ? 4 : 1,
            },
            LayOut = LayOut, Compose = Compose,
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        if (builder.Model.Metadata.Has("hyper_connection.count"))
            throw new GraphException("its layers are those of DeepSeek 4");
        var tokens = builder.Input("inp_tokens", TensorType.I32, builder.Tokens);
        var table = builder.Global("token_embd.weight", -1)
            ?? throw new GraphException("it takes its embedding from the model that it drafts for");
        var x = GetRows(table, tokens);
        if (builder.Shape.ScalesEmbeddings(builder.Model.Metadata)) x = Scale(x);
        for (var layer = 0; layer < builder.Model.Layers; layer++) x = Layer(builder, layer, x);
        var hidden = builder.Norm(x, builder.OutputWeight("output_norm.weight"), null, -1);
        hidden.IsOutput = true;
        var logits = builder.Expand(Logits(builder, hidden));
        if (!AddMarkov(builder, tokens, hidden, logits)) logits.IsOutput = true;
        if (builder.OutputWeight("selector_hidden.weight") is { } selector)
            Select(builder, tokens, logits, MulMat(selector, hidden));
    }

    private static Tensor Logits(GraphBuilder builder, Tensor hidden)
    {
        var output = builder.OutputWeight("output.weight") ?? builder.OutputWeight("token_embd.weight")
            ?? throw new GraphException("it takes its output from the model that it drafts for");
        var logits = MulMat(output, hidden);
        var metadata = builder.Model.Metadata;
        if (builder.OutputWeight("selector_hidden.weight") is not null)
        {
            if (metadata.IsNonZero("logit_scale")) logits = Scale(logits);
            if (metadata.IsNonZero("final_logit_softcapping"))
                logits = Scale(Apply(UnaryFunction.Tanh, Scale(logits)));
        }

        return Eagle3.OfWholeVocabulary(builder, logits);
    }

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x)
    {
        var normed = builder.Norm(layer, "attn_norm", x);
        var y = Convolved(builder, layer, "attn_conv", normed, Attention);
        if (builder.Weight(layer, "post_attention_norm") is not null) y = builder.Norm(layer, "post_attention_norm", y);
        var residual = Add(y, x);
        normed = builder.Norm(layer, "ffn_norm", residual);
        y = Convolved(builder, layer, "ffn_conv", normed, (_, _, input) => builder.FeedForward(layer, input));
        if (builder.Weight(layer, "post_ffw_norm") is not null) y = builder.Norm(layer, "post_ffw_norm", y);
        y = Add(y, residual);
        return builder.Weight(layer, "layer_output_scale") is { } scale ? Mul(y, scale) : y;
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x)
    {
        var (q, k, v) = Decoder.Heads(builder, layer, x);
        if (builder.Weight(layer, "attn_v") is null) v = Map(Op.RmsNorm, v);
        return builder.Attention(layer, q, k, v);
    }

    /// <summary>
    /// What is between two short convolutions over the tokens of a block, whose weights follow from the input; itself
    /// where the file has none (build_dflash2_conv).
    /// </summary>
    private static Tensor Convolved(
        GraphBuilder builder, int layer, string name, Tensor x, LayerPart between)
    {
        if (builder.Weight(layer, name + "_proj") is not { } projection) return between(builder, layer, x);
        var weights = MulMat(projection, x);
        var fixedWeights = builder.Required(layer, name + "_base");
        var y = between(builder, layer, Convolve(builder, x, weights, fixedWeights, 0));
        return Convolve(builder, y, weights, fixedWeights, 1);
    }

    private static Tensor Convolve(GraphBuilder builder, Tensor x, Tensor weights, Tensor fixedWeights, int side)
    {
        var model = builder.Model;
        var (width, tokens, kernel) = (x.Ne.D0, builder.Tokens, model.Size("conv_kernel_size"));
        var (blocks, size) = (builder.Settings.Sequences, builder.Settings.TokensPerSequence);
        var group = model.Size("conv_group_size");
        var groups = Each(width, group);
        var byBlock = Reshape(x, width, size, blocks);
        var both = Reshape(weights, groups, kernel, 2, tokens);
        var own = Cont(View3(both, groups, kernel, tokens, both.Nb.D1, both.Nb.D3, side * both.Nb.D2));
        own = Repeat(Reshape(own, 1, groups, kernel, tokens), group, groups, kernel, tokens);
        var shared = View1(fixedWeights, width * kernel, side * fixedWeights.Nb.D2);
        var all = Add(own, Reshape(shared, group, groups, kernel));
        Tensor? sum = null;
        for (var tap = 0; tap < kernel; tap++)
        {
            var weight = Cont(View4(
                all, group, groups, 1, tokens, all.Nb.D1, all.Nb.D2, all.Nb.D3, tap * all.Nb.D2));
            var values = Reshape(Delayed(byBlock, tap), width, tokens);
            var term = Mul(Reshape(weight, width, tokens), values);
            sum = sum is null ? term : Add(sum, term);
        }

        return sum ?? throw new GraphException("'conv_kernel_size' is 0");
    }

    /// <summary>The tokens of each block so many places later, zeros before them.</summary>
    private static Tensor Delayed(Tensor byBlock, int places)
    {
        var (width, size, blocks) = (byBlock.Ne.D0, byBlock.Ne.D1, byBlock.Ne.D2);
        if (places == 0) return byBlock;
        var zeros = Fill(TensorType.F32, width, Math.Min(places, size), blocks);
        return places >= size
            ? zeros
            : Concat(zeros, View3(byBlock, width, size - places, blocks, byBlock.Nb.D1, byBlock.Nb.D2), 1);
    }

    /// <summary>
    /// DSpark: what the token before adds to the logits, and how sure they are; only for blocks that are not longer
    /// than those it was trained on, as the batches of prompts are (build_dspark_markov_head).
    /// </summary>
    private static bool AddMarkov(GraphBuilder builder, Tensor tokens, Tensor hidden, Tensor logits)
    {
        if (builder.OutputWeight("markov_w1.weight") is not { } before) return false;
        var (blocks, size) = (builder.Settings.Sequences, builder.Settings.TokensPerSequence);
        if (size > builder.Model.Size(BlockSize)) return false;
        if (size > 1) throw new GraphException("its batch is shorter than a block");
        var sure = builder.OutputWeight("conf_proj.weight");
        var first = View2(logits, logits.Ne.D0, blocks, logits.Nb.D1);
        Tensor biased;
        Tensor? confidence;
        if (builder.Model.Metadata.Flag("sample_from_anchor") ?? true)
        {
            var previous = Cont(View2(tokens, 1, blocks, tokens.Nb.D0), blocks);
            var low = GetRows(before, previous);
            var bias = MulMat(builder.RequiredOutput("markov_w2.weight"), low);
            biased = Add(first, Eagle3.OfWholeVocabulary(builder, bias));
            confidence = sure is null ? null : MulMat(sure, Concat(Cont(hidden), low));
            if (builder.OutputWeight("conf_proj.bias") is { } own && confidence is not null)
                confidence = Add(confidence, own);
        }
        else
        {
            biased = Cont(first);
            confidence = sure is null ? null : Cont(View2(logits, 1, blocks, logits.Nb.D1));
        }

        var scores = Reshape(Cont(SwapMiddle(Reshape(biased, biased.Ne.D0, blocks, size))), logits.Ne);
        if (confidence is not null)
        {
            var swapped = Cont(SwapMiddle(Reshape(Sigmoid(confidence), 1, blocks, size)));
            var spread = Repeat(Reshape(swapped, 1, blocks), hidden.Ne.D0, blocks);
            builder.Expand(spread).IsOutput = true;
        }

        builder.Expand(scores).IsOutput = true;
        return true;
    }

    /// <summary>
    /// DFlash 2: the best tokens of each place of a block, and how each goes with each before it, in rows as wide as
    /// the model (build_dflash2_selector).
    /// </summary>
    private static void Select(GraphBuilder builder, Tensor tokens, Tensor logits, Tensor gate)
    {
        var model = builder.Model;
        var (kept, rank) = (model.Size("selector_top_k"), model.Size(Rank));
        var (blocks, each) = (builder.Settings.Sequences, builder.Settings.TokensPerSequence);
        var size = Math.Min(each, model.Size(BlockSize));
        var best = new Tensor(Op.TopK, TensorType.I32, new Dims(kept, logits.Ne.D1), logits);
        var scores = GetRows(Reshape(logits, 1, logits.Ne.D0, builder.Tokens), best);
        var (bestByBlock, scoresByBlock, gateByBlock) = (
            Reshape(best, kept, each, blocks), Reshape(Reshape(scores, kept, builder.Tokens), kept, each, blocks),
            Reshape(gate, rank, each, blocks));

        var packed = Fill(TensorType.F32, model.Embedding, 1, blocks);
        if (size > 1)
        {
            var anchors = Cont(View2(tokens, 1, blocks, each * tokens.Nb.D0), blocks);
            packed = Concat(packed, Run(1, 1, anchors), 1);
        }

        if (size > 2)
        {
            var previous = Cont(View3(
                bestByBlock, kept, size - 2, blocks, bestByBlock.Nb.D1, bestByBlock.Nb.D2, bestByBlock.Nb.D1));
            packed = Concat(packed, Run(2, size - 2, Reshape(previous, kept * (size - 2) * blocks)), 1);
        }

        builder.Expand(Reshape(packed, model.Embedding, size * blocks)).IsOutput = true;

        Tensor Part(Tensor x, long first, long places) => Cont(View3(
            x, x.Ne.D0, places, blocks, x.Nb.D1, x.Nb.D2, first * x.Nb.D1));

        Tensor Run(long first, long places, Tensor before)
        {
            var own = Part(bestByBlock, first, places);
            var ownScores = Part(scoresByBlock, first, places);
            var ownGate = Part(gateByBlock, first, places);
            var count = before.Ne.D0 / (places * blocks);
            var next = Reshape(
                GetRows(builder.RequiredOutput("selector_successor.weight"), Reshape(own, kept * places * blocks)),
                rank, kept, places, blocks);
            var last = Reshape(
                GetRows(builder.RequiredOutput("selector_predecessor.weight"), before), rank, count, places, blocks);
            var gates = Repeat(Reshape(ownGate, rank, 1, places, blocks), rank, count, places, blocks);
            var pairs = MulMat(next, Mul(last, gates));
            if (count == 1) pairs = Repeat(pairs, kept, kept, places, blocks);
            pairs = Add(pairs, Repeat(Reshape(ownScores, kept, 1, places, blocks), kept, kept, places, blocks));
            var row = Concat(Cast(own, TensorType.F32), Reshape(pairs, kept * kept, places, blocks));
            return Pad(row, model.Embedding - kept - (kept * kept));
        }
    }

    private static void LayOut(TensorList list)
    {
        var model = list.Model;
        var (width, drafted) = (model.Embedding, list.Key(Eagle3.DraftVocabulary));
        var (markov, rank, kernel) = (list.Key("markov_rank"), list.Key(Rank), list.Key("conv_kernel_size"));
        if (drafted > 0) list.Add("d2t", drafted);
        if (markov > 0)
        {
            list.Add("markov_w1.weight", markov, model.Vocabulary);
            list.Add("markov_w2.weight", markov, drafted > 0 ? drafted : model.Vocabulary);
        }

        if (rank > 0)
        {
            list.Add("selector_predecessor.weight", rank, model.Vocabulary);
            list.Add("selector_successor.weight", rank, model.Vocabulary);
            list.Add("selector_hidden.weight", width, rank);
        }

        var targets = model.Metadata[Targets] is long[] layers ? layers.Length : 0;
        list.Add("fc.weight", targets * width, width);
        list.Add("enc.output_norm.weight", width);
        list.Add("output_norm.weight", width);
        if (drafted > 0) list.Add("output.weight", width, drafted);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            list.Block(layer);
            if (rank == 0) continue;
            foreach (var name in new[] { "attn_conv", "ffn_conv" })
            {
                list.Block(layer, name + "_base", width, kernel, 2);
                list.Linear(layer, name + "_proj", width, 2 * kernel * list.Share(width, "conv_group_size"));
            }
        }
    }

    private static void Configure(ConfigDraft draft)
    {
        var own = draft.Config.Section("dflash_config") ?? draft.Config;
        var targets = own.Integers("target_layer_ids") ?? draft.Config.Integers("target_layer_ids")
            ?? draft.Config.Integers("aux_hidden_state_layer_ids");
        if (targets is not null) draft.Set(Targets, targets);
        draft.Set(BlockSize, own.Integer(BlockSize) ?? draft.Config.Integer(BlockSize) ?? 16);
        foreach (var key in new[] { "conv_kernel_size", "conv_group_size", Rank, "selector_top_k" })
            draft.Set(key, own.Integer(key));
        draft.Set("markov_rank", own.Integer("markov_rank") ?? draft.Config.Integer("markov_rank"));
        if (draft.Config.Integer(Eagle3.DraftVocabulary) is { } drafted && drafted < draft["vocab_size"])
            draft.Set(Eagle3.DraftVocabulary, drafted);
        draft.WindowPattern();
    }
}
