// The definition of a round whose datasets were read, and its simulated form.

import ParleyModel

extension RoundDraft {
    /// nil where a part is missing, which was reported when it was read.
    var definition: RoundDefinition? {
        guard let name, let title, let tier else { return nil }
        var definition = RoundDefinition(
            name: name,
            title: title,
            tier: tier,
            currency: currency,
            seed: seed,
            isSimulated: false,
            parties: parties,
            models: models,
            configurations: configurations,
            suites: suites.map(\.suite),
            cells: cells,
            budgets: budgets,
            stream: stream,
            comparability: comparability
        )
        definition.signatures = signatures
        definition.primary = primary
        definition.audit = audit
        definition.rules = rules
        definition.order = order
        definition.silentExit = silentExit
        return definition
    }
}

extension RoundDefinition {
    /// Lets the simulated provider play every model: its address for theirs, and no keys, proxies or certificates.
    mutating func simulate(at address: String) {
        isSimulated = true
        useSimulator(at: address)
        for index in models.indices {
            models[index].apiKey = nil
            models[index].proxy = nil
            models[index].certificateFile = nil
            models[index].simulate = models[index].simulate ?? SimulatedBehaviour()
        }
    }

    /// Takes out what only holds between parties: signatures, a sealed order, suites that are sealed, and a
    /// silent exit.
    mutating func rehearse() {
        signatures = nil
        silentExit = nil
        order = SampleOrder()
        for index in suites.indices { suites[index].heldOut = nil }
    }
}
