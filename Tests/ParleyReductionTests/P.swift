import Testing
@Test func placeholderReduction() { #expect(Bool(true)) }
