BeforeAll {
    . (Join-Path $PSScriptRoot 'Import-BuiltModule.ps1')
}

Describe 'Get-ModelCapacityPlan' {
    It 'says how many users a card serves within an objective' {
        $plan = Get-ModelCapacityPlan qwen3-8b 'RTX 4090' -MinimumTokensPerSecond 30
        $plan.Outcome | Should -Be 'Meets'
        $plan.Machines | Should -Be 1
        $plan.MaximumUsers | Should -BeGreaterThan 2
        $plan.TokensPerSecond | Should -BeGreaterOrEqual 30
        $plan.TokensPerSecondLow | Should -BeLessThan $plan.TokensPerSecond
        $plan.CommandLine | Should -Match "-np $($plan.ParallelSequences)\b"
        $more = Get-ModelCapacityPlan qwen3-8b 'RTX 4090' -MinimumTokensPerSecond 30 -Users ($plan.MaximumUsers + 1) -MachineCount 1
        $more.Outcome | Should -Not -Be 'Meets'
    }

    It 'takes more cards for more users, and each copy keeps what was asked' {
        $plan = Get-ModelCapacityPlan qwen3-8b 'RTX 3090' -Users 100 -MinimumTokensPerSecond 25
        $plan.Outcome | Should -Be 'Meets'
        $plan.Cards | Should -BeGreaterThan 1
        $plan.TokensPerSecond | Should -BeGreaterOrEqual 25
        $plan.MaximumUsers | Should -BeGreaterOrEqual 100
    }

    It 'takes two cards where one does not hold the model' {
        (Get-ModelCapacityPlan llama-3.3-70b 'RTX 3090' -Users 1).CardsPerReplica | Should -Be 2
    }

    It 'reports overload as such: <Name>' -TestCases @(
        @{ Name = 'users'; Arguments = @{ Users = 500 } }
        @{ Name = 'requests'; Arguments = @{ RequestsPerMinute = 5000 } }
    ) {
        $plan = Get-ModelCapacityPlan qwen3-8b 'RTX 4090' -MachineCount 1 @Arguments
        $plan.Outcome | Should -Be 'Saturated'
        $plan.Utilization | Should -BeGreaterThan 1
        $plan.Reason | Should -Match '^Saturated: '
    }

    It 'puts copies on cards and ports of their own' {
        $plan = Get-ModelCapacityPlan qwen3-8b '2x RTX 4090' -Users 32 -MinimumTokensPerSecond 30
        $plan.ReplicasPerMachine | Should -Be 2
        $lines = $plan.CommandLine -split "`n"
        $lines.Count | Should -Be 2
        $lines[0] | Should -Match '-mg 0'
        $lines[1] | Should -Match '-mg 1 --port 8081'
    }

    It 'gives replicas the cards that are alike, and says which stay idle' {
        $plan = Get-ModelCapacityPlan qwen3-8b 'RTX 3060 + 2x RTX 3090' -MinimumTokensPerSecond 20
        $plan.ReplicasPerMachine | Should -Be 2
        $plan.Assumptions | Should -Match 'leaves NVIDIA GeForce RTX 3060 idle'
        ($plan.CommandLine -split "`n").Count | Should -Be 2
    }

    It 'takes the third card where that holds more' {
        $plan = Get-ModelCapacityPlan llama-3.3-70b '3x RTX 3090' -ContextLength 16k -MinimumTokensPerSecond 5
        $plan.CardsPerReplica | Should -Be 3
    }

    It 'says what a number looks like' {
        { Get-ModelCapacityPlan qwen3-8b 'RTX 3090' -RequestsPerMinute abc } | Should -Throw '*not a number from 0*'
    }

    It 'refuses what contradicts itself: <Name>' -TestCases @(
        @{ Name = 'both loads'; Arguments = @{ Users = 5; RequestsPerMinute = 5 } }
        @{ Name = 'a percentile of 100'; Arguments = @{ Users = 5; Percentile = 100 } }
        @{ Name = 'a context that is too short'; Arguments = @{ Users = 5; ContextLength = 256; PromptLength = 512 } }
    ) {
        Get-ModelCapacityPlan qwen3-8b 'RTX 4090' @Arguments -ErrorVariable errors -ErrorAction SilentlyContinue |
            Should -BeNullOrEmpty
        $errors[0].FullyQualifiedErrorId | Should -Match '^InvalidArgument,'
    }

    It 'comes back from CSV, JSON and CLIXML, and is asked again from there' {
        $plan = Get-ModelCapacityPlan qwen3-8b 'RTX 4090' -Users 12 -PromptLength 1k -AnswerLength 300
        $xml = [System.Management.Automation.PSSerializer]::Deserialize(
            [System.Management.Automation.PSSerializer]::Serialize($plan))
        foreach ($back in ($plan | ConvertTo-Csv | ConvertFrom-Csv), ($plan | ConvertTo-Json | ConvertFrom-Json), $xml) {
            $again = $back | Get-ModelCapacityPlan
            $again.Reason | Should -Be $plan.Reason
            $again.TimeToFirstTokenSeconds | Should -Be $plan.TimeToFirstTokenSeconds
        }
    }
}
