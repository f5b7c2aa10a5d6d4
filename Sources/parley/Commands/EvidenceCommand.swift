// parley evidence: a round as a package that a stranger can check.

import ArgumentParser
import ParleyCoordinator
import ParleyEvidence
import ParleyModel
import ParleyQueue
import ParleyReport

struct EvidenceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "evidence",
        abstract: "Write a round as a package that a stranger can check.",
        discussion: """
            The package is a folder, or one file where the name ends in .tar. It holds no prompts and no transcripts. \
            With --recipient, outcomes of other parties' suites on other parties' models are committed to and counted \
            in place of being shown. All packages of a round are made with one file of salts, so that they have one \
            Merkle root; keep that file. Where a coordinator with a key witnesses the round, it is the one in its folder \
            of witnesses.

            With --for VENDOR it is made for buyers of that party's models: findings on them are open, others committed \
            to; buyer.html says all of it to people and can be printed, claims.cdx.json to programs. A finding whose \
            interval holds the --threshold is 'not shown'. Five outcomes a finding are drawn at random; those of suites \
            without --show are redacted.

            Without --recipient it is a release: the round must be published or corrected. --preview makes it before, and \
            the package says on its first lines, on its page and when it is verified that it is none. The ledger records \
            every package by the hash of its manifest, with --because.

            Examples:
              parley evidence spring --output spring.tar --key mediator.key
              parley evidence spring --output for-north --recipient north --agreement spring.dsse.json \\
                --public north.pub --public south.pub
              parley evidence spring --output buyers.tar --for north --threshold safety=0.95 --key mediator.key \\
                --public north.pub --response north-response.dsse.json
            """
    )

    @Argument(help: "The round.")
    var round: String
    @Option(name: .shortAndLong, help: ArgumentHelp("The folder or .tar file to write.", valueName: "path"))
    var output: String
    @Option(help: "The party that gets it: it sees its own models and its own suites. Default: everything is open.")
    var recipient: String?
    @Option(help: ArgumentHelp("The parties' signatures; default those in the database.", valueName: "file"))
    var agreement: String?
    @Option(help: ArgumentHelp("A signature over the ledger, as `parley witness` writes it.", valueName: "file"))
    var witness: [String] = []
    @Option(help: ArgumentHelp("A party's public key, to be named in the package.", valueName: "file"))
    var `public`: [String] = []
    @Option(help: "Open the samples of this suite: ids and hashes, no prompts.")
    var open: [String] = []
    @Option(help: ArgumentHelp("The round's salts; made if missing. Default: ROUND.salts.", valueName: "file"))
    var salts: String?
    @OptionGroup var release: ReleaseOptions
    @OptionGroup var buyer: BuyerOptions
    @OptionGroup var sealKey: SealKeyOption
    @OptionGroup var signer: SignerOptions
    @OptionGroup var labels: LabelsOption
    @Flag(help: "Print the manifest as JSON.")
    var json = false
    @OptionGroup var database: DatabaseOptions
    @OptionGroup var log: LogOptions

    func validate() throws {
        if recipient != nil, buyer.vendor != nil { throw ValidationError("--recipient and --for exclude each other") }
    }

    func run() async throws {
        let signers = try signer.signers()
        let package = try await database.open(logger: log.logger("parley")).use { session in
            let record = try await session.round(round)
            let reader = ReleaseOptions.Reader(recipient: recipient, vendor: buyer.vendor)
            try release.check(record, for: reader)
            var builder = try await session.queue.packageBuilder(
                round: record,
                recipient: recipient.map { PartyName($0) },
                salts: try SaltSecret(file: salts ?? "\(record.name).salts"),
                labels: labels.file,
                parleyVersion: ParleyVersion.text
            )
            builder.openSuites = try opened(in: builder.definition)
            if let agreement { builder.agreement = try DSSEEnvelope(file: agreement) }
            builder.keys += try self.public.map { try PublicKey(file: $0) }
            let left = builder.keepWitnesses(by: builder.keys + signers.map(\.publicKey))
            if left > 0 {
                Console.error("\(left) witnesses are left out: name their keys with --public to put them in.")
            }
            builder.witnesses += try witness.map { try DSSEEnvelope(file: $0) }
            builder.report = PackageCheck.drawReport
            try buyer.apply(to: &builder)
            if builder.buyer != nil, builder.buyer?.nextRoundDue == nil {
                builder.buyer?.nextRoundDue = try await session.queue.nextRoundDue(after: record.name)
            }
            let seals = try await session.queue.seals(of: record.id, with: sealKey.key)
            try await session.queue.addDialogues(to: &builder, round: record, seals: seals)
            let package = try await session.queue.build(builder, signers: signers)
            try await check(package)
            try await release.record(package, of: record, for: reader, session)
            return package
        }
        try package.write(to: output)
        if json, let manifest = package[.manifest] {
            Console.print(String(decoding: manifest.dropLast(), as: UTF8.self))
        } else {
            Console.print(output)
        }
    }

    private func check(_ package: PackageFiles) async throws {
        let report = try await PackageCheck.reportFromQueue(on: package)
        if let failed = report.checks.first(where: { $0.status == .failed }) {
            throw ParleyFailure(
                .failure,
                "The package would not pass its own check: \(failed.subject ?? failed.check): \(failed.reason)",
                remedy: "Nothing was written."
            )
        }
    }

    private func opened(in definition: RoundDefinition) throws -> Set<SuiteName> {
        for name in open where definition.suite(SuiteName(name)) == nil {
            throw ParleyFailure(
                .invalidInput,
                "Round '\(round)' has no suite '\(name)'.",
                remedy: "Its suites: \(definition.suites.map(\.name.text).joined(separator: ", "))."
            )
        }
        return Set(open.map { SuiteName($0) })
    }
}
