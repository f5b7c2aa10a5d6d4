// Aggregate.swift: the four verbs that every aggregate of the reduction has.
// Invariant of every conformance: `finalize` gives the same bytes however the rows were ordered, however they were
// split into partial states, and in whatever order these were combined. It follows from states that are exact:
// integers, or sets whose order does not count.

/// An aggregate over outcomes: initialize, update, combine, finalize.
///
/// Rows can be cut into chunks, each updated into a state of its own on its own thread or machine, and the states
/// combined in any order. The fourth verb is each aggregate's own: distributive and algebraic ones end from the state
/// alone, holistic ones ask for the rows again.
///
/// ```swift
/// var left = totals.initialize()
/// totals.update(&left, columns, rows: 0..<1_000)
/// var right = totals.initialize()
/// totals.update(&right, columns, rows: 1_000..<columns.count)
/// totals.combine(&left, right)
/// let result = totals.finalize(left)
/// ```
public protocol Aggregate: Sendable {
    /// A partial result, exact and combinable.
    associatedtype State: Sendable

    /// The state of no rows.
    func initialize() -> State
    /// Takes the rows of a range into the state.
    func update(_ state: inout State, _ columns: OutcomeColumns, rows: Range<Int>)
    /// Takes the rows of another state into the state.
    func combine(_ state: inout State, _ other: State)
}
