import Testing
@Test func placeholderDispatch() { #expect(Bool(true)) }
