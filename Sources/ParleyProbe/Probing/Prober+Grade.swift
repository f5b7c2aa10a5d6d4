// Grade jobs: one judgement of one transcript by one judge. A judge that refuses, is blocked or gives no grade is
// `unscorable`: a judge's failure is never scored as the model's. Failures of its provider are failures of the
// attempt as anywhere else.

public import ParleyModel

extension Prober {
    /// Has the `judge`-th judge of the cell's suite grade a transcript, by its frozen grader or by a later one.
    ///
    /// The result's usage, cost and latency are the judge's alone; its transcript holds the judge's conversation, its
    /// answer the judge's reply. Throws the failure of the judge's call; `invalid_request` where the suite has no
    /// such judge.
    @concurrent
    public func grade(
        cell: Int,
        judge: Int,
        by later: Grader? = nil,
        sample: Sample,
        transcript: Transcript
    ) async throws(ProbeFailure) -> ProbeResult {
        let judgement = try judgement(of: transcript, cell: cell, judge: judge, by: later, sample)
        if judgement.record.explanation != nil { return result(of: judgement, nil) }
        return result(of: judgement, try await judgement.ask())
    }

    // What comes before and after the call is apart from it, so that it takes no memory while that waits.

    /// A judgement that is about to be asked for; one that cannot be says why in its record.
    @inline(never)
    private func judgement(
        of transcript: Transcript,
        cell: Int,
        judge: Int,
        by later: Grader?,
        _ sample: Sample
    ) throws(ProbeFailure) -> Judgement {
        let place = try place(of: cell)
        let suite = place.suite
        guard let grader = later ?? suite.scorer.grader, grader.judges.indices.contains(judge) else {
            throw definitionFailure("suite '\(suite.name)' has no judge \(judge)")
        }
        guard let configuration = definition.configuration(grader.judges[judge]) else {
            throw definitionFailure("the round has no configuration '\(grader.judges[judge])'")
        }
        var record = Transcript(
            suite: suite.name,
            configuration: configuration.name,
            sampleID: transcript.sampleID,
            epoch: transcript.epoch
        )
        do throws(TemplateProblem) {
            let prompt = try JudgePrompt(
                rubric: grader.rubric,
                sample: sample,
                answer: transcript.answer,
                messages: transcript.messages,
                blinding: Blinding(names: names[place.configuration.model] ?? []),
                axis: grader.axis(ofJudge: judge).flatMap { grader.axes?[$0] }
            ).messages(for: configuration)
            record.messages = prompt.messages
            record.blinded = prompt.blinded
        } catch {
            record.explanation = error.description
        }
        return Judgement(
            place: place,
            grader: grader,
            configuration: configuration,
            record: record,
            caller: Caller(prober: self, epoch: 1)
        )
    }

    /// What a judge's reply comes to; nil where it was not asked.
    @inline(never)
    private func result(of judgement: Judgement, _ reply: GenerateReply?) -> ProbeResult {
        var record = judgement.record
        var observation = Observation(.unscorable)
        if let reply {
            observation = Self.observation(of: reply, scorer: judgement.place.suite.scorer, grader: judgement.grader)
            record.messages.append(Message(.assistant, reply.text, reasoning: reply.reasoning))
            record.answer = reply.text
            record.explanation = observation.explanation
            record.exchanges = judgement.caller.log.exchanges
        }
        return result(
            observation,
            log: judgement.caller.log,
            modelReturned: reply?.modelReturned,
            transcript: record
        )
    }

    private static func observation(of reply: GenerateReply, scorer: Scorer, grader: Grader) -> Observation {
        switch reply.stop {
        case .contentFilter: return Observation(.unscorable, nil, "the provider blocked the judge")
        case .refusal: return Observation(.unscorable, nil, "the judge refused")
        case .contextLength: return Observation(.unscorable, nil, "the answer did not fit the judge's context")
        case .stop, .toolCalls, .maxTokens: break
        }
        guard let grade = GradeLine.grade(in: reply.text, scale: grader.scale, isCut: reply.stop == .maxTokens),
            let score = grader.scale[grade]
        else {
            let refused = RefusalDetector.reading(of: reply.text) == .refusal
            return Observation(.unscorable, nil, refused ? "the judge refused" : "the judge gave no grade of the scale")
        }
        return Observation(.scored, scorer.signed(score), "the judge's grade is \(grade)")
    }
}

/// What one judge is asked. A class, so that a call in flight holds it once and no copy of it.
private final class Judgement {
    let place: Place
    let grader: Grader
    let configuration: Configuration
    let record: Transcript
    var caller: Caller

    init(place: Place, grader: Grader, configuration: Configuration, record: Transcript, caller: Caller) {
        self.place = place
        self.grader = grader
        self.configuration = configuration
        self.record = record
        self.caller = caller
    }

    func ask() async throws(ProbeFailure) -> GenerateReply {
        try await caller.ask(record.messages, of: configuration, maxTokens: grader.maxTokens, purpose: .judge)
    }
}

extension RoundDefinition {
    /// What the model under test and its lab are called in this round, to be taken out of its answer.
    func names(of model: ModelName) -> [String] {
        guard let model = self.model(model) else { return [] }
        return [model.name.text, model.modelID, model.party.text, party(model.party)?.title ?? ""]
    }
}
