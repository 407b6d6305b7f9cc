using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Gemma 4: two kinds of heads, layers that share the cache of earlier ones, embeddings a layer, experts beside a
/// dense feed-forward (src/models/gemma4.cpp); and its assistants, a few such layers that draft tokens from the
/// embedding, the hidden state and the caches of the model that they are loaded beside (gemma4-assistant.cpp).
/// </summary>
internal static class Gemma4
{
    private const string TargetWidth = "embedding_length_out";
    private const string Centroids = "num_centroids";

    public static Architecture[] All { get; } =
    {
        new("gemma4")
        {
            Classes = "Gemma4ForConditionalGeneration Gemma4ForCausalLM Gemma4UnifiedForConditionalGeneration",
            Types = "gemma4text",
            TiesByDefault = true, Served = ServedTraits.TurnsWindowsApart | ServedTraits.DraftsWithoutCache,
            Configure = Configure,
            Shape = new()
            {
                Window = WindowRule.Standard(6), ScalesEmbeddings = _ => true, RowsCut = OutputRowsCut.AfterFinalNorm,
                LogitScaling = Capped, Output = OutputSource.OwnOrCopied, LoadsFactorsForGlobal = true,
                HeadNorms = QkNormKind.Head,
            },
            LayOut = LayOut, Compose = Compose, Likeness = new(22, "per_layer_token_embd.weight"),
        },
        new("gemma4-assistant")
        {
            LayoutAccuracy = Accuracy.Modelled, Accuracy = Accuracy.Modelled,
            Classes = "Gemma4AssistantForCausalLM Gemma4UnifiedAssistantForCausalLM",
            Types = "gemma4unifiedassistant",
            TiesByDefault = true,
            Configure = ConfigureAssistant,
            Shape = new()
            {
                Window = WindowRule.Standard(0), Output = OutputSource.OwnOrCopied, LoadsFactorsForGlobal = true,
                HeadNorms = QkNormKind.Head,
            },
            LayOut = LayOutAssistant, Compose = ComposeAssistant,
        },
    };

    /// <summary>Caps the logits where the header has a cap.</summary>
    public static LogitScale Capped(ModelMetadata metadata) =>
        metadata.IsNonZero("final_logit_softcapping") ? LogitScale.SoftCap : LogitScale.None;

    /// <summary>
    /// The layer whose cache a layer attends over: its own, or the last of its kind before the shared ones begin
    /// (src/llama-model.cpp, create_memory). A drafter's layers read the other model's last of their kind, which are as
    /// their own would be.
    /// </summary>
    public static int CacheLayer(ModelShape model, int layer)
    {
        var own = model.LayersWithCache;
        return layer < own || own == 0 ? layer : own - (model.IsWindowLayer[layer] ? 2 : 1);
    }

    /// <summary>
    /// The embeddings of all layers, [width, tokens, layers], looked up and joined with a projection.
    /// </summary>
    public static Tensor? PerLayerInputs(GraphBuilder builder, Tensor x)
    {
        if (builder.Global("per_layer_token_embd.weight", -1) is not { } table) return null;
        var (layers, tokens) = (builder.Model.Layers, builder.Tokens);
        var width = table.Ne.D0 / layers;
        var ids = builder.Input("inp_tokens_per_layer", TensorType.I32, tokens);
        var looked = builder.Expand(Scale(Reshape(GetRows(table, ids), width, layers, tokens)));
        var projection = builder.RequiredGlobal("per_layer_model_proj.weight", 0);
        var projected = Reshape(Scale(MulMat(projection, x)), width, layers, tokens);
        projected = builder.Norm(projected, builder.Global("per_layer_proj_norm.weight", 0), null, -1);
        return Cont(SwapMiddle(Scale(Add(projected, looked))));
    }

    /// <summary>One plane of a stack, [width, tokens].</summary>
    public static Tensor Plane(Tensor stack, long index) =>
        View2(stack, stack.Ne.D0, stack.Ne.D1, stack.Ne.D0 * sizeof(float),
            index * stack.Ne.D0 * stack.Ne.D1 * sizeof(float));

    /// <summary>The gated embedding of a layer, projected to the width of the model and normed.</summary>
    public static Tensor PerLayerBlock(GraphBuilder builder, int layer, Tensor x, Tensor inputs)
    {
        var y = Apply(UnaryFunction.Gelu, MulMat(builder.Required(layer, "inp_gate"), x));
        y = MulMat(builder.Required(layer, "proj"), Mul(y, Plane(inputs, layer)));
        return builder.Norm(layer, "post_norm", y);
    }

