import Testing
@Test func placeholderEvidence() { #expect(Bool(true)) }
