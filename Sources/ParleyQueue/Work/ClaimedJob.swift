// A job in a worker's hands, and the key under which it gives it back.

public import ParleyModel

/// What a worker holds of a job: its number and the fence of this claim. Every answer about the job carries it; a key
/// whose fence has been overtaken is lost.
public struct LeaseKey: Hashable, Sendable {
    public let job: JobID
    /// Grows with every claim of the job.
    public let fence: Int64
    /// The first job of the block through which it is held; nil for a job that came back, and for a grade.
    public let block: JobID?

    public init(job: JobID, fence: Int64, block: JobID? = nil) {
        self.job = job
        self.fence = fence
        self.block = block
    }
}

/// The two stages of an observation. The raw values are stored.
public enum Stage: Int16, Sendable, Hashable, CaseIterable {
    /// One sample × epoch of a cell is put to the model.
    case probe = 0
    /// One judge grades the answer of one probe.
    case grade = 1
}

/// A claimed job: everything needed to run it, together with the round's definition and the sample.
public struct ClaimedJob: Hashable, Sendable {
    public let key: LeaseKey
    public let round: RoundID
    public let stream: StreamID
    public let stage: Stage
    /// Index in `RoundDefinition.cells`.
    public let cell: Int
    /// Index in `RoundDefinition.suites`.
    public let suite: Int
    /// Index in the frozen order of the suite's samples.
    public let sample: Int
    /// From 1.
    public let epoch: Int
    /// Index in the grader's judges; nil for a probe.
    public let judge: Int?
    /// Which attempt this is, from 1; released and paused ones are not counted.
    public let attempt: Int
    /// The probe whose answer is to be graded; nil for a probe.
    public let probe: JobID?

    public var id: JobID { key.job }
}
