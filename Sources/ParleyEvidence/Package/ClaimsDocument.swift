// A buyer's findings as claims, each with its evidence and its counter-evidence, in the form of CycloneDX 1.6
// declarations (cyclonedx.org, ECMA-424), which tools for supply chains read. A claim says what an interval says and no
// more; whether it conforms to a requirement is for whoever sets the requirement. Every number stands in an evidence, is
// that of the finding it is named after, and is made again by whoever checks the package.

import Foundation
import ParleyModel

/// Makes the claims of a buyer's package.
struct ClaimsDocument {
    /// Which examples the claims were made with: what was said in them is in no other file.
    static let examplesProperty = "parley:examples"
    private let document: BuyerDocument

    init(_ document: BuyerDocument) { self.document = document }

    /// The file form.
    var bytes: [UInt8] { Array((json.pretty + "\n").utf8) }

    private var findings: FindingsDocument { document.findings }
    private var vendor: PartyName { document.request.vendor }

    var json: JSONValue {
        var members: [String: JSONValue] = [
            "bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1, "serialNumber": .string(serialNumber),
            "metadata": metadata, "declarations": declarations,
        ]
        members["externalReferences"] = [
            [
                "type": "attestation", "url": "findings.json",
                "comment": "All findings; each finding id below names one of them.",
            ]
        ]
        return .object(members)
    }

    /// A UUID (version 8) of the definition and the vendor: the same content has the same number.
    private var serialNumber: String {
        var bytes = ContentHash(of: "parley.claims/1\n\(findings.definitionHash)\n\(vendor)\n".utf8).bytes.prefix(16)
            .map { $0 }
        bytes[6] = bytes[6] & 0x0F | 0x80
        bytes[8] = bytes[8] & 0x3F | 0x80
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        let cuts = [0, 8, 12, 16, 20, 32]
        let parts = zip(cuts, cuts.dropFirst()).map { hex.dropFirst($0).prefix($1 - $0) }
        return "urn:uuid:" + parts.joined(separator: "-")
    }

    private var metadata: JSONValue {
        var members: [String: JSONValue] = [
            "properties": [
                ["name": "parley:round", "value": .string(findings.round.text)],
                ["name": "parley:definition", "value": .string(findings.definitionHash.description)],
                ["name": "parley:simulated", "value": .string(findings.simulated ? "true" : "false")],
                ["name": "parley:state", "value": .string(document.state)],
                [
                    "name": .string(Self.examplesProperty),
                    "value": .string(document.examplesDigest?.description ?? "none"),
                ],
            ]
        ]
        members["timestamp"] = findings.asOf.map { .string($0) }
        return .object(members)
    }

    private var declarations: JSONValue {
        let suites = document.definition.suites
        let evaluators = Set(document.answers.map(\.evaluator)).sorted()
        let claims = document.answers.map(claim)
        return [
            "assessors": .array(
                evaluators.map { party in
                    [
                        "bom-ref": .string("party/\(party)"), "thirdParty": .bool(party != vendor),
                        "organization": ["name": .string(document.definition.party(party)?.title ?? party.text)],
                    ]
                }
            ),
            "attestations": .array(
                evaluators.map { party in
                    let own = document.answers.filter { $0.evaluator == party }
                    return [
                        "assessor": .string("party/\(party)"),
                        "summary": .string("Suites of \(party) on models of \(vendor), round \(findings.round)."),
                        "map": [
                            [
                                "claims": .array(own.filter { $0.status == .shown }.map { .string("claim/\($0.id)") }),
                                "counterClaims": .array(
                                    own.filter { $0.status != .shown }.map { .string("claim/\($0.id)") }
                                ),
                            ]
                        ],
                    ]
                }
            ),
            "claims": .array(claims),
            "evidence": .array(
                document.answers.flatMap { answer in
                    evidence(answer, suites.first { $0.name == answer.suite }) + counterEvidence(answer)
                }
            ),
            "targets": ["components": .array(components)],
        ]
    }

