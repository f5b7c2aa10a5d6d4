// The section `stream`: what the parties say to those of STREAM's criteria that no data can answer. Whoever writes it
// wants a full checklist, so what is left open is a warning before the round is frozen.

import ParleyModel

extension RoundFileReader {
    static let streamKeys = StreamCriterion.allCases.map(\.rawValue)

    mutating func readStream(_ field: Field?) {
        guard let field, let fields = Fields(field, what: "the section 'stream'", keys: Self.streamKeys) else { return }
        var texts: [String: String] = [:]
        for criterion in StreamCriterion.allCases {
            if let text = fields[criterion.rawValue]?.text() {
                texts[criterion.rawValue] = text
            } else if fields[criterion.rawValue] == nil, asks(criterion, answered: texts) {
                mistakes.warning(
                    "STREAM: nothing says '\(criterion.rawValue)': \(criterion.question)",
                    at: fields.place,
                    remedy: "add \(criterion.rawValue): … to 'stream'"
                )
            }
        }
        draft.stream = texts
    }

    /// Whether only the parties can answer a criterion, and it is a question in this round.
    private func asks(_ criterion: StreamCriterion, answered: [String: String]) -> Bool {
        switch criterion {
        case .humanGraders, .humanGrading, .humanAgreement: false
        case .graderValidation: draft.suites.contains { $0.suite.scorer.grader != nil }
        case .baselineAbsence, .baselineAlternative:
            answered[StreamCriterion.baselineSample.rawValue] == nil
        case .baselinePerformance, .baselineElicitation:
            answered[StreamCriterion.baselineSample.rawValue] != nil
        // Known only once there are results.
        case .conclusions, .reviewTime, .disagreements, .ablations, .baselineSample: false
        default: !criterion.isFromData
        }
    }
}
