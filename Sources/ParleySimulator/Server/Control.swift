// `POST /control`: what is played, changed while it runs. Members of a behaviour that are given replace those that
// are played; the rest stays. The answer is the whole configuration as it is now.
//
//     {"reset": true}                                            what it was started with; counts and prompts forgotten
//     {"mark": true}                                             the most calls in flight are counted from now
//     {"all": {"faults": {"overloaded": 1}}}                     every model, named or not
//     {"standard": {"accuracy": 0.2}}                            the models that have no behaviour of their own
//     {"models": {"hasty": {"error_rate": 0, "faults": {}}}}     one model

import ParleyModel

enum Control {
    /// Carries a command out; throws ``WireProblem`` and changes nothing where it cannot be read.
    static func apply(_ bytes: [UInt8], to core: SimulatorCore) throws(WireProblem) -> JSONValue {
        do {
            let command = try JSONValue(parsing: bytes)
            guard case .object(let members) = command else { throw problem("a command is a JSON object") }
            for name in members.keys where !["reset", "mark", "all", "standard", "models"].contains(name) {
                throw problem("unknown member '\(name)'; known are reset, mark, all, standard, models")
            }
            if members["reset"]?.bool == true { core.reset() }
            if members["mark"]?.bool == true { core.mark() }
            try core.change { try change(&$0, members) }
            return try JSONValue(encoding: core.scenario.configuration)
        } catch let error as WireProblem {
            throw error
        } catch let DecodingError.dataCorrupted(context) {
            throw problem(context.debugDescription)
        } catch {
            throw problem(String(describing: error))
        }
    }

    private static func change(_ configuration: inout SimulatorConfiguration, _ members: [String: JSONValue]) throws {
        if let all = members["all"] {
            configuration.standard = try merged(all, into: configuration.standard)
            configuration.models = try configuration.models.mapValues { try merged(all, into: $0) }
        }
        if let standard = members["standard"] {
            configuration.standard = try merged(standard, into: configuration.standard)
        }
        guard let models = members["models"] else { return }
        guard case .object(let behaviours) = models else { throw problem("'models' is not an object") }
        for (name, behaviour) in behaviours {
            let played = configuration.models[name] ?? configuration.standard
            configuration.models[name] = try merged(behaviour, into: played)
        }
    }

    private static func merged(_ change: JSONValue, into behaviour: ModelBehaviour) throws -> ModelBehaviour {
        guard case .object(let new) = change, case .object(let old) = try JSONValue(encoding: behaviour) else {
            throw problem("a behaviour is a JSON object")
        }
        return try JSONValue.object(old.merging(new) { _, new in new }).decode(ModelBehaviour.self)
    }

    private static func problem(_ message: String) -> WireProblem {
        WireProblem(status: 400, message: "The command cannot be carried out: \(message)")
    }
}
