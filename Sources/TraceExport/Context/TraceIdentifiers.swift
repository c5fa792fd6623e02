/// Names a trace: 16 bytes, not all zero.
struct TraceID: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    /// Creates an id; nil of zeros.
    init?(high: UInt64, low: UInt64) {
        guard high != 0 || low != 0 else { return nil }
        self.high = high
        self.low = low
    }

    /// A new id.
    static func random(using generator: inout some RandomNumberGenerator) -> TraceID {
        while true {
            if let id = TraceID(high: generator.next(), low: generator.next()) { return id }
        }
    }

    /// 32 hexadecimal digits, in lower case.
    var hex: String { high.paddedHex + low.paddedHex }
}

/// Names a span of a trace: 8 bytes, not all zero.
struct SpanID: Sendable, Hashable {
    let value: UInt64

    /// Creates an id; nil of zeros.
    init?(_ value: UInt64) {
        guard value != 0 else { return nil }
        self.value = value
    }

    /// A new id.
    static func random(using generator: inout some RandomNumberGenerator) -> SpanID {
        while true {
            if let id = SpanID(generator.next()) { return id }
        }
    }

    /// 16 hexadecimal digits, in lower case.
    var hex: String { value.paddedHex }
}

extension UInt64 {
    /// 16 hexadecimal digits, in lower case.
    fileprivate var paddedHex: String {
        let digits = String(self, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The value of at most 16 hexadecimal digits in lower case; nil for anything else.
    init?(lowercaseHex text: some StringProtocol) {
        guard 1...16 ~= text.utf8.count else { return nil }
        var value: UInt64 = 0
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39: value = value << 4 | UInt64(byte - 0x30)
            case 0x61...0x66: value = value << 4 | UInt64(byte - 0x57)
            default: return nil
            }
        }
        self = value
    }
}
