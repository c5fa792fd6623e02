/// Reads decimal numbers faster than the standard library where that is exact.
enum DecimalNumber {
    private static let powers: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22,
    ]

    /// The number in a text that is a JSON number; the nearest double, nil or infinite beyond all of them.
    ///
    /// A whole number below 2^53 times or over a power of ten up to 10^22 is one exact operation (Clinger, "How to Read
    /// Floating Point Numbers Accurately", 1990); the rest is left to the standard library.
    static func double(_ text: ArraySlice<UInt8>) -> Double? {
        var digits: UInt64 = 0
        var exponent = 0
        var inFraction = false
        var isNegative = false
        var at = text.startIndex
        while at < text.endIndex {
            let byte = text[at]
            switch byte {
            case UInt8(ascii: "-"): isNegative = true
            case UInt8(ascii: "."): inFraction = true
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                digits = digits * 10 + UInt64(byte & 15)
                guard digits < 1 << 53 else { return slowly(text) }
                if inFraction { exponent -= 1 }
            default:
                // "e" or "E": few digits follow, a sign perhaps before them.
                guard let written = Int(String(decoding: text[(at + 1)...], as: UTF8.self)), abs(written) < 400 else {
                    return slowly(text)
                }
                exponent += written
                at = text.endIndex - 1
            }
            at += 1
        }
        guard abs(exponent) < powers.count else { return digits == 0 ? 0 : slowly(text) }
        let magnitude = exponent < 0 ? Double(digits) / powers[-exponent] : Double(digits) * powers[exponent]
        return isNegative ? -magnitude : magnitude
    }

    private static func slowly(_ text: ArraySlice<UInt8>) -> Double? {
        Double(String(decoding: text, as: UTF8.self))
    }
}
