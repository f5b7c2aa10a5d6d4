// A definition as PostgreSQL holds it where a lab may leave: each lab's own names are handles, and what else is its own is
// not there. Invariant: a veiled definition has the same items in the same places as the one that was agreed, so that
// whatever is counted by a number is right in both; and without a lab's secret nothing tells whose a handle is, since
// handles follow from the secret and from the draw of this one tree.

private import Crypto
private import Foundation
public import ParleyModel

/// Names of labs to handles, and texts of labs to ciphertext, as far as secrets are at hand.
public struct Veil: Sendable {
    private struct Keys: Sendable {
        let handles: SymmetricKey
        let texts: SymmetricKey
    }

    private let keys: [PartyName: Keys]
    private let given: [PartySecret]

    /// - Parameter draw: the random bytes of the tree
    init(_ secrets: [PartySecret], draw: [UInt8]) {
        given = secrets
        func key(_ secret: PartySecret, _ purpose: String) -> SymmetricKey {
            HKDF<SHA256>.deriveKey(
                inputKeyMaterial: SymmetricKey(data: secret.bytes),
                salt: draw,
                info: Array("parley.veil/1 \(purpose)".utf8),
                outputByteCount: 32
            )
        }
        keys = Dictionary(secrets.map { ($0.party, Keys(handles: key($0, "handle"), texts: key($0, "text"))) }) {
            first,
            _ in first
        }
    }

    /// The secrets under the names that the database knows their parties by.
    public var secrets: [PartySecret] {
        given.map { PartySecret(party: handle(of: $0.party), bytes: $0.bytes) }
    }

    /// What a party is called in the database: its name where it has no secret.
    public func handle(of party: PartyName) -> PartyName { PartyName(handle("party", party.text, of: party)) }

    /// The key by which a signature of a party is known in the database; the party's own where it has no secret.
    public func key(_ key: PublicKey) throws(ParleyFailure) -> PublicKey {
        guard keys[key.party] != nil else { return key }
        return try PublicKey(party: handle(of: key.party), bytes: code("key", Base64.encode(key.bytes), of: key.party))
    }

    /// What a key goes by that opens what the models of a party answered, and may be the party's own; the key's id where
    /// there is no such party, or no secret of it.
    public func recipient(_ id: ContentHash, ofHandle handle: PartyName?) -> ContentHash {
        guard let party = keys.keys.first(where: { self.handle(of: $0) == handle }) else { return id }
        return ContentHash(of: code("recipient", id.hex, of: party))
    }

    /// The definition with handles in place of the labs' names, and all that is needed to run it.
    public func renamed(_ definition: RoundDefinition) -> RoundDefinition {
        let names = VeiledNames(definition, self)
        var renamed = definition
        for index in renamed.parties.indices { names.rename(&renamed.parties[index]) }
        for index in renamed.models.indices { names.rename(&renamed.models[index]) }
        for index in renamed.configurations.indices { names.rename(&renamed.configurations[index]) }
        renamed.cells = definition.cells.map {
            Cell(suite: $0.suite, configuration: names.configuration($0.configuration))
        }
        for index in renamed.budgets.indices { names.rename(&renamed.budgets[index]) }
        renamed.primary = definition.primary?.map {
            PrimaryFinding(
                suite: $0.suite,
                left: names.configuration($0.left),
                right: names.configuration($0.right),
                effect: $0.effect
            )
        }
        renamed.comparability = definition.comparability?.map {
            var item = $0
            item.configuration = names.configuration($0.configuration)
            return item
        }
        return renamed
    }

    /// The definition as the database holds it.
    /// - Throws: where a text of a lab would be left in it
    public func veiled(_ definition: RoundDefinition) throws -> RoundDefinition {
        var veiled = renamed(definition)
        for (index, party) in definition.parties.enumerated() where keys[party.name] != nil {
            veiled.parties[index].title = veiled.parties[index].name.text
            veiled.parties[index].key = try party.key.flatMap(Base64.decode).map {
                Base64.encode(try key(PublicKey(party: party.name, bytes: $0)).bytes)
            }
            veiled.parties[index].conflicts = nil
        }
        for (index, model) in definition.models.enumerated() where keys[model.party] != nil {
            veiled.models[index] = stripped(veiled.models[index], of: model.party)
        }
        for (index, configuration) in definition.configurations.enumerated() {
            guard let model = definition.model(configuration.model), keys[model.party] != nil else { continue }
            let renamed = veiled.configurations[index]
            veiled.configurations[index] = Configuration(
                name: renamed.name,
                model: renamed.model,
                maxTokens: renamed.maxTokens
            )
        }
        for index in definition.comparability?.indices ?? (0..<0) {
            let configuration = definition.comparability?[index].configuration
            let model = configuration.flatMap { definition.configuration($0) }.flatMap { definition.model($0.model) }
            if let model, keys[model.party] != nil { veiled.comparability?[index].because = nil }
        }
        if let (mark, lab, text) = LabMarks(of: definition).found(in: try veiled.json(), besides: []) {
            throw ParleyFailure(
                .invalidInput,
                "'\(text.prefix(120))' names '\(mark)' of lab '\(lab)', and would stand in the database.",
                remedy: "Word it without the lab: a tag that workers must have, for instance, is read by everybody."
            )
        }
        return veiled
    }

