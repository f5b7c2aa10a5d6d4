// A probe by an external program: one process for one sample, its model calls through the endpoint, its last word the
// answer. Whatever the program does becomes an outcome or a failed attempt; nothing it does ends the worker.

import Foundation
import ParleyModel

extension Prober {
    /// Puts a sample to the suite's program. Throws as ``probe(cell:sample:epoch:)`` does.
    func probeByProgram(
        _ suite: Suite,
        _ configuration: Configuration,
        _ sample: Sample,
        epoch: Int
    ) async throws(ProbeFailure) -> ProbeResult {
        guard let program = suite.solver.program else {
            throw definitionFailure("suite '\(suite.name)' has no program")
        }
        let caller = Caller(prober: self, epoch: epoch)
        let prepared = try here("prepare") { () throws(ParleyFailure) in
            try programs.prepare(program, keyVariables: definition.keyVariables)
        }
        defer { try? FileManager.default.removeItem(atPath: prepared.scratch) }
        let stop = StopSwitch()
        let session = EndpointSession(
            caller: caller,
            roles: try roles(of: program, suite, configuration),
            limits: .init(calls: program.callLimit, tokens: program.tokenLimit),
            onFailure: { stop.throwIt() }
        )
        let address: String
        do {
            address = try await programs.endpoint.open(session)
        } catch {
            throw ProbeFailure(.worker, "no local endpoint: \(error)", fingerprint: "external endpoint", usage: Usage())
        }
        let opening = ProgramOpening(suite: suite, configuration: configuration, program: program, epoch: epoch)
        let process = ProgramProcess(
            ProgramLaunch(
                command: prepared.command,
                environment: prepared.environment,
                folder: prepared.scratch,
                input: opening.line(
                    sample,
                    address: address,
                    token: session.token,
                    format: definition.model(configuration.model)?.provider ?? .openai
                ),
                timeLimit: .milliseconds(program.timeLimitMilliseconds),
                memoryLimit: program.memoryLimitMebibytes,
                outputLimit: program.outputLimitBytes
            )
        )
        stop.connect(process)
        let end: Result<ProgramEnd, ParleyFailure>
        do throws(ParleyFailure) {
            end = .success(try await process.run())
        } catch {
            end = .failure(error)
        }
        let calls = await session.close(cancelling: Task.isCancelled)
        await programs.endpoint.forget(session)
        return try result(end, calls, suite, configuration, sample, epoch: epoch)
    }

    private func result(
        _ ended: Result<ProgramEnd, ParleyFailure>,
        _ calls: EndpointSession.Calls,
        _ suite: Suite,
        _ configuration: Configuration,
        _ sample: Sample,
        epoch: Int
    ) throws(ProbeFailure) -> ProbeResult {
        if let failure = calls.failure { throw failure }
        func fail(_ failure: ProbeFailure) -> ProbeFailure {
            calls.log.failure(failure, of: configuration.model, in: definition)
        }
        let end: ProgramEnd
        switch ended {
        case .success(let value): end = value
        case .failure(let failure):
            throw fail(ProbeFailure(.worker, failure.message, fingerprint: "external launch", usage: Usage()))
        }
        if end.cause == .stopped {
            throw fail(ProbeFailure(.cancelled, "the attempt was stopped", fingerprint: "", usage: Usage()))
        }
        switch ProgramVerdict(end, calls, scorer: suite.scorer, sample: sample) {
        case .failure(let failure): throw fail(failure)
        case .observation(let observation, let answer):
            let messages = end.dialogue.messages
            let transcript = Transcript(
                suite: suite.name,
                configuration: configuration.name,
                sampleID: sample.id,
                epoch: epoch,
                messages: messages.isEmpty ? sample.input + [Message(.assistant, answer)] : messages,
                answer: answer,
                explanation: observation.explanation,
                exchanges: calls.log.exchanges,
                program: ProgramRecord(
                    end: end.cause.description,
                    startMicros: end.startMicros,
                    durationMicros: end.durationMicros,
                    logs: end.dialogue.logs,
                    errorOutput: end.errorOutput
                )
            )
            return result(observation, log: calls.log, modelReturned: calls.modelReturned, transcript: transcript)
        }
    }

    /// Whom the program may call: the configuration under test, and helpers, by their names.
    private func roles(
        of program: ExternalProgram,
        _ suite: Suite,
        _ target: Configuration
    ) throws(ProbeFailure) -> [String: EndpointSession.Role] {
        let limit = suite.maxTokens ?? target.maxTokens
        let own = EndpointSession.Role(configuration: target, purpose: .target, maxTokens: limit)
        var roles = [target.name.text: own]
        for name in program.roles.values where name != target.name {
            guard let helper = definition.configuration(name) else {
                throw definitionFailure("the round has no configuration '\(name)'")
            }
            roles[name.text] = .init(configuration: helper, purpose: .judge, maxTokens: helper.maxTokens)
        }
        return roles
    }

    private func here<Value>(
        _ step: String,
        _ body: () throws(ParleyFailure) -> Value
    ) throws(ProbeFailure) -> Value {
        do {
            return try body()
        } catch {
            throw ProbeFailure(.worker, error.description, fingerprint: "external \(step)", usage: Usage())
        }
    }
}
