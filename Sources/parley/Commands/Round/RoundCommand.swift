// parley round: from a draft to what is published, one command a step.

import ArgumentParser

struct RoundCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "round",
        abstract: "Agree on a round, freeze and sign it, and take it through its states.",
        discussion: """
            draft -> frozen -> running -> grading -> exchange -> correction -> disclosure -> published -> corrected, \
            and retired. Each change is an entry of the round's ledger with who and why. A round whose file asks for \
            `signatures` runs when its parties have signed; `parley run FILE` does all steps of a round that asks for \
            none.

            Exit codes: 2 the round cannot go there from where it is; 3 jobs or signatures are missing; 7 a signature \
            does not hold.

            Examples:
              parley round freeze spring.yaml --because "agreed on 3 May"
              parley round sign spring --key north.key
              parley round start spring
              parley round status spring
            """,
        subcommands: [
            RoundListCommand.self, RoundStatusCommand.self, RoundSeedCommand.self, RoundDraftCommand.self,
            RoundFreezeCommand.self,
            RoundSignCommand.self, RoundStartCommand.self, RoundGradeCommand.self, RoundExchangeCommand.self,
            RoundCorrectCommand.self, RoundDiscloseCommand.self, RoundPublishCommand.self, RoundRetireCommand.self,
            RoundAmendCommand.self, RoundExitCommand.self,
        ]
    )
}
