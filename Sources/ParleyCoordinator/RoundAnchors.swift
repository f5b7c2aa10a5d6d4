// By what samples of two rounds are paired: their content. A held-out sample is named by a commitment that is salted with
// its round's key, so that nobody confirms a guess of it, nor sees that two rounds share it. Who holds the key reads the
// sample and takes the hash of its content; that hash is used here and is neither stored nor shown.

import ParleyEvidence
import ParleyModel
import ParleyQueue

extension CoordinatorQueue {
    private static var anchorPage: Int { 1000 }

    /// A round for a comparison, its held-out suites opened as far as the key opens them.
    func anchors(of round: RoundID, with key: SealKey?) async throws -> RoundComparer.Round {
        let definition = try await open(round).definition
        var samples = try await sampleHashes(round: round)
        var sealed: Set<SuiteName> = []
        let seals = try await seals(of: round, with: key)
        for (number, suite) in definition.suites.enumerated() where suite.isHeldOut {
            guard samples.indices.contains(number), let store = try? seals.samples(suite: number) else {
                sealed.insert(suite.name)
                continue
            }
            samples[number] = try await contents(round: round, suite: number, count: samples[number].count, from: store)
        }
        return RoundComparer.Round(definition: definition, samples: samples, sealed: sealed)
    }

    private func contents(
        round: RoundID,
        suite: Int,
        count: Int,
        from store: BlobStore
    ) async throws -> [ContentHash] {
        var hashes: [ContentHash] = []
        for first in stride(from: 0, to: count, by: Self.anchorPage) {
            let numbers = first..<min(first + Self.anchorPage, count)
            let page = try await samples(round: round, suite: suite, numbers: numbers)
            for number in numbers {
                guard let sample = page[number] else {
                    throw ParleyFailure(.database, "Sample \(number) of suite \(suite) is not stored.")
                }
                hashes.append(try store.sample(sample.content, at: .sample(number)).contentHash)
            }
        }
        return hashes
    }
}