    /// A text of a party, encrypted, the same text to the same ciphertext: that it changed is still seen. As it is where the
    /// party has no secret.
    public func sealed(_ text: String, of party: PartyName) throws(ParleyFailure) -> String {
        guard let keys = keys[party] else { return text }
        do {
            let nonce = try AES.GCM.Nonce(data: code("text", text, of: party).prefix(12))
            let box = try AES.GCM.seal(Array(text.utf8), using: keys.texts, nonce: nonce)
            return Self.mark + Base64.encode(Array(box.nonce) + Array(box.ciphertext) + Array(box.tag))
        } catch { throw ParleyFailure(.failure, "A text cannot be sealed: \(error)") }
    }

    /// The same for the party that the database knows by this name.
    public func sealed(_ text: String, ofHandle handle: PartyName) throws(ParleyFailure) -> String {
        guard let party = keys.keys.first(where: { self.handle(of: $0) == handle }) else { return text }
        return try sealed(text, of: party)
    }

    /// A text that may be sealed; still sealed where the secret is not at hand.
    public func opened(_ text: String) -> String {
        guard text.hasPrefix(Self.mark), let bytes = Base64.decode(String(text.dropFirst(Self.mark.count))) else {
            return text
        }
        for keys in keys.values {
            guard let box = try? AES.GCM.SealedBox(combined: bytes),
                let plain = try? AES.GCM.open(box, using: keys.texts)
            else { continue }
            return String(decoding: plain, as: UTF8.self)
        }
        return text
    }

    private static let mark = "sealed."

    fileprivate func handle(_ kind: String, _ text: String, of party: PartyName) -> String {
        guard keys[party] != nil else { return text }
        let hex = code(kind, text, of: party).prefix(6).map { String(format: "%02x", $0) }.joined()
        return "\(kind.prefix(1))\(hex)"
    }

    /// 32 bytes that follow from a text and the party's secret; none where it has no secret.
    private func code(_ kind: String, _ text: String, of party: PartyName) -> [UInt8] {
        guard let keys = keys[party] else { return [] }
        return Array(HMAC<SHA256>.authenticationCode(for: Array("\(kind)\n\(text)".utf8), using: keys.handles))
    }

    /// A model without what only the lab's own endpoint has.
    private func stripped(_ model: ModelDefinition, of party: PartyName) -> ModelDefinition {
        ModelDefinition(
            name: model.name,
            party: model.party,
            access: model.access,
            provider: .openai,
            baseURL: "https://\(handle("url", model.baseURL, of: party)).invalid/v1",
            modelID: handle("id", model.modelID, of: party),
            account: model.account,
            concurrency: model.concurrency,
            requestsPerMinute: model.requestsPerMinute,
            tokensPerMinute: model.tokensPerMinute,
            timeoutMilliseconds: model.timeoutMilliseconds,
            noTraining: model.noTraining.map { handle("term", $0, of: party) },
            rawReasoning: model.rawReasoning,
            requires: model.requires
        )
    }
}

/// What each name of a definition becomes.
private struct VeiledNames {
    private let veil: Veil
    private let models: [ModelName: ModelDefinition]
    private let configurations: [ConfigurationName: Configuration]
    /// Accounts that the models of several parties share: whose they are tells of none.
    private let sharedAccounts: Set<String>

    init(_ definition: RoundDefinition, _ veil: Veil) {
        self.veil = veil
        models = Dictionary(definition.models.map { ($0.name, $0) }) { first, _ in first }
        configurations = Dictionary(definition.configurations.map { ($0.name, $0) }) { first, _ in first }
        let users = Dictionary(grouping: definition.models, by: \.account).mapValues { Set($0.map(\.party)) }
        sharedAccounts = Set(users.filter { $0.value.count > 1 }.keys)
    }

    func model(_ name: ModelName) -> ModelName {
        guard let model = models[name] else { return name }
        return ModelName(veil.handle("model", name.text, of: model.party))
    }

    func configuration(_ name: ConfigurationName) -> ConfigurationName {
        guard let model = configurations[name].flatMap({ models[$0.model] }) else { return name }
        return ConfigurationName(veil.handle("configuration", name.text, of: model.party))
    }

    func rename(_ party: inout Party) { party.name = veil.handle(of: party.name) }

    func rename(_ model: inout ModelDefinition) {
        let party = model.party
        model.name = self.model(model.name)
        model.party = veil.handle(of: party)
        if !sharedAccounts.contains(model.account) {
            model.account = veil.handle("account", model.account, of: party)
        }
    }

    func rename(_ configuration: inout Configuration) {
        configuration.name = self.configuration(configuration.name)
        configuration.model = model(configuration.model)
    }

    func rename(_ budget: inout Budget) {
        budget.party = budget.party.map { veil.handle(of: $0) }
        budget.model = budget.model.map { model($0) }
    }
}
