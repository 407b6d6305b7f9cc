using ModelFit.Graph;
using ModelFit.Models;

namespace ModelFit.Speed;

/// <summary>What drafts tokens for a model.</summary>
/// <param name="Tokens">Tokens that it drafts at once.</param>
/// <param name="Model">A model of its own; null is the model's own prediction layer, or a head as large as one.</param>
/// <param name="Options">How that model runs.</param>
/// <param name="GpuLayers">Its layers on cards; null is all.</param>
internal sealed record Drafter(int Tokens, ModelDefinition? Model, RuntimeOptions Options, int? GpuLayers = null)
{
    /// <summary>How it drafts beside a model that is split over devices.</summary>
    public Drafting Beside(
        ModelWork model, TokenWork[] split, DeviceLayout layout, ServingLoad load, SpeedTerms terms)
    {
        if (Model is null)
        {
            var work = new TokenWork[split.Length];
            work[LastUsed(split)] = model.PredictionStep;
            return new Drafting(Tokens, terms.OwnAcceptance, work, StepLoad.Of(model, Options, load));
        }

        var own = ModelWork.Of(Model);
        var whole = layout with
        {
            GpuLayers = GpuLayers ?? int.MaxValue, CpuMoeLayers = 0, TensorOverrides = null, Split = null,
        };
        return new Drafting(Tokens, terms.DraftAcceptance, own.ByDevice(whole), StepLoad.Of(own, Options, load));
    }

    /// <summary>The device with the output layer: the last that computes any.</summary>
    private static int LastUsed(TokenWork[] split)
    {
        for (var i = split.Length - 2; i >= 0; i--)
            if (split[i].OutputWeights > 0) return i;
        return split.Length - 1;
    }
}
