using ModelFit.Graph;
using ModelFit.Graph.Blocks;
using ModelFit.Models;
using static ModelFit.Graph.TensorOps;

namespace ModelFit.Architectures;

/// <summary>
/// Granite with adapters in the file, of which a token may switch one on for those after it
/// (src/models/granite-switch.cpp).
/// </summary>
internal static class GraniteSwitch
{
    public static Architecture[] All { get; } =
    {
        new("graniteswitch")
        {
            LayoutAccuracy = Accuracy.Modelled,
            Classes = "GraniteSwitchForCausalLM",
            Shape = new()
            {
                HasRouterLayer = true, LogitScaling = _ => LogitScale.Scale, FusedQkv = true,
                HasRope = (model, _) => model.Metadata.Flag("rope.scaling.finetuned") ?? true,
            },
            BlockTensors = Adapters, Compose = Compose,
        },
    };

    private static void Compose(GraphBuilder builder)
    {
        var model = builder.Model;
        var table = builder.RequiredGlobal("token_embd.weight", -1);
        var x = GetRows(table, builder.Input("sub_tokens", TensorType.I32, builder.Tokens));
        if (ArchitectureShape.HasEmbeddingScale(model.Metadata)) x = Scale(x);
        var ids = ChooseAdapters(builder);
        for (var layer = 0; layer < model.Layers; layer++)
        {
            var y = Attention(builder, layer, builder.Norm(layer, "attn_norm", x), ids);
            if (layer == model.Layers - 1)
            {
                y = builder.KeepOutputs(layer, y);
                x = builder.KeepOutputs(layer, x);
                ids = builder.KeepOutputs(layer, Reshape(ids, 1, ids.Ne.D0));
                ids = Reshape(ids, ids.Ne.D1);
            }

            var residual = Add(ScaleResidual(builder, y), x);
            y = FeedForward(builder, layer, builder.Norm(layer, "ffn_norm", residual), ids);
            x = Add(ScaleResidual(builder, y), residual);
        }

        builder.Head(x);
    }

    /// <summary>The adapter of each token: attention to the last token that switched one on.</summary>
    private static Tensor ChooseAdapters(GraphBuilder builder)
    {
        var (tokens, length) = (builder.Tokens, builder.Model.KeyLength);
        Tensor Lane(string name) =>
            Pad(Reshape(builder.Input(name, TensorType.F32, tokens), 1, 1, tokens), length - 1);
        var router = builder.Model.Layers;
        var y = builder.AttentionValues(router, Lane("router_q"), Lane("router_ksig"), Lane("router_vval"));
        var slots = Reshape(Cont(View2(y, 1, tokens, y.Nb.D1)), tokens);
        return Cast(Apply(UnaryFunction.Round, Map(Op.Clamp, slots)), TensorType.I32);
    }

    private static Tensor Attention(GraphBuilder builder, int layer, Tensor x, Tensor ids)
    {
        var model = builder.Model;
        var (length, heads, kvHeads) = (model.KeyLength, model.Heads[layer], model.KvHeads[layer]);
        var all = MulMat(builder.Required(layer, "attn_qkv"), x);
        Tensor Part(string name, long count, long offset)
        {
            var own = Cont(View2(all, length * count, all.Ne.D1, all.Nb.D1, length * offset * sizeof(float)));
            return Reshape(Add(own, Adapted(builder, layer, name, x, ids)), length, count, builder.Tokens);
        }

        var q = Part("attn_q", heads, 0);
        var k = Part("attn_k", kvHeads, heads);
        var v = Part("attn_v", kvHeads, heads + kvHeads);
        if (builder.Shape.HasRope(model, layer))
        {
            q = Rope(q, builder.Positions(), builder.RopeFactors(layer));
            k = Rope(k, builder.Positions(), builder.RopeFactors(layer));
        }

        return Linear(builder, layer, "attn_output", builder.AttentionValues(layer, q, k, v), ids);
    }

    private static Tensor FeedForward(GraphBuilder builder, int layer, Tensor x, Tensor ids)
    {
        var gate = Silu(Linear(builder, layer, "ffn_gate", x, ids));
        return Linear(builder, layer, "ffn_down", Mul(gate, Linear(builder, layer, "ffn_up", x, ids)), ids);
    }

    /// <summary>A product and what the token's adapter adds to it.</summary>
    private static Tensor Linear(GraphBuilder builder, int layer, string name, Tensor x, Tensor ids) =>
        Add(MulMat(builder.Required(layer, name), x), Adapted(builder, layer, name, x, ids));

    private static Tensor Adapted(GraphBuilder builder, int layer, string name, Tensor x, Tensor ids)
    {
        var (width, tokens) = (x.Ne.D0, x.Ne.D1);
        var chosen = Reshape(ids, 1, tokens);
        var low = MulMatId(builder.Required(layer, name + ".lora_a"), Reshape(x, width, 1, tokens), chosen);
        var y = MulMatId(builder.Required(layer, name + ".lora_b"), low, chosen);
        return Reshape(y, y.Ne.D0, tokens);
    }

    private static Tensor ScaleResidual(GraphBuilder builder, Tensor y) =>
        ArchitectureShape.HasResidualScale(builder.Model.Metadata) ? Scale(y) : y;

    /// <summary>Two thin matrices a projection for each adapter, and for none.</summary>
    private static void Adapters(TensorList list, int layer)
    {
        var (model, width, inner) = (list.Model, list.Model.Embedding, list.Model.FeedForward(layer));
        var (query, key) = (model.KeyLength * model.Heads(layer), model.KeyLength * model.KvHeads(layer));
        var (count, rank) = (list.Key("adapters.count") + 1, list.Key("adapters.lora_rank"));
        foreach (var (name, inputs, outputs) in new[]
        {
            ("attn_q", width, query), ("attn_k", width, key), ("attn_v", width, key), ("attn_output", query, width),
            ("ffn_gate", width, inner), ("ffn_up", width, inner), ("ffn_down", inner, width),
        })
        {
            list.Block(layer, name + ".lora_a", inputs, rank, count);
            list.Block(layer, name + ".lora_b", rank, outputs, count);
        }
    }
}
