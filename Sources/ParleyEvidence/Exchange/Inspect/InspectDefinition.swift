// A round's definition from the headers of logs. What was run elsewhere cannot be run again from it: models have no
// address, and a scorer that is not ours is named in the suite's title and pattern.

import ParleyModel

/// Gathers suites, configurations and cells.
struct InspectDefinition {
    /// What makes a suite: a task, those of its logs that ask the same, and a scorer.
    struct Key: Hashable {
        let task: String
        let variant: Int
        let track: String
    }

    private static let outsider = Party(name: "imported", title: "Imported from Inspect logs", role: .evaluator)
    private static let noAddress = "http://imported.invalid/v1"

    /// Of the suites, in their order.
    private(set) var keys: [Key] = []
    private(set) var definition: RoundDefinition
    private var configurations: [JSONValue: ConfigurationName] = [:]

    init(name: RoundName) {
        definition = RoundDefinition(
            name: name,
            title: "Imported: \(name)",
            tier: .mediated,
            currency: "USD",
            seed: 1,
            isSimulated: false,
            parties: [],
            models: [],
            configurations: [],
            suites: [],
            cells: [],
            budgets: []
        )
    }

    /// Adds one scorer of a log; gives the number of its cell, which may be there already.
    mutating func add(_ log: InspectLogIndex, track: String, variant: Int) throws -> Int {
        if let own = log.own { try takeOver(own) }
        let configuration = try configuration(log)
        let suite = try suite(log, Key(task: log.task, variant: variant, track: track))
        let cell = Cell(suite: suite, configuration: configuration)
        if let number = definition.cells.firstIndex(of: cell) { return number }
        definition.cells.append(cell)
        return definition.cells.count - 1
    }

    private mutating func takeOver(_ own: JSONValue) throws {
        for party in try own["parties"]?.decode([Party].self) ?? [] { add(party) }
        if own["simulated"]?.bool ?? false { definition.isSimulated = true }
        if let currency = own["currency"]?.string { definition.currency = currency }
        if let tier = own["tier"]?.string.flatMap(Tier.init(rawValue:)) { definition.tier = tier }
    }

    private mutating func add(_ party: Party) {
        if definition.party(party.name) == nil { definition.parties.append(party) }
    }

    // MARK: - Configurations

    private mutating func configuration(_ log: InspectLogIndex) throws -> ConfigurationName {
        let eval = log.log.header["eval"]
        let settings = eval?["model_generate_config"] ?? [:]
        let identity: JSONValue = [.string(log.model), settings, log.own?["configuration"] ?? .null]
        if let name = configurations[identity] { return name }
        let own = try log.own?["configuration"]?.decode(Configuration.self)
        let taken = Set(definition.configurations.map(\.name.text))
        let name = ConfigurationName(Self.name(own?.name.text ?? log.model, besides: taken))
        let model = try model(log)
        var configuration = own ?? Configuration(name: name, model: model)
        configuration.name = name
        configuration.model = model
        if own == nil { fill(&configuration, settings) }
        definition.configurations.append(configuration)
        configurations[identity] = name
        return name
    }

    private func fill(_ configuration: inout Configuration, _ settings: JSONValue) {
        configuration.systemPrompt = settings["system_message"]?.string
        configuration.sampling = Sampling(
            temperature: settings["temperature"]?.double,
            topP: settings["top_p"]?.double,
            topK: settings["top_k"]?.integer.map { Int($0) },
            seed: settings["seed"]?.integer,
            stop: settings["stop_seqs"]?.array?.compactMap(\.string) ?? []
        )
        let effort = settings["reasoning_effort"]?.string
        let budget = settings["reasoning_tokens"]?.integer.map { Int($0) }
        if effort != nil || budget != nil { configuration.reasoning = Reasoning(effort: effort, budgetTokens: budget) }
        if let limit = settings["max_tokens"]?.integer { configuration.maxTokens = Int(max(1, limit)) }
    }

