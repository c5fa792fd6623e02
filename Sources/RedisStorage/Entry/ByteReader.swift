/// Reads big-endian integers and texts from bytes that may be anything; nil where there are too few.
struct ByteReader {
    let bytes: [UInt8]
    private(set) var at: Int

    init(_ bytes: [UInt8], at: Int = 0) {
        self.bytes = bytes
        self.at = at
    }

    /// One byte.
    mutating func byte() -> UInt8? {
        guard at < bytes.count else { return nil }
        defer { at += 1 }
        return bytes[at]
    }

    /// An integer of `size` bytes, at most 8.
    mutating func word(_ size: Int = 8) -> UInt64? {
        guard bytes.count - at >= size else { return nil }
        var word: UInt64 = 0
        for _ in 0..<size {
            word = word << 8 | UInt64(bytes[at])
            at += 1
        }
        return word
    }

    /// An integer in 7-bit groups, the least first, as LEB128 has it.
    mutating func number() -> UInt64? {
        var number: UInt64 = 0
        var shift: UInt64 = 0
        while let byte = byte() {
            guard shift < 63 || byte <= 1 else { return nil }
            number |= UInt64(byte & 127) << shift
            if byte < 128 { return number }
            shift += 7
        }
        return nil
    }

    /// A count of at most `limit`.
    mutating func count(limit: Int) -> Int? {
        guard let number = number(), number <= UInt64(limit) else { return nil }
        return Int(number)
    }

    /// A text with its length before it.
    mutating func text() -> String? {
        guard let count = count(limit: bytes.count - at), count <= bytes.count - at else { return nil }
        defer { at += count }
        return String(validating: bytes[at..<at + count], as: UTF8.self)
    }

    /// The place of the next `count` bytes.
    mutating func range(_ count: Int) -> Range<Int>? {
        guard count <= bytes.count - at else { return nil }
        defer { at += count }
        return at..<at + count
    }
}

extension [UInt8] {
    /// Appends an integer, big-endian.
    mutating func append(word: UInt64) {
        for shift in stride(from: UInt64(56), through: 0, by: -8) {
            append(UInt8(truncatingIfNeeded: word >> shift))
        }
    }

    /// Appends an integer in 7-bit groups, the least first.
    mutating func append(number: UInt64) {
        var rest = number
        while rest > 127 {
            append(UInt8(truncatingIfNeeded: rest) | 128)
            rest >>= 7
        }
        append(UInt8(truncatingIfNeeded: rest))
    }

    /// Appends a text with its length before it.
    mutating func append(text: String) {
        append(number: UInt64(text.utf8.count))
        append(contentsOf: text.utf8)
    }
}
