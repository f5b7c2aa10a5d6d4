// How the program under test is told of a test's database.

import ParleyPostgres
import ParleyTestSupport
import Testing

extension TestDatabase {
    /// This database as a URL, for a role or for its superuser.
    func url(role: String? = nil) throws -> String {
        let keywords = role.map { configuration(role: $0).keywords } ?? superuser.keywords
        let host = try #require(keywords["host"])
        let name = try #require(keywords["dbname"])
        let user = try #require(role ?? keywords["user"])
        return "postgresql:///\(name)?host=\(host)&port=\(keywords["port"] ?? "5432")&user=\(user)"
    }
}
