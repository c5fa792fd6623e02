/// Resolving and writing the backslash escapes of JSON strings.
public enum JSONEscapes {
    /// The text with its escapes resolved, as UTF-8.
    ///
    /// `text` is what stands between the quotation marks of a string that the scanner accepted.
    public static func resolved(_ text: some Collection<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(text.count)
        var iterator = text.makeIterator()
        var highSurrogate: UInt32 = 0
        while let byte = iterator.next() {
            guard byte == UInt8(ascii: "\\"), let escape = iterator.next() else {
                result.append(byte)
                continue
            }
            switch escape {
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "u"):
                var unit: UInt32 = 0
                for _ in 0..<4 { unit = unit << 4 | hexadecimal(iterator.next() ?? 0) }
                if unit & 0xFC00 == 0xD800 {
                    highSurrogate = unit
                } else if unit & 0xFC00 == 0xDC00 {
                    append(0x10000 + (highSurrogate & 0x3FF) << 10 + (unit & 0x3FF), to: &result)
                } else {
                    append(unit, to: &result)
                }
            default: result.append(escape)
            }
        }
        return result
    }

    /// Appends `text` to `output` as the inside of a JSON string: only what must be escaped is.
    public static func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in text {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                output.append(UInt8(ascii: "\\"))
                output.append(byte)
            case 0x0A: output += [UInt8(ascii: "\\"), UInt8(ascii: "n")]
            case 0x0D: output += [UInt8(ascii: "\\"), UInt8(ascii: "r")]
            case 0x09: output += [UInt8(ascii: "\\"), UInt8(ascii: "t")]
            case 0..<0x20:
                output += "\\u00".utf8
                output.append(digits[Int(byte >> 4)])
                output.append(digits[Int(byte & 15)])
            default: output.append(byte)
            }
        }
    }

    private static let digits = Array("0123456789abcdef".utf8)

    @inline(__always)
    static func hexadecimal(_ byte: UInt8) -> UInt32 {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte) - 0x37
        default: 0
        }
    }

    private static func append(_ scalar: UInt32, to output: inout [UInt8]) {
        guard let scalar = Unicode.Scalar(scalar) else { return }
        output.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }
}
