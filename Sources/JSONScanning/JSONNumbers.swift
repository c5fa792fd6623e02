/// Numbers by their exact decimal value, without rounding through binary.
public enum JSONNumbers {
    /// The most digits that an exponent may have, leading zeros not counted.
    public static let maximumExponentDigits = 9
    /// How many bytes ``normalize(_:into:)`` may write beyond the length of what it reads.
    public static let growth = 32

    /// Numbers up to this many digits are written without an exponent.
    private static let plainDigits = 21

    /// The one way of writing the number in `text`: equal for all texts of the same value, different for any other.
    ///
    /// `text` is a number that the scanner accepted.
    public static func normalized(_ text: some Collection<UInt8>) -> [UInt8] {
        let result = text.withContiguousStorageIfAvailable { text in
            // `normalize` returns how many bytes it initialized, never more than its documented growth.
            [UInt8](unsafeUninitializedCapacity: text.count + growth) { room, count in
                count = room.baseAddress.map { normalize(text, into: $0) } ?? 0
            }
        }
        return result ?? normalized(Array(text))
    }

    /// Whether the number in `text`, which the scanner accepted, is 0, however it is written.
    public static func isZero(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        for byte in text {
            switch byte {
            case UInt8(ascii: "1")...UInt8(ascii: "9"): return false
            case UInt8(ascii: "e"), UInt8(ascii: "E"): return true
            default: break
            }
        }
        return true
    }

    /// Writes what ``normalized(_:)`` returns to `target`, which has room for `text.count + growth` bytes.
    ///
    /// - Returns: How many bytes were written.
    public static func normalize(_ text: UnsafeBufferPointer<UInt8>, into target: UnsafeMutablePointer<UInt8>) -> Int {
        var isInteger = text.count <= plainDigits
        var at = text.first == UInt8(ascii: "-") ? 1 : 0
        // "-0" is the one integer with a second spelling.
        if at == 1, text.count == 2, text[1] == UInt8(ascii: "0") { isInteger = false }
        while isInteger, at < text.count {
            isInteger = text[at] &- 0x30 < 10
            target[at] = text[at]
            at += 1
        }
        guard !isInteger else {
            if let first = text.first { target[0] = first }
            return text.count
        }
        return normalizeDecimal(text, into: target)
    }

    private static func normalizeDecimal(
        _ text: UnsafeBufferPointer<UInt8>,
        into target: UnsafeMutablePointer<UInt8>
    ) -> Int {
        let isNegative = text.first == UInt8(ascii: "-")
        // The significant digits go to `target` after a place for the sign; value = digits × 10^exponent.
        let digits = target + 1
        var count = 0
        var exponent = 0
        var inFraction = false
        var at = isNegative ? 1 : 0
        loop: while at < text.count {
            let byte = text[at]
            switch byte {
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "e"), UInt8(ascii: "E"):
                exponent += written(exponent: text, from: at + 1)
                break loop
            default:
                if inFraction { exponent -= 1 }
                if count > 0 || byte != UInt8(ascii: "0") {
                    digits[count] = byte
                    count += 1
                }
            }
            at += 1
        }
        while count > 0, digits[count - 1] == UInt8(ascii: "0") {
            count -= 1
            exponent += 1
        }
        guard count > 0 else {
            target[0] = UInt8(ascii: "0")
            return 1
        }
        if isNegative {
            target[0] = UInt8(ascii: "-")
        } else {
            target.update(from: digits, count: count)
        }
        let start = isNegative ? target + 1 : target
        return (isNegative ? 1 : 0) + place(exponent: exponent, digits: start, count)
    }

    private static func written(exponent text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        var value = 0
        var isNegative = false
        for byte in text[start...] {
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "+"): break
            default: value = value &* 10 &+ Int(byte &- 0x30)
            }
        }
        return isNegative ? -value : value
    }

    /// Puts zeros, a decimal point or an exponent to `count` digits; returns the length of all.
    private static func place(exponent: Int, digits: UnsafeMutablePointer<UInt8>, _ count: Int) -> Int {
        switch exponent {
        case 0: return count
        case 1..<plainDigits where count + exponent <= plainDigits:
            (digits + count).update(repeating: UInt8(ascii: "0"), count: exponent)
            return count + exponent
        case -plainDigits..<0 where -exponent < count:
            let integer = count + exponent
            (digits + integer + 1).update(from: digits + integer, count: -exponent)
            digits[integer] = UInt8(ascii: ".")
            return count + 1
        case -plainDigits..<0:
            let zeros = -exponent - count
            (digits + 2 + zeros).update(from: digits, count: count)
            (digits[0], digits[1]) = (UInt8(ascii: "0"), UInt8(ascii: "."))
            (digits + 2).update(repeating: UInt8(ascii: "0"), count: zeros)
            return count + 2 + zeros
        default:
            var length = count
            digits[length] = UInt8(ascii: "e")
            length += 1
            for byte in String(exponent).utf8 {
                digits[length] = byte
                length += 1
            }
            return length
        }
    }
}
