// The reduction numbers the outcome kinds itself, since it imports no other target: both numberings must agree.

import ParleyModel
import Testing

@testable import ParleyEvidence
@testable import ParleyReduction

@Suite("Kind codes") struct KindCodeTests {
    @Test("The reduction and the model number the outcome kinds alike", arguments: OutcomeKind.allCases)
    func numbering(kind: OutcomeKind) {
        #expect(KindCode(kind).rawValue == kind.rawValue)
        #expect(String(describing: KindCode(kind)) == kind.name)
        #expect(KindCode.allCases.count == OutcomeKind.allCases.count)
    }
}
