// Durations as the database and transcripts hold them: whole microseconds.

extension Duration {
    /// The whole microseconds of the duration; what is less than one is cut off.
    public var wholeMicroseconds: Int64 { components.seconds * 1_000_000 + components.attoseconds / 1_000_000_000_000 }
}
