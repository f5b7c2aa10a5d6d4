// Where a blob belongs. An encrypted blob opens only where it was stored, so that exchanged blobs are found out.

public import ParleyModel

/// Where a blob belongs within its round.
public enum BlobPlace: Hashable, Sendable {
    /// By its index in the frozen order of its suite.
    case sample(Int)
    case transcript(JobID)
    case checkpoint(JobID)
    /// No place of its own; never encrypted.
    case unbound

    /// A job is named by its number within the round, which follows from the plan.
    var label: [UInt8]? {
        let ordinals: Int64 = (1 << 36) - 1
        return switch self {
        case .sample(let number): Array("sample \(number)".utf8)
        case .transcript(let job): Array("transcript \(job.rawValue & ordinals)".utf8)
        case .checkpoint(let job): Array("checkpoint \(job.rawValue & ordinals)".utf8)
        case .unbound: nil
        }
    }
}
