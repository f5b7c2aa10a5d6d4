// Runs probe jobs and grade jobs: finds the cell, has the solver carry the conversation through, has the scorer or
// the judge read the answer, and adds up tokens, money and time. It knows no database and keeps no state between
// jobs; whether a failure is tried again is the queue's decision.

public import ParleyModel
import ParleyTelemetry

/// Runs the jobs of one round. A class, since thousands of probes in flight share one.
public final class Prober: Sendable {
    /// Gives the client of a model; throws where its key or certificate is missing.
    public typealias ClientSource = @Sendable (ModelName) throws(ParleyFailure) -> any ModelClient

    let definition: RoundDefinition
    let client: ClientSource
    let programs: ExternalPrograms
    /// By cell; nil where the definition does not fit itself.
    private let places: [Place?]
    /// What each model and its lab are called, to be taken out of what a judge reads.
    let names: [ModelName: [String]]

    /// A prober of this round. `client` is asked before every call and should hand out clients that it keeps; external
    /// programs are refused unless `programs` allows them.
    /// - Parameter agreed: the same with the names that were agreed, where others stand in it
    public init(
        definition: RoundDefinition,
        agreed: RoundDefinition? = nil,
        programs: ExternalPrograms = .refused,
        client: @escaping ClientSource
    ) {
        self.definition = definition
        let agreed = agreed ?? definition
        names = Dictionary(
            zip(definition.models, agreed.models).map { ($0.name, agreed.names(of: $1.name)) },
            uniquingKeysWith: { first, _ in first }
        )
        self.programs = programs
        self.client = client
        places = definition.cells.map { cell in
            guard let suite = definition.suite(cell.suite),
                let configuration = definition.configuration(cell.configuration)
            else { return nil }
            return Place(suite: suite, configuration: configuration)
        }
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
        let place = try place(of: cell)
        switch place.suite.solver.kind {
        case .external:
            return try await probeByProgram(place, sample, epoch: epoch)
        case .agent, .auditor:
            return try await probeByAgent(place, sample, epoch: epoch, checkpoints)
        case .generate, .multipleChoice, .scriptedTurns, .simulatedUser:
            return try await probeByConversation(place, sample, epoch: epoch)
        }
    }

    // Each way is a function of its own, not to be inlined: what one of them needs takes no memory in another.

    @inline(never)
    private func probeByConversation(
        _ place: Place,
        _ sample: Sample,
        epoch: Int
    ) async throws(ProbeFailure) -> ProbeResult {
        let run = SolverRun(place: place, sample: sample, caller: Caller(prober: self, epoch: epoch))
        return result(try await run.solve(), of: place, sample, epoch: epoch, run.caller)
    }

    @inline(never)
    private func probeByProgram(
        _ place: Place,
        _ sample: Sample,
        epoch: Int
    ) async throws(ProbeFailure) -> ProbeResult {
        try await probeByProgram(place.suite, place.configuration, sample, epoch: epoch)
    }

    @inline(never)
    private func probeByAgent(
        _ place: Place,
        _ sample: Sample,
        epoch: Int,
        _ checkpoints: (any CheckpointStore)?
    ) async throws(ProbeFailure) -> ProbeResult {
        let run = try AgentRun(
            suite: place.suite,
            sample: sample,
            configuration: place.configuration,
            caller: Caller(prober: self, epoch: epoch),
            checkpoints: checkpoints
        )
        return result(try await run.solve(), of: place, sample, epoch: epoch, run.caller)
    }

    /// Scores what a run came to. Apart from the runs, so that what it needs takes no memory while they wait.
    @inline(never)
    private func result(
        _ solution: Solution,
        of place: Place,
        _ sample: Sample,
        epoch: Int,
        _ caller: Caller
    ) -> ProbeResult {
        let observation = Trace.step(.score) {
            Observation(of: solution, scorer: place.suite.scorer, sample: sample)
        }
        let transcript = Transcript(
            suite: place.suite.name,
            configuration: place.configuration.name,
            sampleID: sample.id,
            epoch: epoch,
            messages: solution.messages,
            answer: solution.answer,
            explanation: observation.explanation,
            agent: solution.agent,
            audit: solution.audit,
            exchanges: caller.log.exchanges
        )
        return result(
            observation,
            log: caller.log,
            modelReturned: solution.modelReturned,
            transcript: transcript,
            checkpointed: (caller.checkpointedUsage, caller.checkpointedCost)
        )
    }

    @inline(never)
    func place(of cell: Int) throws(ProbeFailure) -> Place {
        guard definition.cells.indices.contains(cell) else {
            throw definitionFailure("the round has no cell \(cell)")
        }
        if let place = places[cell] { return place }
        let names = definition.cells[cell]
        guard definition.suite(names.suite) != nil else {
            throw definitionFailure("the round has no suite '\(names.suite)'")
        }
        throw definitionFailure("the round has no configuration '\(names.configuration)'")
    }

    func definitionFailure(_ message: String) -> ProbeFailure {
        ProbeFailure(.invalidRequest, message, fingerprint: "definition", usage: Usage())
    }

    func result(
        _ observation: Observation,
        log: CallLog,
        modelReturned: String?,
        transcript: Transcript,
        checkpointed: (usage: Usage, cost: Money) = (Usage(), .zero)
    ) -> ProbeResult {
        ProbeResult(
            kind: observation.kind,
            score: observation.score,
            usage: log.usage,
            cost: log.cost(in: definition),
            latencyMicros: log.latencyMicros,
            modelReturned: modelReturned,
            transcript: transcript,
            checkpointed: checkpointed
        )
    }
}

/// A cell's suite and configuration. A class, since both are large and thousands of probes in flight share one.
final class Place: Sendable {
    let suite: Suite
    let configuration: Configuration

    init(suite: Suite, configuration: Configuration) {
        self.suite = suite
        self.configuration = configuration
    }
}
