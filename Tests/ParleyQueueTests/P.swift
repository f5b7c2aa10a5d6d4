import Testing
@Test func placeholderQueue() { #expect(Bool(true)) }
