// Runs probe jobs and grade jobs: finds the cell, has the solver carry the conversation through, has the scorer or
// the judge read the answer, and adds up tokens, money and time. It knows no database and keeps no state between
// jobs; whether a failure is tried again is the queue's decision.

public import ParleyModel
import ParleyTelemetry

/// Runs the jobs of one round.
public struct Prober: Sendable {
    /// Gives the client of a model; throws where its key or certificate is missing.
    public typealias ClientSource = @Sendable (ModelName) throws(ParleyFailure) -> any ModelClient

    let definition: RoundDefinition
    let client: ClientSource
    let programs: ExternalPrograms

    /// A prober of this round. `client` is asked before every call and should hand out clients that it keeps; external
    /// programs are refused unless `programs` allows them.
    public init(
        definition: RoundDefinition,
        programs: ExternalPrograms = .refused,
        client: @escaping ClientSource
    ) {
        self.definition = definition
        self.programs = programs
        self.client = client
    }

    /// Puts a sample to the model of a cell, and scores the answer unless it is model-graded.
    ///
    /// `epoch` counts from 1; a configured sampling seed is advanced to seed + epoch − 1. Throws the failure of the
    /// first call that fails, with all that was exchanged and used before it; `invalid_request` where cell or sample
    /// do not fit the definition. An agent or an auditor saves its state to `checkpoints` after each turn and goes on from what it
    /// finds there; usage and cost are then those of all attempts together.
    @concurrent
    public func probe(
        cell: Int,
        sample: Sample,
        epoch: Int,
        checkpoints: (any CheckpointStore)? = nil
    ) async throws(ProbeFailure) -> ProbeResult {
        let (suite, configuration) = try place(of: cell)
        if suite.solver.kind == .external {
            return try await probeByProgram(suite, configuration, sample, epoch: epoch)
        }
        var caller = Caller(definition: definition, client: client, epoch: epoch)
        let solution: Solution
        if suite.solver.kind == .agent || suite.solver.kind == .auditor {
            var run = try AgentRun(
                suite: suite,
                sample: sample,
                configuration: configuration,
                caller: caller,
                checkpoints: checkpoints
            )
            solution = try await run.solve()
            caller = run.caller
        } else {
            var run = SolverRun(suite: suite, sample: sample, configuration: configuration, caller: caller)
            solution = try await run.solve()
            caller = run.caller
        }
        let observation = Trace.step(.score) { Observation(of: solution, scorer: suite.scorer, sample: sample) }
        let transcript = Transcript(
            suite: suite.name,
            configuration: configuration.name,
            sampleID: sample.id,
            epoch: epoch,
            messages: solution.messages,
            answer: solution.answer,
            explanation: observation.explanation,
            agent: solution.agent,
            audit: solution.audit,
            exchanges: caller.log.exchanges
        )
        var result = result(
            observation,
            log: caller.log,
            modelReturned: solution.modelReturned,
            transcript: transcript
        )
        result.checkpointedUsage = caller.checkpointedUsage
        result.checkpointedCost = caller.checkpointedCost
        return result
    }

    func place(of cell: Int) throws(ProbeFailure) -> (Suite, Configuration) {
        guard definition.cells.indices.contains(cell) else {
            throw definitionFailure("the round has no cell \(cell)")
        }
        let names = definition.cells[cell]
        guard let suite = definition.suite(names.suite) else {
            throw definitionFailure("the round has no suite '\(names.suite)'")
        }
        guard let configuration = definition.configuration(names.configuration) else {
            throw definitionFailure("the round has no configuration '\(names.configuration)'")
        }
        return (suite, configuration)
    }

    func definitionFailure(_ message: String) -> ProbeFailure {
        ProbeFailure(.invalidRequest, message, fingerprint: "definition", usage: Usage())
    }

    func result(
        _ observation: Observation,
        log: CallLog,
        modelReturned: String?,
        transcript: Transcript
    ) -> ProbeResult {
        ProbeResult(
            kind: observation.kind,
            score: observation.score,
            usage: log.usage,
            cost: log.cost(in: definition),
            latencyMicros: log.latencyMicros,
            modelReturned: modelReturned,
            transcript: transcript
        )
    }
}
