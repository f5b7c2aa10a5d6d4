// Where a long job keeps its state: with the job in the database, sealed, under the fence. A worker that no longer holds
// the job can keep nothing, and its run ends there.

import ParleyEvidence
import ParleyModel
import ParleyProbe
import ParleyQueue

struct JobCheckpoints: CheckpointStore {
    let queue: WorkerQueue
    let blobs: BlobStore
    let key: LeaseKey

    func load() async throws -> JSONValue? {
        guard let sealed = try await queue.checkpoint(of: key) else { return nil }
        return try JSONValue(parsing: blobs.load(sealed, at: .checkpoint(key.job)))
    }

    func save(_ state: JSONValue, usage: Usage, cost: Money) async throws(ProbeFailure) {
        let isHeld: Bool
        do {
            let sealed = try blobs.store(state.canonicalBytes, at: .checkpoint(key.job))
            isHeld = try await queue.save(sealed, of: key, usage: usage, cost: cost)
        } catch {
            throw ProbeFailure(.worker, "the checkpoint was not kept: \(error)", fingerprint: "checkpoint")
        }
        guard isHeld else {
            throw ProbeFailure(.workerLost, "the job is another worker's by now", fingerprint: "lease")
        }
    }
}
