import Testing
@Test func placeholderProbe() { #expect(Bool(true)) }
