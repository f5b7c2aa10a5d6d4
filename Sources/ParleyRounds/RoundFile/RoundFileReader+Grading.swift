// The section `grading`: what the round makes of judges of one vendor.

import ParleyModel

extension RoundFileReader {
    mutating func readGrading(_ field: Field?) {
        guard let field, let fields = Fields(field, what: "the section 'grading'", keys: ["vendors"]) else { return }
        draft.vendors = fields["vendors"]?.word(VendorRule.self) ?? draft.vendors
    }
}
