// The sections `audit` and `grading`: how many answers people label and by which seed they are drawn, and what the round
// makes of judges of one vendor.

import ParleyModel

extension RoundFileReader {
    static let auditKeys = ["per_cell", "seed"]
    static let gradingKeys = ["vendors"]

    /// The seed is the round's where the section names none.
    mutating func readAudit(_ field: Field?) {
        guard let field, let fields = Fields(field, what: "the section 'audit'", keys: Self.auditKeys) else { return }
        let size = fields.required("per_cell", "per_cell: 30, the answers of each cell that people label")
        guard let perCell = size?.count(in: 1...100_000) else { return }
        draft.audit = AuditPlan(perCell: perCell, seed: fields["seed"]?.integer(in: 0...Int64.max) ?? draft.seed)
        if !draft.suites.contains(where: { $0.suite.scorer.grader != nil }) {
            mistakes.warning(
                "'audit' has nothing to draw from: no suite is graded by models",
                at: fields.place,
                remedy: "remove the section, or grade a suite by models"
            )
        }
    }

    mutating func readGrading(_ field: Field?) {
        guard let field, let fields = Fields(field, what: "the section 'grading'", keys: Self.gradingKeys) else {
            return
        }
        draft.vendors = fields["vendors"]?.word(VendorRule.self) ?? draft.vendors
    }
}
