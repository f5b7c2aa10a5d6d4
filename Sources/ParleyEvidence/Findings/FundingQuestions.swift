// From findings to questions worth funding. A pure function: each question has a weight, which says how many times over
// the evidence exceeds what would leave the matter settled, and the findings that it rests on. Questions of one kind and
// suite are one question, under its heaviest finding.

public import ParleyModel

extension QuestionsDocument {
    /// How far a finding must lie from its like to be a question, in standard deviations.
    private static let surprising = 2.0

    /// The questions that findings raise, the heaviest first.
    /// - Parameter relevantDifference: the smallest difference that matters, in the scores' unit
    public init(_ findings: FindingsDocument, relevantDifference: Double) {
        var questions = Self.surprises(findings) + Self.judges(findings)
        questions += Self.samples(findings, relevantDifference) + Self.missing(findings, relevantDifference)
        questions += Self.flags(findings) + Self.areas(findings)
        let sorted = questions.sorted {
            ($1.weight, $0.kind.rawValue, $0.question) < ($0.weight, $1.kind.rawValue, $1.question)
        }
        self.init(
            findings: findings,
            relevantDifference: relevantDifference,
            questions: sorted.enumerated().map { place, question in
                var question = question
                question.rank = place + 1
                return question
            }
        )
    }

    private static func surprises(_ findings: FindingsDocument) -> [Question] {
        findings.surprises.filter { $0.z.magnitude >= surprising }.map { surprise in
            let (what, id) =
                surprise.comparedWith.map {
                    (
                        "the difference between \(surprise.configuration) and \($0)",
                        "comparison/\(surprise.suite)/\(surprise.configuration)/\($0)"
                    )
                } ?? ("the result of \(surprise.configuration)", "cell/\(surprise.suite)/\(surprise.configuration)")
            return Question(
                kind: .surprise,
                question: "Why is \(what) on \(surprise.suite) so far from its like?",
                weight: surprise.z.magnitude / surprising,
                because: "\(surprise.z.magnitude.inHalves) standard deviations from \(surprise.others) others, over 2",
                evidence: [id]
            )
        }
    }

    private static func judges(_ findings: FindingsDocument) -> [Question] {
        findings.suites.filter { $0.scorer == .modelGraded }.compactMap { suite in
            let cells = findings.cells.filter { $0.suite == suite.name && $0.estimate != nil }
            let audited = findings.judges.errors.filter { $0.suite == suite.name && $0.corrected?.interval != nil }
            let open = cells.filter { cell in !audited.contains { $0.configuration == cell.configuration } }
            guard !open.isEmpty else { return nil }
            return Question(
                kind: .judgeError,
                question: "How far do the judges of \(suite.name) err, on each configuration?",
                weight: 1 + Double(open.count) / Double(cells.count),
                because: "\(open.count) of \(cells.count) graded findings were not held against people's labels",
                evidence: open.map(\.id)
            )
        }
    }

    private static func samples(_ findings: FindingsDocument, _ relevant: Double) -> [Question] {
        findings.suites.compactMap { suite in
            let open = findings.comparisons.filter { comparison in
                guard comparison.suite == suite.name, !["higher", "lower"].contains(comparison.verdict) else {
                    return false
                }
                return comparison.minimumDetectableEffect.map { $0 > relevant } ?? false
            }
            guard let largest = open.compactMap(\.minimumDetectableEffect).max() else { return nil }
            return Question(
                kind: .tooFewSamples,
                question: "Do the models differ on \(suite.name) by what matters? More samples would tell.",
                weight: largest / relevant,
                because:
                    "\(open.count) comparisons could only see differences beyond what matters, the least sensitive "
                    + "\((largest / relevant).inHalves) times as large",
                evidence: open.map(\.id)
            )
        }
    }

    private static func missing(_ findings: FindingsDocument, _ relevant: Double) -> [Question] {
        findings.suites.compactMap { suite in
            let open = findings.cells.filter { cell in
                cell.suite == suite.name && (cell.missing.map { $0.upper - $0.lower > relevant } ?? false)
            }
            guard let widest = open.compactMap({ $0.missing.map { $0.upper - $0.lower } }).max() else { return nil }
            return Question(
                kind: .missingOutcomes,
                question: "What would the missing outcomes of \(suite.name) have been?",
                weight: widest / relevant,
                because: "whatever they are, estimates may move by \((widest / relevant).inHalves) times what matters",
                evidence: open.map(\.id)
            )
        }
    }

    private static func flags(_ findings: FindingsDocument) -> [Question] {
        findings.suites.compactMap { suite in
            let all = findings.cells.filter { $0.suite == suite.name }
            let flagged = all.filter { $0.comparability?.isEmpty == false }
            guard !flagged.isEmpty else { return nil }
            return Question(
                kind: .notComparable,
                question: "What would \(suite.name) show under conditions that are the same for all?",
                weight: 1 + Double(flagged.count) / Double(all.count),
                because: "\(flagged.count) of \(all.count) findings are flagged against comparing",
                evidence: flagged.map(\.id)
            )
        }
    }

    private static func areas(_ findings: FindingsDocument) -> [Question] {
        Area.allCases.compactMap { area in
            let suites = Set(findings.suites.filter { $0.areas.contains(area) }.map(\.name))
            guard !findings.cells.contains(where: { suites.contains($0.suite) && $0.estimate != nil }) else {
                return nil
            }
            return Question(
                kind: .areaNotEvaluated,
                question: "What can be said of these models in the area \(area.rawValue)?",
                weight: 1,
                because: "no finding of the round is of this area"
                    + (area == .mechInterp || area == .modelOrganisms
                        ? "; probes from outside can hardly fill it" : ""),
                evidence: []
            )
        }
    }
}

extension Double {
    /// Rounded to halves, as text that does not depend on a library.
    fileprivate var inHalves: String {
        guard magnitude < 1e15 else { return "very many" }
        let halves = Int64((self * 2).rounded())
        return halves % 2 == 0 ? "\(halves / 2)" : "\(halves / 2).5"
    }
}
