/// Reading the two ways in which times are written.
enum TimeText {
    /// Seconds since 1970 of `Sat, 21 Nov 2026 10:00:00 GMT` (RFC 9110, IMF-fixdate).
    static func httpDate(_ text: String) -> Double? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let day = number(words[1], digits: 2),
            let month = months.firstIndex(of: String(words[2])), let year = number(words[3], digits: 4),
            let seconds = clock(words[4])
        else { return nil }
        return since1970(year: year, month: month + 1, day: day).map { $0 + seconds }
    }

    /// Seconds since 1970 of `2026-11-21T10:00:00.5Z` or with an offset (RFC 3339).
    static func rfc3339(_ text: String) -> Double? {
        guard let separator = text.firstIndex(where: { "Tt ".contains($0) }) else { return nil }
        let date = text[..<separator].split(separator: "-", omittingEmptySubsequences: false)
        let rest = text[text.index(after: separator)...]
        guard date.count == 3, let year = number(date[0], digits: 4), let month = number(date[1], digits: 2),
            let day = number(date[2], digits: 2), let zone = rest.firstIndex(where: { "Zz+-".contains($0) }),
            let seconds = clock(rest[..<zone]), let offset = offset(rest[zone...])
        else { return nil }
        return since1970(year: year, month: month, day: day).map { $0 + seconds - offset }
    }

    /// Seconds of `10:00:00` or `10:00:00.25`.
    private static func clock(_ text: Substring) -> Double? {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 3, let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2),
            hour < 24, minute < 60
        else { return nil }
        let second = parts[2].split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = number(second[0], digits: 2), whole <= 60 else { return nil }
        var fraction = 0.0
        if second.count == 2 {
            guard let digits = number(second[1], digits: second[1].utf8.count), second[1].utf8.count <= 9 else {
                return nil
            }
            fraction = Double(digits)
            for _ in second[1].utf8 { fraction /= 10 }
        }
        return Double(hour * 3600 + minute * 60 + whole) + fraction
    }

    /// Seconds of `Z` or `+01:00`.
    private static func offset(_ text: Substring) -> Double? {
        if text == "Z" || text == "z" { return 0 }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let hour = number(parts[0], digits: 2), let minute = number(parts[1], digits: 2),
            hour < 24, minute < 60
        else { return nil }
        return Double(hour * 3600 + minute * 60) * (text.first == "-" ? -1 : 1)
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard digits > 0, text.utf8.count == digits, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) else { return nil }
        return Int(text)
    }

    /// Howard Hinnant's days_from_civil (chrono-compatible low-level date algorithms).
    private static func since1970(year: Int, month: Int, day: Int) -> Double? {
        guard 1970...9999 ~= year, 1...12 ~= month, 1...31 ~= day else { return nil }
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return Double(era * 146_097 + dayOfEra - 719_468) * 86_400
    }
}
