// An array for millions of numbers that starts as zeros: its pages come from the kernel when they are first touched, as
// large ones where the system allows it. Page faults of 4 KiB each would cost more than the sums that go into them.

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#endif

/// A fixed number of elements, all bits zero at first. A value: a copy that is written to becomes its own.
public struct LargeArray<Element: BitwiseCopyable & Sendable>: Sendable {
    private var storage: LargeStorage

    /// The number of elements.
    public let count: Int

    /// Makes an array of zeros. Traps when the system has no memory left.
    ///
    /// - Parameter count: at least 0.
    public init(zeros count: Int) {
        precondition(count >= 0, "LargeArray: the count must not be negative, is \(count)")
        self.count = count
        storage = LargeStorage(bytes: count * MemoryLayout<Element>.stride)
    }

    /// Whether there is no element.
    public var isEmpty: Bool { count == 0 }

    /// The positions.
    public var indices: Range<Int> { 0..<count }

    /// An element.
    public subscript(index: Int) -> Element {
        @inline(__always)
        get {
            precondition(index >= 0 && index < count, "LargeArray: no element \(index) in \(count)")
            return elements[index]
        }
        @inline(__always)
        set {
            precondition(index >= 0 && index < count, "LargeArray: no element \(index) in \(count)")
            makeUnique()
            elements[index] = newValue
        }
    }

    /// Calls `body` with the elements to read.
    @inlinable
    public func withSpan<Result>(_ body: (Span<Element>) throws -> Result) rethrows -> Result {
        try body(UnsafeBufferPointer(start: elements, count: count).span)
    }

    /// Calls `body` with the elements to change.
    public mutating func withMutableSpan<Result>(_ body: (inout MutableSpan<Element>) throws -> Result) rethrows
        -> Result
    {
        makeUnique()
        var span = UnsafeMutableBufferPointer(start: elements, count: count).mutableSpan
        return try body(&span)
    }

    @usableFromInline var elements: UnsafeMutablePointer<Element> {
        storage.address.assumingMemoryBound(to: Element.self)
    }

    private mutating func makeUnique() {
        guard !isKnownUniquelyReferenced(&storage) else { return }
        let copy = LargeStorage(bytes: storage.bytes)
        copy.address.copyMemory(from: storage.address, byteCount: storage.bytes)
        storage = copy
    }
}

extension LargeArray: Equatable {
    /// Compares bit by bit.
    public static func == (left: Self, right: Self) -> Bool {
        left.count == right.count && memcmp(left.elements, right.elements, left.storage.bytes) == 0
    }
}

/// Anonymous memory, zero until written, given back at the end.
@usableFromInline
final class LargeStorage: @unchecked Sendable {
    /// From this size on large pages are asked for.
    private static let largePage = 2 << 20

    @usableFromInline let address: UnsafeMutableRawPointer
    let bytes: Int
    private let mapping: (start: UnsafeMutableRawPointer, bytes: Int)?

    init(bytes: Int) {
        self.bytes = bytes
        guard bytes >= Self.largePage / 2 else {
            address = UnsafeMutableRawPointer.allocate(byteCount: max(bytes, 1), alignment: 64)
            memset(address, 0, bytes)
            mapping = nil
            return
        }
        // A large page starts at a multiple of its size.
        let reserved = bytes + 2 * Self.largePage
        guard let start = mmap(nil, reserved, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
            start != MAP_FAILED
        else { fatalError("LargeArray: the system has no \(reserved) bytes left") }
        mapping = (start, reserved)
        let aligned = (UInt(bitPattern: start) + UInt(Self.largePage) - 1) & ~(UInt(Self.largePage) - 1)
        address = start + Int(aligned - UInt(bitPattern: start))
        // Advice: where it is not taken, small pages serve as well.
        madvise(address, (bytes + Self.largePage - 1) & ~(Self.largePage - 1), MADV_HUGEPAGE)
    }

    deinit {
        if let mapping { munmap(mapping.start, mapping.bytes) } else { address.deallocate() }
    }
}
