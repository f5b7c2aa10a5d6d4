// The written forms of epoch reducers, and what is none.

import ParleyModel
import Testing

@Suite("An epoch reducer's written form")
struct EpochReducerFormTests {
    @Test(
        "is read back as what it came from",
        arguments: [
            .mean, .median, .mode, .max, .atLeast(2), .passAt(3), .passHat(12), .worst(1), .worst(10), .worst(99),
        ] as [EpochReducer]
    )
    func roundTrip(reducer: EpochReducer) {
        #expect(EpochReducer(reducer.description) == reducer)
    }

    @Test(
        "is refused where it means nothing",
        arguments: ["", "best", "worst", "worst_", "worst_0", "worst_100", "worst_-1", "pass_at_0", "pass_at_x"]
    )
    func refused(text: String) {
        #expect(EpochReducer(text) == nil)
    }

    @Test("of a tail mean needs no number of epochs")
    func epochs() {
        #expect(EpochReducer.worst(10).epochs == 1)
        #expect(EpochReducer.passAt(3).epochs == 3)
    }
}