    /// <summary>Queries, and keys and values where the layer has a cache of its own, through attention.</summary>
    public static Tensor Attention(GraphBuilder builder, int layer, Tensor x, Tensor? factors)
    {
        var model = builder.Model;
        var (length, heads, tokens) = (model.KeyLengthOf(layer), model.Heads[layer], builder.Tokens);
        var q = Reshape(builder.Linear(layer, "attn_q", x), length, heads, tokens);
        q = Rope(builder.Norm(layer, "attn_q_norm", q), builder.Positions(), factors);
        var other = CacheLayer(model, layer);
        if (model.LayersWithCache == 0) builder.ReserveCache(layer);
        if (other != layer || model.LayersWithCache == 0) return builder.AttentionOverCacheOf(other, layer, q);
        var projected = builder.Linear(layer, "attn_k", x);
        var v = builder.Weight(layer, "attn_v") is null ? projected : builder.Linear(layer, "attn_v", x);
        var k = Reshape(projected, length, model.KvHeads[layer], tokens);
        v = Map(Op.RmsNorm, Reshape(v, length, model.KvHeads[layer], tokens));
        k = Rope(builder.Norm(layer, "attn_k_norm", k), builder.Positions(), factors);
        return builder.Attention(layer, q, k, v);
    }

    private static void Compose(GraphBuilder builder)
    {
        if (builder.Model.LayersWithCache == 0) throw new GraphException("no layer has a cache that others share");
        var x = builder.Embed();
        var inputs = PerLayerInputs(builder, x);
        for (var layer = 0; layer < builder.Model.Layers; layer++) x = Layer(builder, layer, x, inputs);
        builder.Head(x);
    }

    // The embedding of the other model is looked up in its own table, whose type is not known here: its rows are taken
    // for an input.
    private static void ComposeAssistant(GraphBuilder builder)
    {
        var width = builder.Model.Size(TargetWidth);
        var token = Scale(builder.Input("inp_embd_target", TensorType.F32, width, builder.Tokens));
        var hidden = builder.Input("inp_h", TensorType.F32, width, builder.Tokens);
        var x = MulMat(builder.RequiredGlobal("nextn.pre_projection.weight", 0), Concat(token, hidden));
        for (var layer = 0; layer < builder.Model.Layers; layer++) x = Layer(builder, layer, x, null);
        x = builder.Norm(x, builder.OutputWeight("output_norm.weight"), null, -1);
        builder.Logits(x);
        builder.Expand(MulMat(builder.RequiredOutput("nextn.post_projection.weight"), x)).IsOutput = true;
    }

