/// A number written in digits, with what hangs on it: `1,000`, `10k`, `2.50`, `9:15`, `5pm`.
struct WrittenNumber {
    /// Its digits in one spelling: `1000`, `10000`, `2.50`, `9:15`, `5`.
    let value: String
    /// Letters after the digits that are a unit; empty when there are none.
    let unit: String

    /// Reads a word in lower case; nil when it is no number.
    init?(_ word: [Unicode.Scalar]) {
        guard let first = word.first, first.isDigit else { return nil }
        let figures = word.prefix { $0.isDigit || ".,:".unicodeScalars.contains($0) }
        let letters = word.dropFirst(figures.count)
        guard letters.allSatisfy({ ("a"..."z").contains($0) }) else { return nil }
        var digits = figures.compactMap { scalar -> UInt8? in
            if scalar == "," { return nil }
            return scalar.decimalDigit ?? (scalar == ":" ? UInt8(ascii: ":") : UInt8(ascii: "."))
        }
        while let last = digits.last, last == UInt8(ascii: ".") || last == UInt8(ascii: ":") { digits.removeLast() }
        let suffix = String(String.UnicodeScalarView(letters))
        if suffix == "k" { digits = Self.thousandfold(digits) }
        value = Self.withoutZeroFraction(String(decoding: digits, as: UTF8.self))
        unit = suffix.isEmpty || ["k", "st", "nd", "rd", "th", "s"].contains(suffix) ? "" : suffix
    }

    /// The digits times a thousand, cut to a whole number; unchanged when they are no decimal number.
    private static func thousandfold(_ digits: [UInt8]) -> [UInt8] {
        let text = String(decoding: digits.map { $0 == UInt8(ascii: ":") ? UInt8(ascii: ".") : $0 }, as: UTF8.self)
        guard let number = Double(text), number < 1e12 else { return digits }
        return Array(String(Int(number * 1000)).utf8)
    }

    private static func withoutZeroFraction(_ value: String) -> String {
        let parts = value.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].allSatisfy({ $0 == "0" }) else { return value }
        return String(parts[0])
    }
}

/// The runs of digits of a text, whatever stands around them: what is known of numbers in any language.
enum DigitRuns {
    /// The runs in ASCII digits, sorted; O(length).
    static func of(_ text: [Unicode.Scalar]) -> [String] {
        var runs: [String] = []
        var run: [UInt8] = []
        for scalar in text {
            if let digit = scalar.decimalDigit {
                run.append(digit)
            } else if !run.isEmpty {
                runs.append(String(decoding: run, as: UTF8.self))
                run = []
            }
        }
        if !run.isEmpty { runs.append(String(decoding: run, as: UTF8.self)) }
        return runs.sorted()
    }
}

extension Unicode.Scalar {
    /// The ASCII digit of the same value; nil when it is no decimal digit.
    fileprivate var decimalDigit: UInt8? {
        guard isDigit, let value = properties.numericValue, (0...9).contains(value) else { return nil }
        return UInt8(ascii: "0") + UInt8(value)
    }
}
