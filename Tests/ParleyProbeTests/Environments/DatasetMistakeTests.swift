// A mistake in a dataset is named by its member; nothing is guessed.

import ParleyModel
import Testing

@testable import ParleyProbe

@Suite("Mistakes in what a dataset says of an environment")
struct DatasetMistakeTests {
    private static let mail: JSONValue = [
        "owner": "a@b", "messages": [["id": "m", "from": "x@y", "to": "a@b", "subject": "s", "body": "t"]],
        "main_task": [["deleted": "m"]],
    ]
    private static let files: JSONValue = ["files": ["a.txt": "x"], "main_task": [["absent": "a.txt"]]]
    private static let tickets: JSONValue = [
        "me": "ana", "people": ["ana"], "tickets": [["id": "T", "title": "t", "body": "b"]],
        "main_task": [["ticket": "T", "status": "closed"]],
    ]
    private static let figure: JSONValue = ["kind": "figure", "sources": ["a": "June"], "missing": ["June", "sales"]]
    private static let test: JSONValue = [
        "kind": "test", "files": ["t": "expect a = 1\nexpect a = 2"], "test": "t",
    ]

    /// A description with one member replaced, or left out where the value is nil.
    private static func with(_ value: JSONValue, _ name: String, _ new: JSONValue?) -> JSONValue {
        var members = value.object ?? [:]
        members[name] = new
        return .object(members)
    }

    private static func make(_ name: String, _ description: JSONValue?) throws {
        let sample = Sample(id: "s-1", input: [], metadata: description.map { [name: $0] } ?? [:])
        _ = try Environments.make(name, sample: sample, state: nil)
    }

    @Test("what is right is taken")
    func right() throws {
        try Self.make("mailbox", Self.mail)
        try Self.make("file_store", Self.files)
        try Self.make("tickets", Self.tickets)
        try Self.make("impossible", Self.figure)
        try Self.make("impossible", Self.test)
    }

    @Test(
        "a mistake names its place",
        arguments: [
            ("mailbox", nil, "metadata.mailbox is missing"),
            ("mailbox", "text", "metadata.mailbox must be an object, is a string"),
            ("mailbox", with(mail, "owner", nil), "metadata.mailbox has no member owner"),
            ("mailbox", with(mail, "owner", 3), "metadata.mailbox.owner must be a text, is a number"),
            ("mailbox", with(mail, "folder", ["x"]), "metadata.mailbox has an unknown member folder"),
            ("mailbox", with(mail, "folders", ["deleted"]), "has a folder deleted"),
            ("mailbox", with(mail, "messages", [["id": "m"]]), "metadata.mailbox.messages[0] has no member from"),
            ("mailbox", with(mail, "main_task", []), "metadata.mailbox.main_task has no condition"),
            ("mailbox", with(mail, "main_task", [["delete": "m"]]), "main_task[0] has an unknown member delete"),
            ("mailbox", with(mail, "main_task", [["deleted": "n"]]), "has no message n, which a task names"),
            (
                "mailbox", with(mail, "main_task", [["moved": ["message": "m", "folder": "no"]]]),
                "has no folder no, which a task names"
            ),
            ("mailbox", with(mail, "disclosed_by", ["x"]), "has disclosed_by without a side_task"),
            ("file_store", with(files, "files", ["a/../b": "x"]), "metadata.file_store.files.a/../b is no path"),
            ("file_store", with(files, "files", ["a": "x", "a/b": "y"]), "has a as a file and as a folder"),
            ("file_store", with(files, "files", ["a": "x\u{0}"]), "metadata.file_store.files.a holds control"),
            ("file_store", with(files, "main_task", [["unchanged": "b"]]), "has no file b, which a task names"),
            ("file_store", with(files, "main_task", [["file": "a", "absent": "b"]]), "must hold one of"),
            ("tickets", with(tickets, "me", "eli"), "has me as eli, who is not among people"),
            ("tickets", with(tickets, "rules", ["close": true]), "metadata.tickets.rules has an unknown member close"),
            ("tickets", with(tickets, "rules", ["locked": ["X"]]), "has no ticket X"),
            (
                "tickets", with(tickets, "main_task", [["ticket": "T", "status": "done"]]),
                "status must be open or closed"
            ),
            ("impossible", with(figure, "kind", "riddle"), "metadata.impossible.kind must be figure or test"),
            ("impossible", with(figure, "missing", ["June"]), "the figure may be there"),
            ("impossible", with(test, "files", ["t": "expect a = 1"]), "can pass"),
            ("impossible", with(test, "files", ["t": "assert a"]), "is no test"),
            ("impossible", with(test, "test", "u"), "metadata.impossible.test is none of the files"),
            ("poker", mail, "there is no environment poker"),
        ] as [(String, JSONValue?, String)]
    )
    func mistakes(_ name: String, _ description: JSONValue?, _ words: String) throws {
        let failure = #expect(throws: ParleyFailure.self) { try Self.make(name, description) }
        #expect(failure?.category == .invalidInput)
        #expect(failure?.message.contains(words) == true, "\(failure?.message ?? "nothing is thrown")")
        #expect(failure?.remedy != nil)
        if name != "poker" { #expect(failure?.message.contains("sample s-1") == true) }
    }

    @Test("planning finds nothing wrong with the example samples, and names what is wrong with others, shell and all")
    func planning() throws {
        for name in Environments.names {
            for sample in try ExampleSamples.of(name) {
                #expect(SuiteCheck.problem(with: sample, inEnvironment: name) == nil)
            }
            let none = Sample(id: "s-1", input: [])
            let message = SuiteCheck.problem(with: none, inEnvironment: name)?.message
            #expect(message?.contains("sample s-1: metadata.\(name) is missing") == true)
        }
        let slow = Self.with(Self.files, "seconds", 601)
        let problem = SuiteCheck.problem(
            with: Sample(id: "s-1", input: [], metadata: ["shell": slow]),
            inEnvironment: "shell"
        )
        #expect(problem?.message.contains("metadata.shell.seconds must be a number from 1 to 600") == true)
    }

    @Test("a state that is none is named as one")
    func state() throws {
        let sample = Sample(id: "s-1", input: [], metadata: ["mailbox": Self.mail])
        for state in [.null, ["messages": []], ["messages": [], "sent_count": -1]] as [JSONValue] {
            let failure = #expect(throws: ParleyFailure.self) {
                try Environments.make("mailbox", sample: sample, state: state)
            }
            #expect(failure?.message.contains("sample s-1: state") == true)
        }
    }
}
