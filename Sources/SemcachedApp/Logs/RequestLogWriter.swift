import CacheServer
import Glibc
import NIOPosix
import SemanticCache
import Synchronization

/// Writes the lines of the request log to standard error on a thread that may wait, so that no event loop does.
///
/// What is not read fast enough is dropped and counted.
final class RequestLogWriter: Sendable {
    private struct Contents {
        var lines: [UInt8] = []
        var isWriting = false
        var dropped = 0
    }

    /// Most bytes that wait to be written.
    private static let limit = 1 << 20
    /// Bytes that a pipe takes in one piece (PIPE_BUF): lines of other threads do not get between them.
    private static let pieceBytes = 4096
    /// The label of the lines.
    static let label = "semcached.requests"

    private let format: LogSettings.Format
    private let descriptor: Int32
    private let contents = Mutex(Contents())

    /// Creates a writer to an open file.
    init(_ format: LogSettings.Format, descriptor: Int32 = STDERR_FILENO) {
        self.format = format
        self.descriptor = descriptor
    }

    /// Lines that were dropped so far.
    var dropped: Int { contents.withLock { $0.dropped } }

    /// Writes a line, later; never waits.
    func write(_ record: RequestRecord) {
        let line = format == .json ? RequestLine.json(record) : RequestLine.text(record)
        let mustBegin = contents.withLock { contents in
            guard contents.lines.count + line.count <= Self.limit else {
                contents.dropped += 1
                return false
            }
            contents.lines += line
            defer { contents.isWriting = true }
            return !contents.isWriting
        }
        if mustBegin { NIOThreadPool.singleton.submit { _ in self.writeAll() } }
    }

    /// Returns once everything is written, or after a second.
    func finish() async {
        let end = ContinuousClock.now + .seconds(1)
        while contents.withLock({ $0.isWriting }), ContinuousClock.now < end {
            try? await Task.sleep(for: .milliseconds(5))
        }
    }

    private func writeAll() {
        while true {
            let lines = contents.withLock { contents in
                defer { contents.lines = [] }
                if contents.lines.isEmpty { contents.isWriting = false }
                return contents.lines
            }
            if lines.isEmpty { return }
            write(lines)
        }
    }

    private func write(_ lines: [UInt8]) {
        var rest = lines[...]
        while !rest.isEmpty {
            // Whole lines, as many as go in one piece.
            let end = rest.prefix(Self.pieceBytes).lastIndex(of: 0x0A) ?? rest.firstIndex(of: 0x0A) ?? rest.endIndex - 1
            var piece = rest[...end]
            while !piece.isEmpty {
                // `write` reads the bytes of `piece` only.
                let count = piece.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                guard count > 0 || errno == EINTR else { break }
                piece = piece.dropFirst(max(0, count))
            }
            rest = rest[(end + 1)...]
        }
    }
}
