import ParleyModel
import Testing

@testable import ParleyEvidence

@Suite("A definition as the database holds it")
struct VeilTests {
    private static func tree(
        _ change: (inout RoundDefinition) -> Void = { _ in }
    ) throws -> (tree: DefinitionTree, definition: RoundDefinition) {
        var definition = MediatedRound.definition()
        change(&definition)
        return (try DefinitionTree(of: definition, secrets: MediatedRound.secrets), definition)
    }

    @Test("It names no lab, and has every item in its place")
    func veiled() throws {
        let (tree, definition) = try Self.tree { definition in
            for index in definition.configurations.indices {
                definition.configurations[index].systemPrompt = "You are \(definition.models[index].modelID)."
            }
        }
        let veiled = try tree.veil(MediatedRound.secrets).veiled(definition)
        let text = try veiled.json().canonical
        for lab in MediatedRound.labs { #expect(!text.contains(lab.text)) }
        #expect(!text.contains("9000") && text.contains("judge-house") && text.contains("sums"))
        #expect(veiled.parties.map(\.role) == definition.parties.map(\.role))
        #expect(veiled.cells.count == 3 && veiled.budgets.count == 4 && veiled.primary?.count == 3)
        for (cell, agreed) in zip(veiled.cells, definition.cells) {
            let index = try #require(definition.configurations.firstIndex { $0.name == agreed.configuration })
            #expect(cell.configuration == veiled.configurations[index].name)
            #expect(veiled.configurations[index].model == veiled.models[index].name)
            #expect(veiled.models[index].party == veiled.parties[index + 1].name)
            #expect(veiled.primary?.allSatisfy { veiled.configuration($0.left) != nil } == true)
        }
        #expect(Set(veiled.parties.map(\.name)).count == 4)
    }

    @Test("With the secrets what was agreed is read in its place, and without one of them nothing")
    func read() throws {
        let (tree, definition) = try Self.tree()
        let stored = try tree.veil(MediatedRound.secrets).veiled(definition)
        let again = try DefinitionTree(json: tree.json, digest: tree.digest)
        #expect(try again.read(as: stored, with: MediatedRound.secrets).opened?.definition.json() == definition.json())
        #expect(try again.read(as: stored, with: MediatedRound.secrets(without: "west")).opened == nil)
        var changed = stored
        changed.budgets[0].tokens = 2_000_000
        #expect(throws: ParleyFailure.self) { try again.read(as: changed, with: MediatedRound.secrets) }
        #expect(throws: ParleyFailure.self) { try DefinitionTree(json: tree.json, digest: ContentHash(of: [])) }
    }

    @Test("What is left when a lab has gone is read by the others, and a kept copy of its secret opens nothing there")
    func left() throws {
        let (tree, _) = try Self.tree()
        let rest = MediatedRound.secrets(without: "west")
        let stored = try tree.veil(rest).veiled(tree.opened(with: rest).definition)
        let never = MediatedRound.definition(of: ["north", "south"])
        #expect(try tree.read(as: stored, with: MediatedRound.secrets).opened?.definition.json() == never.json())
    }

    @Test("Handles of two rounds have nothing in common, and tell nothing without the secret")
    func unlinkable() throws {
        let (one, _) = try Self.tree()
        let (other, _) = try Self.tree()
        let handle = one.veil(MediatedRound.secrets).handle(of: "west")
        #expect(handle != other.veil(MediatedRound.secrets).handle(of: "west"))
        #expect(handle != one.veil([PartySecret(party: "west")]).handle(of: "west"))
        #expect(handle == one.veil([MediatedRound.secrets[2]]).handle(of: "west"))
        #expect(PartyName(validating: handle.text) != nil)
        #expect(one.veil(MediatedRound.secrets).handle(of: "judge-house") == "judge-house")
    }

    @Test("A text that a lab's model returned is the same ciphertext each time, and opens with the secret alone")
    func texts() throws {
        let (tree, _) = try Self.tree()
        let veil = tree.veil(MediatedRound.secrets)
        let sealed = try veil.sealed("west-9000-0711", of: "west")
        #expect(try !sealed.contains("west") && sealed == veil.sealed("west-9000-0711", of: "west"))
        #expect(try sealed != veil.sealed("west-9000-0712", of: "west"))
        #expect(veil.opened(sealed) == "west-9000-0711" && veil.opened("plain") == "plain")
        #expect(tree.veil(MediatedRound.secrets(without: "west")).opened(sealed) == sealed)
        #expect(try veil.sealed("house-1", of: "judge-house") == "house-1")
    }

    @Test("A tag that names a lab is refused, since everybody reads it")
    func tag() throws {
        let (tree, definition) = try Self.tree { $0.models[2].requires = ["west-network"] }
        let message = #expect(throws: ParleyFailure.self) {
            try tree.veil(MediatedRound.secrets).veiled(definition)
        }
        #expect(message?.message.contains("of lab 'west'") == true)
    }

    @Test("What the parties sign names none of them, and is the same when one has left")
    func statement() throws {
        func statement(_ definition: RoundDefinition) throws -> Statement {
            try definition.statement(policy: SigningPolicy(of: definition))
        }
        let (tree, _) = try Self.tree { $0.silentExit = true }
        let whole = try tree.opened(with: MediatedRound.secrets).definition
        let rest = try tree.opened(with: MediatedRound.secrets(without: "west")).definition
        #expect(try statement(whole) == statement(rest))
        #expect(try statement(whole).digest == tree.digest)
        #expect(try !String(decoding: statement(whole).envelope.payload, as: UTF8.self).contains("north"))
    }
}
