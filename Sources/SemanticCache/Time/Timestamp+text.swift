/// Calendar fields of a point in time, UTC.
struct CivilTime {
    let year: Int
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int
    /// 0 is Sunday.
    let weekday: Int

    /// Splits a timestamp; the days-to-civil algorithm is Howard Hinnant's (chrono-compatible low-level date algorithms).
    init(_ timestamp: Timestamp) {
        let seconds = Int((Double(timestamp.milliseconds) / 1000).rounded(.down))
        millisecond = Int(timestamp.milliseconds) - seconds * 1000
        let days = (seconds - ((seconds % 86_400) + 86_400) % 86_400) / 86_400
        let ofDay = seconds - days * 86_400
        hour = ofDay / 3600
        minute = ofDay / 60 % 60
        second = ofDay % 60
        weekday = ((days + 4) % 7 + 7) % 7
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Timestamp {
    /// The time as `2026-11-21T10:00:00.000Z` (RFC 3339).
    public var rfc3339: String {
        var text: [UInt8] = []
        text.append(rfc3339: self)
        return String(decoding: text, as: UTF8.self)
    }
}

extension [UInt8] {
    /// Appends `2026-11-21T10:00:00.000Z` (RFC 3339).
    public mutating func append(rfc3339 timestamp: Timestamp) {
        let time = CivilTime(timestamp)
        append(digits: time.year, 4)
        append(UInt8(ascii: "-"))
        append(digits: time.month, 2)
        append(UInt8(ascii: "-"))
        append(digits: time.day, 2)
        append(UInt8(ascii: "T"))
        append(time.hour, time.minute, time.second)
        append(UInt8(ascii: "."))
        append(digits: time.millisecond, 3)
        append(UInt8(ascii: "Z"))
    }

    /// Appends `Sat, 21 Nov 2026 10:00:00 GMT` (RFC 9110, IMF-fixdate).
    public mutating func append(httpDate timestamp: Timestamp) {
        let time = CivilTime(timestamp)
        let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        append(contentsOf: "\(weekdays[time.weekday]), ".utf8)
        append(digits: time.day, 2)
        append(contentsOf: " \(months[time.month - 1]) ".utf8)
        append(digits: time.year, 4)
        append(UInt8(ascii: " "))
        append(time.hour, time.minute, time.second)
        append(contentsOf: " GMT".utf8)
    }

    private mutating func append(_ hour: Int, _ minute: Int, _ second: Int) {
        append(digits: hour, 2)
        append(UInt8(ascii: ":"))
        append(digits: minute, 2)
        append(UInt8(ascii: ":"))
        append(digits: second, 2)
    }

    private mutating func append(digits value: Int, _ width: Int) {
        var divisor = 1
        for _ in 1..<width { divisor *= 10 }
        while divisor > 0 {
            append(UInt8(truncatingIfNeeded: 0x30 + value / divisor % 10))
            divisor /= 10
        }
    }
}
