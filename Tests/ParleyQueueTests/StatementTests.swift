// Every statement that the queue sends is prepared against the migrated schema, under the role that sends it.

import ParleyPostgres
import ParleyTestSupport
import Testing

@testable import ParleyQueue

@Suite("Statements")
struct StatementTests {
    @Test("Each of the worker's statements prepares under the worker's role")
    func worker() async throws {
        let fixture = try await QueueFixture()
        let connection = try await fixture.database.connect(role: QueueFixture.workerLogin)
        for statement in WorkerStatement.allCases {
            let described = try await connection.describe(statement.rawValue)
            #expect(!described.parameters.isEmpty && !described.columns.isEmpty, "\(statement)")
        }
    }

    @Test("Each of a party's statements prepares under a party's role")
    func party() async throws {
        let fixture = try await QueueFixture()
        try await PartyLogins.shared.make(fixture.admin)
        let connection = try await fixture.database.connect(role: Reader.south.login)
        for statement in PartyStatement.allCases {
            let described = try await connection.describe(statement.rawValue)
            #expect(!described.columns.isEmpty, "\(statement)")
        }
    }

    @Test("Each of the coordinator's statements prepares under the coordinator's role")
    func coordinator() async throws {
        let fixture = try await QueueFixture()
        let connection = try await fixture.database.connect(role: QueueFixture.coordinatorLogin)
        for statement in CoordinatorStatement.allCases {
            let described = try await connection.describe(statement.rawValue)
            #expect(described.parameters.allSatisfy { $0 != .unknown }, "\(statement)")
        }
    }
}
