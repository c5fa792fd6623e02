import Glibc

/// Why a key file holds no key.
public struct KeyFileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong, to be read after the path.
    public let problem: String

    /// One line for a person; shows nothing of the contents.
    public var description: String { "\(path) \(problem)" }
}

/// A key for a server, which no description shows.
struct ServerKey: Sendable, Hashable, CustomStringConvertible, CustomReflectable {
    private static let limit = 16_384

    let secret: String

    var description: String { "(redacted)" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Reads the only word of a file; blocks.
    static func stored(at path: String) throws(KeyFileError) -> ServerKey {
        guard let bytes = bytes(at: path) else { throw KeyFileError(path: path, problem: "cannot be read") }
        let words = bytes.split { $0 == 0x20 || 0x09...0x0D ~= $0 }
        guard let word = words.first else { throw KeyFileError(path: path, problem: "is empty") }
        guard words.count == 1, bytes.count < limit, word.allSatisfy({ 0x21...0x7E ~= $0 }) else {
            throw KeyFileError(path: path, problem: "must hold one key of printable ASCII and nothing else")
        }
        return ServerKey(secret: String(decoding: word, as: UTF8.self))
    }

    /// At most `limit` bytes of a file, nil when it cannot be read.
    private static func bytes(at path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: limit)
        var count = 0
        while count < limit {
            // The pointer is used within the call only, for the bytes that are left of the array.
            let got = bytes.withUnsafeMutableBytes {
                read(descriptor, $0.baseAddress.map { $0 + count }, limit - count)
            }
            if got < 0, errno == EINTR { continue }
            guard got >= 0 else { return nil }
            if got == 0 { break }
            count += got
        }
        return Array(bytes.prefix(count))
    }
}
