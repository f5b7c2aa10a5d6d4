// Whether a round can start: the plan is valid, and every model's key is there and its endpoint answers.

import ParleyModel
import ParleyProbe
import ParleyRounds

enum RoundChecks {
    static func all(file: String, _ external: ExternalOptions) async -> [HealthCheck] {
        let plan: Plan
        do {
            plan = try external.plan(file, isSimulated: false)
        } catch {
            return error.diagnostics.map { mistake in
                let place = ([mistake.file] + [mistake.line, mistake.column].compactMap { $0.map(String.init) })
                return HealthCheck(
                    name: "round file",
                    state: mistake.severity == .error ? .failed : .warning,
                    message: "\(place.joined(separator: ":")): \(mistake.message)",
                    remedy: mistake.remedy
                )
            }
        }
        let summary = "\(plan.definition.name), \(plan.cells.count) cells"
        let warnings = plan.warnings.map {
            HealthCheck.warning("round file", $0.message, remedy: $0.remedy ?? "see `parley plan \(file)`")
        }
        return [.ok("round file", summary)] + warnings + (await models(plan.definition.models))
    }

    /// Checks all models at the same time; the results stand in the order of the file.
    private static func models(_ models: [ModelDefinition]) async -> [HealthCheck] {
        let clients = ModelClients()
        let checks = await withTaskGroup(of: (Int, ModelCheck).self) { group in
            for (index, model) in models.enumerated() {
                group.addTask { (index, await clients.check(model)) }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        await clients.shutdown()
        return checks.sorted { $0.0 < $1.0 }.flatMap { health(of: $0.1) }
    }

    private static func health(of check: ModelCheck) -> [HealthCheck] {
        let name = "model \(check.model)"
        let verdict: HealthCheck =
            check.isReachable
            ? .ok(name, "reachable, \(check.message)")
            : .failed(name, check.message, remedy: check.remedy ?? "check its definition")
        return [verdict] + check.warnings.map { .warning(name, $0, remedy: "check the model's definition") }
    }
}
