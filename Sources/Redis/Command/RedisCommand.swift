import NIOCore

/// One command and its arguments, encoded as it is built.
///
/// ```swift
/// var command = RedisCommand("SET", key, value)
/// command.append("PX")
/// command.append(60_000)
/// ```
public struct RedisCommand: Sendable {
    /// The key by which a cluster finds the server; nil where any server will do.
    ///
    /// All keys of a command must be in one slot.
    public var key: [UInt8]?
    private(set) var words = 0
    private(set) var encoded: ByteBuffer

    /// A command by its name and its arguments, which may be any bytes; the first of them, if any, is its ``key``.
    public init(_ name: String, _ arguments: [UInt8]...) {
        self.init(reserving: arguments.reduce(32 + name.utf8.count) { $0 + $1.count + 26 })
        key = arguments.first
        append(name)
        for argument in arguments { append(argument) }
    }

    /// A command without words, with room for some bytes.
    init(reserving bytes: Int) {
        encoded = ByteBuffer()
        encoded.reserveCapacity(bytes)
    }

    /// A command whose arguments are keys, all of one slot.
    init(_ name: String, keys: [[UInt8]]) {
        self.init(reserving: keys.reduce(32 + name.utf8.count) { $0 + $1.count + 26 })
        key = keys.first
        append(name)
        append(contentsOf: keys)
    }

    /// A command by its words, the name first; `key` is its ``key`` and no word of it.
    public init(words: [String], key: [UInt8]? = nil) {
        encoded = ByteBuffer()
        self.key = key
        for word in words { append(word) }
    }

    /// Appends one argument.
    public mutating func append(_ bytes: [UInt8]) {
        words += 1
        encoded.writeRESPBulk(bytes)
    }

    /// Appends one argument, its text in UTF-8.
    public mutating func append(_ text: String) {
        words += 1
        encoded.writeRESPBulk(text)
    }

    /// Appends one argument, a number in decimal.
    public mutating func append(_ number: Int64) {
        words += 1
        encoded.writeRESPBulk(number)
    }

    /// Appends each of these as one argument.
    public mutating func append(contentsOf arguments: [[UInt8]]) {
        for argument in arguments { append(argument) }
    }
}

extension RedisCommand {
    /// Appends the whole command to `output`.
    func write(to output: inout ByteBuffer) {
        output.writeRESPArrayHead(words)
        output.writeImmutableBuffer(encoded)
    }
}
