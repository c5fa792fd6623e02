import Glibc

/// Reads whole small files, blocking; for the start and for reloads, never on an event loop.
enum FileContents {
    /// Why a file cannot be read, to be read after its path.
    struct Failure: Error, Hashable {
        let reason: String
    }

    /// Most bytes of a file; what the daemon is told fits many times.
    static let mostBytes = 16 << 20

    /// The bytes of the file at `path`.
    static func bytes(at path: String) throws(Failure) -> [UInt8] {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure() }
        guard status.st_mode & S_IFMT != S_IFDIR else { throw Failure(reason: "is a folder") }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(descriptor, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure() }
            if count == 0 { return bytes }
            bytes += chunk[..<count]
            guard bytes.count <= mostBytes else { throw Failure(reason: "is larger than \(mostBytes) bytes") }
        }
    }

    /// The text of the file at `path`, without a byte order mark.
    static func text(at path: String) throws(Failure) -> String {
        var bytes = try bytes(at: path)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
        guard let text = String(validating: bytes, as: UTF8.self) else { throw Failure(reason: "is not UTF-8") }
        return text
    }

    /// The secret in the file at `path`, without a line break at its end; never empty.
    static func secret(at path: String) throws(Failure) -> Secret {
        var bytes = try bytes(at: path)
        while let last = bytes.last, last == UInt8(ascii: "\n") || last == UInt8(ascii: "\r") { bytes.removeLast() }
        guard !bytes.isEmpty else { throw Failure(reason: "is empty") }
        return Secret(bytes)
    }

    private static func failure() -> Failure {
        Failure(reason: "cannot be read: \(String(cString: strerror(errno)))")
    }
}