    private static Tensor Layer(GraphBuilder builder, int layer, Tensor x, Tensor? inputs)
    {
        var factors = builder.Model.IsWindowLayer[layer] ? null : builder.Global("rope_freqs.weight", layer);
        var y = builder.KeepOutputs(layer, Attention(builder, layer, builder.Norm(layer, "attn_norm", x), factors));
        x = builder.KeepOutputs(layer, x);
        var residual = Add(builder.Norm(layer, "post_attention_norm", y), x);
        y = builder.Weight(layer, "ffn_gate_inp") is null
            ? builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual))
            : Experts(builder, layer, residual);
        x = Add(builder.Norm(y, builder.Weight(layer, "post_ffw_norm"), null, -1), residual);
        if (inputs is not null) x = Add(x, PerLayerBlock(builder, layer, x, inputs));
        return builder.Weight(layer, "layer_output_scale") is { } scale ? Mul(x, scale) : x;
    }

    /// <summary>A dense feed-forward and experts, each normed; the router reads the residual itself.</summary>
    private static Tensor Experts(GraphBuilder builder, int layer, Tensor residual)
    {
        var dense = builder.FeedForward(layer, builder.Norm(layer, "ffn_norm", residual));
        dense = builder.Norm(layer, "post_ffw_norm_1", dense);
        var input = builder.Norm(layer, "pre_ffw_norm_2", residual);
        var routed = Scale(Map(Op.RmsNorm, residual));
        if (builder.Weight(layer, "ffn_gate_inp.scale") is { } scale) routed = Mul(routed, scale);
        var logits = MulMat(builder.Required(layer, "ffn_gate_inp"), routed);
        var sparse = builder.Experts(layer, input, ExpertRules.Default, logits);
        return Add(dense, builder.Norm(layer, "post_ffw_norm_2", sparse));
    }

    public static void LayOut(TensorList list)
    {
        var model = list.Model;
        var inner = list.Key("embedding_length_per_layer_input");
        Frame(list, inner);
        list.Add("rope_freqs.weight", model.KeyLength / 2);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var norm in Norms.Sandwich)
                list.Norm(layer, norm, model.Embedding);
            Attention(list, layer);
            FeedForward(list, layer);
            list.Block(layer, "layer_output_scale.weight", 1);
            if (inner > 0) PerLayerInput(list, layer, inner);
        }
    }

    private static void LayOutAssistant(TensorList list)
    {
        var (model, target) = (list.Model, list.Key(TargetWidth));
        Frame(list, 0);
        if (list.Key(Centroids) is > 0 and var centroids)
        {
            list.Add("masked_embd_centroids.weight", model.Embedding, centroids);
            list.Add("masked_embd_ordering", model.Vocabulary);
        }

        list.Add("nextn.pre_projection.weight", 2 * target, model.Embedding);
        list.Add("nextn.post_projection.weight", model.Embedding, target);
        list.Add("rope_freqs.weight", model.KeyLength / 2);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            foreach (var norm in Norms.Sandwich)
                list.Norm(layer, norm, model.Embedding);
            Queries(list, layer);
            list.DenseFeedForward(layer, model.FeedForward(layer));
            list.Block(layer, "layer_output_scale.weight", 1);
        }
    }

    private static void Attention(TensorList list, int layer)
    {
        var model = list.Model;
        var (length, kvHeads) = (LengthOf(list, layer), model.KvHeads(layer));
        Queries(list, layer);
        list.Linear(layer, "attn_k", model.Embedding, length * kvHeads);
        list.Norm(layer, "attn_k_norm", length);
        if (model.IsWindow(layer) || !model.Has(Traits.KeysAreValues))
            list.Linear(layer, "attn_v", model.Embedding, length * kvHeads);
    }

    private static void Queries(TensorList list, int layer)
    {
        var (width, length) = (list.Model.Embedding, LengthOf(list, layer));
        list.Linear(layer, "attn_q", width, length * list.Model.Heads(layer));
        list.Norm(layer, "attn_q_norm", length);
        list.Linear(layer, "attn_output", length * list.Model.Heads(layer), width);
    }

    private static long LengthOf(TensorList list, int layer) =>
        list.Model.IsWindow(layer) ? list.Key("attention.key_length_swa") : list.Model.KeyLength;

    private static void FeedForward(TensorList list, int layer)
    {
        var model = list.Model;
        var width = model.Embedding;
        list.DenseFeedForward(layer, model.FeedForward(layer));
        if (model.Experts == 0) return;
        list.Linear(layer, "ffn_gate_inp", width, model.Experts);
        list.Block(layer, "ffn_gate_inp.scale", width);
        list.Norm(layer, "pre_ffw_norm_2", width);
        list.Norm(layer, "post_ffw_norm_1", width);
        list.Norm(layer, "post_ffw_norm_2", width);
        list.Block(layer, "ffn_gate_up_exps.weight", width, 2 * model.ExpertFeedForward(layer), model.Experts);
        list.Block(layer, "ffn_down_exps.weight", model.ExpertFeedForward(layer), width, model.Experts);
        list.Block(layer, "ffn_down_exps.scale", model.Experts);
    }

    public static void Frame(TensorList list, long inner)
    {
        var model = list.Model;
        list.Add("token_embd.weight", model.Embedding, model.Vocabulary);
        list.Add("output_norm.weight", model.Embedding);
        if (inner == 0) return;
        list.Add("per_layer_token_embd.weight", inner * model.Layers, model.Vocabulary);
        list.Add("per_layer_model_proj.weight", model.Embedding, inner * model.Layers);
        list.Add("per_layer_proj_norm.weight", inner);
    }

    public static void PerLayerInput(TensorList list, int layer, long inner)
    {
        list.Linear(layer, "inp_gate", list.Model.Embedding, inner);
        list.Linear(layer, "proj", inner, list.Model.Embedding);
        list.Norm(layer, "post_norm", list.Model.Embedding);
    }

    private static void ConfigureAssistant(ConfigDraft draft)
    {
        Configure(draft);
        draft.Set(TargetWidth, draft.Config.Integer("backbone_hidden_size"));
        draft.Set("nextn_predict_layers", draft.Layers);
        draft.Set("attention.shared_kv_layers", draft.Layers);
        if (draft.Config.Flag("use_ordered_embeddings") == true) draft.Set(Centroids, draft.Config.Integer(Centroids));
    }

    private static void Configure(ConfigDraft draft)
    {
        Gemma.Configure(draft);
        draft.WindowPattern();
        var windowed = draft["attention.key_length"];
        draft.Set("attention.key_length_swa", windowed);
        draft.Set("attention.value_length_swa", windowed);
        var full = draft.Config.Integer("global_head_dim") ?? windowed;
        draft.Set("attention.key_length", full);
        draft.Set("attention.value_length", full);
        draft.Set("rope.dimension_count", full);
        draft.Set("rope.dimension_count_swa", windowed);
        var kvHeads = draft[Keys.KvHeads];
        var isFull = draft.OfType("full_attention");
        if (draft.Config.Integer("num_global_key_value_heads") is { } fullHeads)
            draft.SetEach(Keys.KvHeads, layer => isFull(layer) ? fullHeads : kvHeads);
        if (draft.Config.Flag("use_double_wide_mlp") != true) return;
        var width = draft[Keys.FeedForward];
        var firstShared = draft.Layers - draft["attention.shared_kv_layers"];
        draft.SetEach(Keys.FeedForward, layer => layer < firstShared ? width : 2 * width);
    }
}
