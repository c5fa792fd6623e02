extension ValueForm where Value == Bool {
    static var boolean: ValueForm {
        ValueForm(allowed: "true or false", text: { Bool($0) }, write: { String($0) })
    }
}

extension ValueForm where Value == Int {
    /// A whole number of `unit`.
    static func integer(_ range: ClosedRange<Int>, of unit: String? = nil) -> ValueForm {
        ValueForm(
            allowed: "a whole number\(unit.map { " of \($0)" } ?? "") from \(range.lowerBound) to \(range.upperBound)",
            text: { text in wholeNumber(text[...]).flatMap { range.contains($0) ? $0 : nil } },
            write: { String($0) }
        )
    }

    /// A size in bytes.
    static func bytes(_ range: ClosedRange<Int>) -> ValueForm {
        let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
        @Sendable func write(_ bytes: Int) -> String {
            for (unit, size) in units where bytes > 0 && bytes.isMultiple(of: size) { return "\(bytes / size) \(unit)" }
            return String(bytes)
        }
        return ValueForm(
            allowed: "a size from \(write(range.lowerBound)) to \(write(range.upperBound)), in bytes or as in 512 KiB",
            text: { text in
                let (number, unit) = split(text)
                let size = unit.isEmpty ? 1 : units.first { $0.0 == unit }?.1
                return product(number, size, in: range)
            },
            write: write
        )
    }

    /// A time in seconds.
    static func seconds(_ range: ClosedRange<Int>) -> ValueForm {
        let units = ["": 1, "s": 1, "m": 60, "h": 3600, "d": 86_400]
        return ValueForm(
            allowed:
                "a time from \(range.lowerBound) to \(range.upperBound) seconds, in seconds or as in 30s, 2m, 1h, 7d",
            text: { text in
                let (number, unit) = split(text)
                return product(number, units[unit], in: range)
            },
            write: { String($0) }
        )
    }

    private static func product(_ number: Int?, _ size: Int?, in range: ClosedRange<Int>) -> Int? {
        guard let number, let size else { return nil }
        let (product, overflows) = number.multipliedReportingOverflow(by: size)
        return overflows || !range.contains(product) ? nil : product
    }

    /// The number before a unit, and the unit, which one space may separate.
    private static func split(_ text: String) -> (number: Int?, unit: String) {
        let digits = text.prefix { $0.isASCII && $0.isWholeNumber }
        var unit = text[digits.endIndex...]
        if unit.first == " ", unit.count > 1 { unit = unit.dropFirst() }
        return (wholeNumber(digits), String(unit))
    }

    /// Decimal digits, without a sign and without leading zeros, which some would read as octal.
    private static func wholeNumber(_ text: Substring) -> Int? {
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), text.count == 1 || text.first != "0" else { return nil }
        return Int(text)
    }
}

extension ValueForm where Value == Duration {
    /// A time in seconds.
    static func seconds(_ range: ClosedRange<Int>) -> ValueForm {
        ValueForm<Int>.seconds(range).map {
            .seconds($0)
        } back: {
            Int($0.components.seconds)
        }
    }

    /// A time in milliseconds.
    static func milliseconds(_ range: ClosedRange<Int>) -> ValueForm {
        ValueForm<Int>.integer(range, of: "milliseconds").map {
            .milliseconds($0)
        } back: {
            Int($0.components.seconds * 1000 + $0.components.attoseconds / 1_000_000_000_000_000)
        }
    }
}

extension ValueForm where Value == Double {
    /// A number.
    static func number(_ range: ClosedRange<Double>) -> ValueForm {
        ValueForm(
            allowed: "a number from \(shown(range.lowerBound)) to \(shown(range.upperBound))",
            text: { text in
                let isDecimal = text.utf8.allSatisfy { 0x30...0x39 ~= $0 || ".e-".utf8.contains($0) }
                guard isDecimal, let value = Double(text), range.contains(value) else { return nil }
                return value
            },
            write: shown
        )
    }

    @Sendable private static func shown(_ value: Double) -> String {
        value == value.rounded() && value.magnitude < 1e15 ? String(Int(value)) : String(value)
    }
}
