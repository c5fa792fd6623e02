import SemanticCache

/// The header `Retry-After` (RFC 9110, 10.2.3): seconds, or a date as `Sat, 21 Nov 2026 10:00:00 GMT`.
enum RetryAfter {
    /// The longest wait that is honored: a typing error of a server must not switch the tier off for a week.
    static let maximum = Duration.seconds(3600)

    /// How long to wait, 0 for a date in the past; nil when the text is neither.
    static func wait(_ text: String, now: Timestamp) -> Duration? {
        let text = text.trimmingBlanks
        if !text.isEmpty, text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }) {
            // What does not fit is longer than the longest.
            return min(.seconds(Int64(text) ?? 3600), maximum)
        }
        guard let seconds = seconds(ofDate: text) else { return nil }
        let wait = Duration.milliseconds(seconds * 1000 - now.milliseconds)
        return max(.zero, min(wait, maximum))
    }

    /// Seconds since 1970 of an IMF-fixdate.
    private static func seconds(ofDate text: Substring) -> Int64? {
        let parts = text.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0].utf8.count == 4, parts[0].hasSuffix(","), parts[5] == "GMT",
            let day = number(parts[1], 1...31),
            let month = months.firstIndex(of: String(parts[2])).map({ Int64($0) + 1 }),
            let year = number(parts[3], 1970...9999)
        else { return nil }
        let time = parts[4].split(separator: ":", omittingEmptySubsequences: false)
        guard time.count == 3, let hour = number(time[0], 0...23), let minute = number(time[1], 0...59),
            let second = number(time[2], 0...60)
        else { return nil }
        return days(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func number(_ text: Substring, _ range: ClosedRange<Int64>) -> Int64? {
        guard text.utf8.allSatisfy({ 0x30...0x39 ~= $0 }), let number = Int64(text), range ~= number else { return nil }
        return number
    }

    /// Days since 1970; Howard Hinnant's days_from_civil (chrono-compatible low-level date algorithms).
    private static func days(_ year: Int64, _ month: Int64, _ day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension String {
    /// Without the blanks before and after it.
    fileprivate var trimmingBlanks: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
