/// Writing text into byte arrays without making strings.
extension [UInt8] {
    /// Appends ASCII or UTF-8 text that is known at compile time.
    @inline(__always)
    mutating func append(_ text: StaticString) {
        append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    /// Appends a string's UTF-8.
    @inline(__always)
    mutating func append(_ text: String) {
        var text = text
        text.withUTF8 { append(contentsOf: $0) }
    }

    /// Appends an integer in decimal.
    mutating func append(decimal value: Int) {
        // 20 bytes hold every 64-bit integer with its sign.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 20) { digits in
            var rest = value.magnitude
            var start = digits.count
            repeat {
                start -= 1
                digits[start] = UInt8(truncatingIfNeeded: 0x30 + rest % 10)
                rest /= 10
            } while rest > 0
            if value < 0 {
                start -= 1
                digits[start] = UInt8(ascii: "-")
            }
            append(contentsOf: UnsafeMutableBufferPointer(rebasing: digits[start...]))
        }
    }

    /// Appends an integer in decimal, with zeros before it up to `width` digits.
    mutating func append(decimal value: Int, width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(truncatingIfNeeded: 0x30 + value / divisor % 10))
            divisor /= 10
        }
    }
}

extension Double {
    /// The number that is nearest with so many decimal places; answers give similarities with four.
    func rounded(places: Int) -> Double {
        var factor = 1.0
        for _ in 0..<places { factor *= 10 }
        return (self * factor).rounded() / factor
    }
}

/// Compares ASCII text without regard to case.
func equalsIgnoringCase(_ text: String, _ lowercase: StaticString) -> Bool {
    let utf8 = text.utf8
    guard utf8.count == lowercase.utf8CodeUnitCount else { return false }
    var expected = lowercase.utf8Start
    for byte in utf8 {
        let folded = byte &- 0x41 < 26 ? byte | 0x20 : byte
        if folded != expected.pointee { return false }
        expected += 1
    }
    return true
}