    private mutating func model(_ log: InspectLogIndex) throws -> ModelName {
        let own = log.own?["model"]
        let id = own?["model_id"]?.string ?? log.model
        if log.model.hasPrefix("mockllm/") { definition.isSimulated = true }
        let party = own?["party"]?.string.map { PartyName($0) } ?? Self.outsider.name
        if let known = definition.models.first(where: { $0.modelID == id && $0.party == party }) { return known.name }
        if definition.party(party) == nil {
            add(party == Self.outsider.name ? Self.outsider : Party(name: party, title: party.text, role: .lab))
        }
        let taken = Set(definition.models.map(\.name.text))
        let name = ModelName(Self.name(own?["name"]?.string ?? log.model, besides: taken))
        definition.models.append(
            ModelDefinition(
                name: name,
                party: party,
                access: own?["access"]?.string.flatMap(ModelDefinition.Access.init(rawValue:)) ?? .published,
                provider: own?["provider"]?.string.flatMap(ProviderKind.init(rawValue:)) ?? .openai,
                baseURL: Self.noAddress,
                modelID: id,
                account: "import",
                concurrency: 10_000
            )
        )
        return name
    }

    // MARK: - Suites

    private mutating func suite(_ log: InspectLogIndex, _ key: Key) throws -> SuiteName {
        let planned = log.log.header["eval"]?["config"]?["epochs"]?.integer ?? 1
        guard (1...Int64(InspectLogReader.mostEpochs)).contains(planned) else {
            throw ParleyFailure(.invalidInput, "\(log.log.path): no log of \(planned) epochs is taken.")
        }
        let epochs = max(Int(planned), log.entries.map(\.key.epoch).max() ?? 1)
        if let number = keys.firstIndex(of: key) {
            definition.suites[number].epochs = max(definition.suites[number].epochs, epochs)
            return definition.suites[number].name
        }
        let taken = Set(definition.suites.map(\.name.text))
        let dataset = FrozenDataset(
            source: log.log.path.split(separator: "/").last.map(String.init) ?? "",
            count: 0,
            digest: ContentHash(of: .null)
        )
        var suite: Suite
        if let own = try log.own?["suite"]?.decode(Suite.self) {
            suite = own
            suite.name = SuiteName(Self.name(own.name.text, besides: taken))
            suite.dataset = dataset
            // Grades came combined; there is nobody here to ask again.
            suite.scorer.grader = nil
        } else {
            let text = log.tracks.count > 1 ? "\(key.task)-\(key.track)" : key.task
            if definition.party(Self.outsider.name) == nil { add(Self.outsider) }
            suite = Suite(
                name: SuiteName(Self.name(text, besides: taken)),
                title: "\(key.task), scored by \(key.track) of Inspect",
                party: Self.outsider.name,
                areas: [],
                dataset: dataset,
                solver: Solver(),
                scorer: Scorer(kind: .exact, pattern: "inspect: \(key.track)"),
                epochReducer: log.reducer.flatMap { $0 == .mean ? nil : $0 },
                kinds: Dictionary(
                    uniqueKeysWithValues: [OutcomeKind.refused, .filtered, .truncated, .limited].map {
                        ($0, KindTreatment.asScored)
                    }
                )
            )
        }
        suite.epochs = epochs
        definition.suites.append(suite)
        keys.append(key)
        return suite.name
    }

    /// A valid name made of some text, and not one of those that are taken.
    static func name(_ text: String, besides taken: Set<String>) -> String {
        let plain = String(
            text.lowercased().unicodeScalars.map { scalar -> Character in
                scalar.isASCII
                    && (scalar.properties.isAlphabetic || (48...57).contains(scalar.value)
                        || "._-".unicodeScalars.contains(scalar))
                    ? Character(scalar) : "-"
            }
        )
        let trimmed = String(plain.drop { !($0.isLetter || $0.isNumber) }.prefix(56))
        let base = trimmed.isEmpty ? "unnamed" : trimmed
        if !taken.contains(base) { return base }
        return (2...).lazy.map { "\(base)-\($0)" }.first { !taken.contains($0) } ?? base
    }
}
