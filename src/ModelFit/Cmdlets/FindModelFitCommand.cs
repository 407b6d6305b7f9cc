using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Catalog;
using ModelFit.Catalog.Sites;
using ModelFit.Fit;
using ModelFit.Models;
using ModelFit.Questions;

namespace ModelFit.Cmdlets;

/// <summary>Emits the models that run on the hardware, each in its best quantization, ranked.</summary>
[Cmdlet(
    VerbsCommon.Find, "ModelFit", DefaultParameterSetName = GpuSet,
    HelpUri = ProjectAddress.Pages + "Find-ModelFit.md")]
[OutputType(typeof(ModelFitResult))]
public sealed class FindModelFitCommand : QuestionCommand
{
    /// <summary>Only models of the list that the site's own catalogs approve.</summary>
    [Parameter]
    public SwitchParameter ApprovedOnly { get; set; }

    /// <summary>What the models must be for; default is Chat, Code or Vision unless models are named.</summary>
    [Parameter]
    public ModelKind[]? Task { get; set; }

    /// <summary>Of each family only the newest.</summary>
    [Parameter]
    public SwitchParameter Newest { get; set; }

    /// <summary>Any quantization that llama-quantize makes, published or not.</summary>
    [Parameter]
    public SwitchParameter AnyQuantization { get; set; }

    private protected override void Answer(QuestionInput input, bool isRow, object? record)
    {
        var machines = FindMachines(input, isRow, record);
        if (machines.Count == 0) return;
        if (input.Models is { } named && named.All(model => IsOfComputer(model, input, isRow)))
        {
            WriteWarning(
                $"'{named[0]}' in the column Model is not a language model: it is read as the model of the computer.");
            input = input.Without(QuestionParts.Model);
        }

        var models = input.Models is null
            ? ModelCatalog.All
            : FindModels(input, isRow, record).Select(model => model.Spec).ToArray();
        if ((Task ?? (input.Models is null ? ModelKinds.Conversing : null)) is { } kinds)
            models = models.Where(model => ModelCatalog.IsFor(model, kinds)).ToArray();
        if (ApprovedOnly) models = models.Where(model => SiteCatalogs.Current.IsApproved(model.Name)).ToArray();
        var quantizations = FindQuantizations(input).OfType<string>().ToArray();
        if (models.Count == 0 || (input.Quantizations is not null && quantizations.Length == 0)) return;
        var longest = models.OrderByDescending(model => model.TrainedContextLength ?? 0).First();
        var ladder = quantizations.Length > 0 ? quantizations : AnyQuantization ? QuantizationLadder.Any : null;
        foreach (var template in Questions(input, new(longest), new string?[] { null }, machines))
        {
            if (!AttemptLong(
                () => FitEngine.Find(
                    template, models, ladder, template.Load.MinimumTokensPerSecond, Messages, Cancellation, Newest),
                record, out var found)) continue;
            foreach (var result in found) AnswerWriter.WriteRow(this, result, "Ranking");
        }
    }
}
