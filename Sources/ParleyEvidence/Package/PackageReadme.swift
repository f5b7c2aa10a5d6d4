// What a stranger reads first. It is made from the manifest alone, so that a reader can make it again and compare.

import ParleyModel

enum PackageReadme {
    static func text(_ manifest: PackageManifest) -> String {
        let simulated =
            manifest.simulated
            ? "\nSIMULATED: the models were played by a program. Nothing here is about any real model.\n" : ""
        let preview =
            manifest.isReleased || manifest.recipient != nil
            ? "" : "\nPREVIEW: the round's findings are not released. They may still change; do not pass them on."
        let recipient =
            manifest.buyer.map { "for buyers of \($0.vendor): the outcomes of its models are open" }
            ?? manifest.recipient.map { "for \($0)" } ?? "for anybody who may see every score of the round"
        let buyer =
            manifest.buyer == nil
            ? ""
            : """

              buyer.html             the page for a buyer: open it first
              claims.cdx.json        the same as claims with evidence and counter-evidence (CycloneDX 1.6)
              examples.jsonl         outcomes drawn at random, five a finding, some of them redacted
              response.dsse.json     the vendor's response to the findings, signed
              attachments.jsonl      the vendor's own data of its deployment, signed: no findings
            """
        let suites = manifest.openSuites.map(\.text).joined(separator: ", ")
        let signers = manifest.signers.map(\.text).joined(separator: ", ")
        let cells = manifest.openCells.map(String.init).joined(separator: ", ")
        return """
            Evidence of the evaluation round "\(manifest.round)"
            \(simulated)
            Made by parley \(manifest.parleyVersion) \(recipient).
            State of the round then: \(manifest.state).\(preview)
            Definition: \(manifest.definitionHash)
            Outcomes: \(manifest.outcomes.count), of which \(manifest.outcomes.open) are open;
              Merkle root \(manifest.outcomes.root)
            Open cells of the definition, from 0: \(cells.isEmpty ? "none" : cells)
            Samples: \(manifest.samples.count), of which \(manifest.samples.open) are open\
            \(suites.isEmpty ? "" : " (\(suites))");
              Merkle root \(manifest.samples.root)
            Ledger: \(manifest.ledger.entries) entries, head \(manifest.ledger.head)
            Signed by: \(signers.isEmpty ? "nobody" : signers)

            To check it, offline, with no database:

              parley verify FOLDER-OR-TAR --trust north.pub --trust south.pub

            A .pub file is a party's public key. Get it from that party, not from whoever gave you this package.
            Without --trust the check says which keys it took from the package itself; anybody could have made those.

            What is in here

              definition.json        what the parties agreed to run and how it is judged; its SHA-256 is the
                                     definition's hash
              definition.dsse.json   the parties' signatures over it (DSSE envelope, in-toto Statement v1, Ed25519)
              amendments.jsonl       changes of what was agreed, after it was, with the parties' signatures
              outcomes.jsonl         one line an outcome: open, or only committed to
              exclusions.jsonl       where a ruling leaves an outcome out that the findings would else miss
              samples.jsonl          one line a sample, in the order in which they were run: its id, its content hash and
                                     its number in the dataset, or only the commitment; no prompts
              labels.jsonl           what people said of transcripts, where there are such labels
              findings.json          every published number; computed from definition, open outcomes and exclusions alone
              order.json             in which order the open cells were run: how far apart, and whether scores drifted
              report.html            the same for people
              ledger.jsonl           what happened in the round; each line holds the SHA-256 of the one before
              witnesses.jsonl        signatures of parties over heads of the ledger
              keys.json              public keys, as this package states them
              crosswalk.json         where frameworks of buyers ask for what is here
              manifest.json          the SHA-256 of each of these files
              manifest.dsse.json     signatures over the manifest\(buyer)
            Some may be missing: then nobody signed, amended, witnessed, labelled or excluded.

            How to check without parley

              A line of ledger.jsonl: `previous` is the SHA-256 of the line before, without its line feed.
              A commitment: SHA-256("parley.commitment/1" LF || salt || canonical JSON (RFC 8785) of `content`).
              A leaf: SHA-256(0x00 || {"commitment":"sha256:...","position":{...}} in canonical JSON).
              The roots: RFC 6962, over the leaves in the order of the lines.
              A signature: DSSE v1; the key id is the SHA-256 of the 32 bytes of the Ed25519 public key.

            """
    }
}
