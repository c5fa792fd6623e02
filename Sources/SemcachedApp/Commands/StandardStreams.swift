import Glibc

/// Writes whole texts to the standard streams, for commands.
enum StandardStreams {
    /// Writes what the command was asked for.
    static func write(output text: String) { write(text, to: STDOUT_FILENO) }

    /// Writes everything else, as one line per sentence.
    static func write(error text: String) { write(text + "\n", to: STDERR_FILENO) }

    private static func write(_ text: String, to descriptor: Int32) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
