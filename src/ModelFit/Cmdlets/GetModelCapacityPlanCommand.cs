using System.Management.Automation;
using ModelFit.Binding;
using ModelFit.Capacity;

namespace ModelFit.Cmdlets;

/// <summary>Emits how many users a model serves on which hardware, how fast, and with which settings.</summary>
[Cmdlet(
    VerbsCommon.Get, "ModelCapacityPlan", DefaultParameterSetName = GpuSet,
    HelpUri = ProjectAddress.Pages + "Get-ModelCapacityPlan.md")]
[OutputType(typeof(CapacityPlan))]
public sealed class GetModelCapacityPlanCommand : QuestionCommand
{
    private const int MostCards = 8;

    /// <summary>Requests in work at the same time, each followed by the next at once.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CountArgument(1)]
    public int? Users { get; set; }

    /// <summary>Requests that arrive in a minute, at random.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NumberArgument]
    public double? RequestsPerMinute { get; set; }

    /// <summary>Tokens of an answer; default is 256.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CountArgument(1)]
    public int? AnswerLength { get; set; }

    /// <summary>Seconds to the first token that the percentile of requests must keep.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NumberArgument]
    public double? MaximumTimeToFirstToken { get; set; }

    /// <summary>Percent of requests that must keep the objectives; default is 95.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NumberArgument]
    public double? Percentile { get; set; }

    /// <summary>Machines of this kind that there are; default is as many as it takes.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [CountArgument(1)]
    public int? MachineCount { get; set; }

    /// <summary>Price of a kilowatt-hour in the site's own money.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [NumberArgument]
    public double? PowerPrice { get; set; }

    private protected override void Answer(FitQuestion question, object? record)
    {
        var demand = new CapacityDemand
        {
            Users = Users,
            RequestsPerMinute = RequestsPerMinute,
            AnswerLength = AnswerLength ?? CapacityDemand.DefaultAnswerLength,
            MaximumTimeToFirstToken = MaximumTimeToFirstToken,
            Percentile = Percentile ?? CapacityDemand.DefaultPercentile,
            MachineCount = MachineCount,
            MostCards = IsOpen(question) ? MostCards : null,
            PowerPrice = PowerPrice,
        };
        if (AttemptLong(() => CapacityEngine.Plan(question, demand, Messages), record, out var plan))
            Writer.Write(plan);
    }

    /// <summary>Whether a card was named for a machine that is not there yet, and not how many of it.</summary>
    private bool IsOpen(FitQuestion question) => GpuCount is null && MachineCount is null
        && (Users is not null || RequestsPerMinute is not null)
        && question.Machine is { ComputerName: null, CollectedAt: null };
}
