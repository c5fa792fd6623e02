import Glibc

/// The lines of a file, one at a time, so that a file of any length takes a bounded amount of memory.
struct LineSource: ~Copyable {
    /// One line.
    struct Line: Sendable {
        /// Its number, counted from 1.
        var number: Int
        /// Its bytes without the line end; nil when the line is longer than is taken.
        var bytes: [UInt8]?
        /// Bytes of the file up to its end.
        var end: Int

        /// Whether there is nothing in it but white space.
        var isBlank: Bool { bytes?.allSatisfy { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D } ?? false }
    }

    /// Bytes of the file; nil when it is not a regular file.
    let size: Int?
    private let path: String
    private let descriptor: Int32
    private let maximumBytes: Int
    private var part: ArraySlice<UInt8> = []
    private var number = 0
    private var consumed = 0
    private var isAtEnd = false

    /// Opens the file at `path`, or standard input for `-`.
    init(_ path: String, maximumBytes: Int = 64 << 20) throws(CommandFailure) {
        self.path = path
        self.maximumBytes = maximumBytes
        descriptor = try FileBytes.opened(path)
        var status = stat()
        size = fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFREG ? Int(status.st_size) : nil
    }

    deinit { if path != "-" { close(descriptor) } }

    /// The next line; nil after the last.
    mutating func next() throws(CommandFailure) -> Line? {
        var line: [UInt8] = []
        var isTooLong = false
        var hasAny = false
        while true {
            if part.isEmpty, !isAtEnd {
                part = try FileBytes.next(descriptor, path)[...]
                isAtEnd = part.isEmpty
            }
            if isAtEnd {
                guard hasAny else { return nil }
                break
            }
            hasAny = true
            let end = part.firstIndex(of: 0x0A)
            let text = part[..<(end ?? part.endIndex)]
            consumed += text.count + (end == nil ? 0 : 1)
            part = end.map { part[($0 + 1)...] } ?? []
            if isTooLong || line.count + text.count > maximumBytes {
                isTooLong = true
                line = []
            } else {
                line += text
            }
            if end != nil { break }
        }
        number += 1
        return Line(number: number, bytes: isTooLong ? nil : line, end: consumed)
    }
}