    private var components: [JSONValue] {
        document.definition.configurations.compactMap { configuration in
            guard document.answers.contains(where: { $0.configuration == configuration.name }),
                let model = findings.models.first(where: { $0.name == configuration.model }),
                let digest = findings.configurations.first(where: { $0.name == configuration.name })?.digest
            else { return nil }
            return [
                "bom-ref": .string("configuration/\(configuration.name)"), "type": "machine-learning-model",
                "name": .string(configuration.name.text), "group": .string(model.party.text),
                "version": .string(
                    model.modelsReturned.isEmpty ? model.modelID : model.modelsReturned.joined(separator: ", ")
                ),
                "hashes": [["alg": "SHA-256", "content": .string(digest.hex)]],
            ]
        }
    }

    private func claim(_ answer: FindingAnswer) -> JSONValue {
        let kind = Claim.text(answer.claim)
        let asked = answer.threshold.map { ", asked: \($0.text)" } ?? ""
        return [
            "bom-ref": .string("claim/\(answer.id)"), "target": .string("configuration/\(answer.configuration)"),
            "predicate": .string("\(answer.status.rawValue): \(answer.suite) (claim: \(kind)\(asked))"),
            "reasoning": .string(answer.because),
            "evidence": answer.interval == nil ? [] : [.string("evidence/\(answer.id)")],
            "counterEvidence": .array(counters(answer).indices.map { .string("counter/\($0 + 1)/\(answer.id)") }),
        ]
    }

    private func evidence(_ answer: FindingAnswer, _ suite: Suite?) -> [JSONValue] {
        guard let interval = answer.interval, let estimate = answer.estimate else { return [] }
        var numbers: [String: JSONValue] = [
            "finding": .string(answer.id), "measure": .string(answer.measure ?? "mean"), "estimate": .number(estimate),
            "interval": [
                "lower": .number(interval.lower), "upper": .number(interval.upper), "level": .number(interval.level),
                "method": .string(interval.method),
            ],
            "n": .integer(Int64(answer.counted)), "clusters": .integer(Int64(answer.clusters)),
        ]
        if !answer.corrected.isEmpty {
            numbers["without_the_judges_errors"] = .array(
                answer.corrected.map { corrected in
                    var members: [String: JSONValue] = ["estimate": .number(corrected.estimate)]
                    members["lower"] = corrected.interval.map { .number($0.lower) }
                    members["upper"] = corrected.interval.map { .number($0.upper) }
                    return .object(members)
                }
            )
        }
        let what = suite.map { "\($0.dataset.count) samples, \($0.epochs) epochs, scorer \($0.scorer.kind.rawValue)" }
        return [
            entry("evidence/\(answer.id)", "finding", what ?? "", data: .object(numbers), by: answer.evaluator)
        ]
    }

    private func counterEvidence(_ answer: FindingAnswer) -> [JSONValue] {
        counters(answer).enumerated().map { place, text in
            entry("counter/\(place + 1)/\(answer.id)", "limit", text, data: nil, by: answer.evaluator)
        }
    }

    /// What stands against a finding, in words.
    private func counters(_ answer: FindingAnswer) -> [String] {
        var found = answer.status == .shown ? [] : [answer.because]
        found += answer.flags.map { "flag: \($0)" }
        if !answer.crossParty { found.append("evaluated by the vendor itself") }
        let record = findings.cells.first { $0.suite == answer.suite && $0.configuration == answer.configuration }
        if let missing = record?.missing { found.append("\(missing.outcomes) outcomes are missing") }
        if let ruledOut = record?.ruledOut { found.append("\(ruledOut) outcomes were ruled out") }
        let isJudged = findings.suites.contains { $0.name == answer.suite && $0.scorer == .modelGraded }
        if isJudged, answer.corrected.isEmpty, answer.estimate != nil {
            found.append("models judged, and how far they err was not measured here")
        }
        if findings.simulated { found.append("the models were played by a program") }
        return found
    }

    private func entry(
        _ reference: String,
        _ property: String,
        _ description: String,
        data: JSONValue?,
        by party: PartyName
    ) -> JSONValue {
        var members: [String: JSONValue] = [
            "bom-ref": .string(reference), "propertyName": .string("parley:\(property)"),
            "description": .string(description),
            "author": ["name": .string(document.definition.party(party)?.title ?? party.text)],
        ]
        if let data {
            members["data"] = [
                [
                    "name": "numbers",
                    "contents": [
                        "attachment": ["contentType": "application/json", "content": .string(data.canonical)]
                    ],
                ]
            ]
        }
        return .object(members)
    }
}
