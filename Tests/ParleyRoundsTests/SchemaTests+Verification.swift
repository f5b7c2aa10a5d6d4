// The report of a verification follows its schema, every optional member written out.

import ParleyModel
import ParleyTestSupport
import Testing

extension SchemaTests {
    @Test("of a verification follows verification.schema.json")
    func verification() throws {
        var report = VerificationReport(
            round: "spring",
            definitionHash: ContentHash(of: [1]),
            simulated: true,
            recipient: "north",
            checks: VerificationReport.Status.allCases.map {
                VerificationReport.Check(check: "ledger", subject: "line 3", status: $0, reason: "because")
            }
        )
        #expect(!report.passed && report.count(.notCovered) == 1)
        #expect(try SchemaCheck("verification").problems(JSONValue(encoding: report)) == [])
        report.checks = []
        report.recipient = nil
        #expect(try SchemaCheck("verification").problems(JSONValue(encoding: report)) == [])
    }
}
