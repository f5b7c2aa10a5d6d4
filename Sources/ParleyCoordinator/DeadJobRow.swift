// A dead job as it is listed: what `parley dead list --json` prints, and what the service answers.

public import ParleyModel
public import ParleyQueue

/// A dead job with its cell by name.
public struct DeadJobRow: Hashable, Sendable, Codable {
    public let job: Int64
    public let suite: SuiteName
    public let configuration: ConfigurationName
    public let sample: Int
    public let epoch: Int
    public let attempts: Int
    public let failureClass: String
    public let message: String
    public let ruling: Ruling?

    public init(_ job: DeadJob, _ cell: Cell) {
        self.job = job.job.rawValue
        suite = cell.suite
        configuration = cell.configuration
        sample = job.sample
        epoch = job.epoch
        attempts = job.attempt
        failureClass = job.failureClass
        message = job.message
        ruling = job.ruling
    }
}
