import NIOCore

/// Writes the words of one command straight into a connection's output.
public struct RedisCommandWriter {
    var output: ByteBuffer
    private(set) var words = 0

    init(output: ByteBuffer) {
        self.output = output
    }

    /// Writes one word.
    public mutating func write(_ bytes: [UInt8]) {
        words += 1
        output.writeRESPBulk(bytes)
    }

    /// Writes one word; the bytes are copied.
    public mutating func write(_ bytes: UnsafeRawBufferPointer) {
        words += 1
        output.writeRESPBulk(bytes)
    }

    /// Writes one word, its text in UTF-8.
    public mutating func write(_ text: String) {
        words += 1
        output.writeRESPBulk(text)
    }

    /// Writes one word, a number in decimal.
    public mutating func write(_ number: Int64) {
        words += 1
        output.writeRESPBulk(number)
    }
}
