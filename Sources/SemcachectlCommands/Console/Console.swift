import Glibc

/// What a command sees of the process that it runs in.
struct Console: Sendable {
    /// The console of the running command.
    @TaskLocal static var current = Console.process

    /// The environment's variables.
    var environment: [String: String]
    /// Where standard input is read from.
    var inputDescriptor: Int32
    /// Whether a person can answer on standard input.
    var isInputTerminal: Bool
    /// Whether standard output is a terminal.
    var isOutputTerminal: Bool
    /// Whether standard error is a terminal.
    var isErrorTerminal: Bool
    /// Seconds since 1970.
    var now: @Sendable () -> Double
    /// Writes to standard output.
    var output: @Sendable ([UInt8]) throws(OutputError) -> Void
    /// Writes to standard error; what cannot be written is lost.
    var errors: @Sendable ([UInt8]) -> Void

    /// Writes a text and a line end to standard output.
    func print(_ text: String) throws(OutputError) { try output(Array(text.utf8) + [UInt8(ascii: "\n")]) }

    /// Writes a text and a line end to standard error.
    func note(_ text: String) { errors(Array(text.utf8) + [UInt8(ascii: "\n")]) }

    /// The console of this process.
    static var process: Console {
        Console(
            environment: Console.processEnvironment(),
            inputDescriptor: STDIN_FILENO,
            isInputTerminal: isatty(STDIN_FILENO) == 1,
            isOutputTerminal: isatty(STDOUT_FILENO) == 1,
            isErrorTerminal: isatty(STDERR_FILENO) == 1,
            now: {
                var time = timespec()
                clock_gettime(CLOCK_REALTIME, &time)
                return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
            },
            output: { bytes throws(OutputError) in try Console.write(bytes, to: STDOUT_FILENO) },
            errors: { bytes in try? Console.write(bytes, to: STDERR_FILENO) }
        )
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) throws(OutputError) {
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count >= 0 {
                written += count
            } else if errno == EPIPE {
                throw .readerIsGone
            } else if errno != EINTR {
                throw .failed(String(cString: strerror(errno)))
            }
        }
    }

    private static func processEnvironment() -> [String: String] {
        var result: [String: String] = [:]
        // `environ` ends in a null pointer and is read before anything could change it.
        var next = environ
        while let line = next.pointee {
            let parts = String(cString: line).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { result[String(parts[0])] = String(parts[1]) }
            next += 1
        }
        return result
    }
}

/// Why standard output takes nothing more.
enum OutputError: Error, Equatable {
    /// Whoever read it has closed it.
    case readerIsGone
    /// The system's words for another failure.
    case failed(String)
}
