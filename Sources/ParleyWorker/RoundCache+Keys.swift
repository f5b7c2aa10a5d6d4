// The keys of held-out suites that this worker was admitted to. It offers a suite only once it can open all of it: a
// worker without the key is never given such a job.

import Logging
import ParleyEvidence
import ParleyModel
import ParleyQueue

extension RoundCache {
    /// How often it is looked for suites that this worker was admitted to.
    static let keyInterval = Duration.seconds(5)

    /// Reads the keys that are wrapped for this worker's own, opens them and offers what they are for.
    func refreshKeys() async throws {
        guard let sealKey else { return }
        let wrapped = try await queue.keys(for: sealKey.recipient.id)
        let known = Set(wrapped.map(\.key.wrapped))
        guard known != knownKeys else { return }
        forgetVeiled()
        var offered: [(round: RoundID, suite: Int)] = []
        for (id, wrapped) in Dictionary(grouping: wrapped, by: \.round) {
            let entry: Entry
            do { entry = try await round(id) } catch let failure as ParleyFailure {
                // A secret is missing: its suites are not offered, and the rest goes on.
                logger.error("a round cannot be read", metadata: ["round": "\(id)", "error": "\(failure.message)"])
                continue
            }
            var sealKey = sealKey
            sealKey.partySecrets = entry.veil?.secrets ?? partySecrets
            let keys = wrapped.compactMap { _, key -> DataKey? in
                let slot = KeySlot(round: entry.hash, suite: key.suite, party: key.party)
                do { return try DataKey(slot: slot, wrapped: key.wrapped, with: sealKey) } catch {
                    // Wrapped for another slot, damaged, or bound to a secret that is not here: the suite is not offered,
                    // and the rest goes on.
                    logger.error("a wrapped key does not open", metadata: ["round": "\(id)", "suite": "\(key.suite)"])
                    return nil
                }
            }
            let seals = RoundSeals(entry.definition, hash: entry.hash, keys: keys)
            set(seals, for: id)
            offered += entry.definition.suites.indices
                .filter { entry.definition.suites[$0].isHeldOut && seals.canOpen(suite: $0) }
                .map { (id, $0) }
        }
        try await queue.offer(offered)
        knownKeys = known
    }

    /// Looks for keys now and then, until cancelled.
    func watchKeys() async {
        guard sealKey != nil else { return }
        while !Task.isCancelled {
            do { try await refreshKeys() } catch {
                logger.warning("keys of held-out suites cannot be read", metadata: ["error": "\(error)"])
            }
            try? await Task.sleep(for: Self.keyInterval)
        }
    }
}
