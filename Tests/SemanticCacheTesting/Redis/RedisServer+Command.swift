import Glibc

/// A reply to ``RedisServer/command(_:)``.
public enum RedisServerReply: Sendable, Equatable {
    /// A null bulk string or a null array.
    case null
    /// An integer.
    case integer(Int)
    /// A status or a bulk string; bytes that are no UTF-8 are replaced.
    case text(String)
    /// An array.
    case array([RedisServerReply])

    /// The text of a status or bulk string, else nil.
    public var text: String? {
        guard case .text(let text) = self else { return nil }
        return text
    }

    /// The value of an integer, or of a text that is one, else nil.
    public var integer: Int? {
        switch self {
        case .integer(let value): value
        case .text(let text): Int(text)
        case .null, .array: nil
        }
    }

    /// The elements of an array, else nil.
    public var elements: [RedisServerReply]? {
        guard case .array(let elements) = self else { return nil }
        return elements
    }
}

extension RedisServer {
    /// Sends one command over a connection of its own and blocks until its reply, at most 30 seconds.
    ///
    /// Shares no code with the client under test. An error reply is thrown as ``ChildProcess/Failure``.
    @discardableResult
    public func command(_ words: String...) throws -> RedisServerReply {
        try command(words)
    }

    /// Sends one command over a connection of its own and blocks until its reply, at most 30 seconds.
    @discardableResult
    public func command(_ words: [String]) throws -> RedisServerReply {
        try rawCommand(words.map { Array($0.utf8) }).reply
    }

    /// The same with words and a reply that may be any bytes.
    func rawCommand(_ words: [[UInt8]]) throws -> RawReply {
        let connection = try BlockingConnection(path: socketPath)
        if let password {
            _ = try connection.exchange(["AUTH", "default", password].map { Array($0.utf8) })
        }
        return try connection.exchange(words)
    }
}

/// A reply whose texts are bytes.
enum RawReply {
    case null
    case integer(Int)
    case bytes([UInt8])
    case array([RawReply])

    var reply: RedisServerReply {
        switch self {
        case .null: .null
        case .integer(let value): .integer(value)
        case .bytes(let bytes): .text(String(decoding: bytes, as: UTF8.self))
        case .array(let elements): .array(elements.map(\.reply))
        }
    }

    /// The bytes of each element of an array.
    var strings: [[UInt8]] {
        guard case .array(let elements) = self else { return [] }
        return elements.compactMap { if case .bytes(let bytes) = $0 { bytes } else { nil } }
    }
}

/// One blocking connection to a unix socket.
private final class BlockingConnection {
    private let descriptor: Int32
    private var received: [UInt8] = []
    private var position = 0

    init(path: String) throws {
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var patience = timeval(tv_sec: 30, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: Array(path.utf8).prefix($0.count - 1)) }
        let connected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard connected == 0 else {
            // Closed by deinit, which runs: everything is initialized.
            throw ChildProcess.Failure(description: "cannot connect: \(String(cString: strerror(errno)))")
        }
    }

    deinit { close(descriptor) }

    func exchange(_ words: [[UInt8]]) throws -> RawReply {
        var request = Array("*\(words.count)\r\n".utf8)
        for word in words { request += Array("$\(word.count)\r\n".utf8) + word + Array("\r\n".utf8) }
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes {
                send(descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw ChildProcess.Failure(description: "the server closed the connection") }
            sent += count
        }
        return try reply()
    }

    private func reply() throws -> RawReply {
        let line = try line()
        let rest = String(decoding: line.dropFirst(), as: UTF8.self)
        let count = Int(rest)
        switch (line.first, count) {
        case (UInt8(ascii: "+"), _): return .bytes(Array(rest.utf8))
        case (UInt8(ascii: ":"), let value?): return .integer(value)
        case (UInt8(ascii: "-"), _): throw ChildProcess.Failure(description: rest)
        case (UInt8(ascii: "$"), let count?), (UInt8(ascii: "*"), let count?):
            if count < 0 { return .null }
            if line.first == UInt8(ascii: "*") { return .array(try (0..<count).map { _ in try reply() }) }
            return .bytes(Array(try bytes(count + 2).dropLast(2)))
        default: throw ChildProcess.Failure(description: "unexpected reply: \(line)")
        }
    }

    private func line() throws -> ArraySlice<UInt8> {
        var end = position
        while true {
            while end + 1 < received.count {
                if received[end] == 13, received[end + 1] == 10 {
                    defer { position = end + 2 }
                    return received[position..<end]
                }
                end += 1
            }
            try receive()
        }
    }

    private func bytes(_ count: Int) throws -> ArraySlice<UInt8> {
        while received.count < position + count { try receive() }
        defer { position += count }
        return received[position..<position + count]
    }

    private func receive() throws {
        var chunk = [UInt8](repeating: 0, count: 65_536)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        guard count > 0 else { throw ChildProcess.Failure(description: "no reply: the server is silent or gone") }
        received += chunk[..<count]
    }
}
