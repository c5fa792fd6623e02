/// Numbers as people read them.
enum NumberText {
    /// `1,234,567`.
    static func grouped(_ value: Int) -> String {
        let digits = String(value.magnitude)
        var result = value < 0 ? "-" : ""
        for (place, digit) in digits.enumerated() {
            if place > 0, (digits.count - place) % 3 == 0 { result += "," }
            result.append(digit)
        }
        return result
    }

    /// A decimal with `places` digits after the point, thousands grouped.
    static func decimal(_ value: Double, places: Int) -> String {
        guard value.isFinite, value.magnitude < 1e15 else { return String(value) }
        var scale = 1
        for _ in 0..<places { scale *= 10 }
        let scaled = (value.magnitude * Double(scale)).rounded()
        guard scaled < 9e18 else { return String(value) }
        let units = Int(scaled)
        let sign = value < 0 && units > 0 ? "-" : ""
        guard places > 0 else { return sign + grouped(units) }
        let fraction = String(units % scale)
        return sign + grouped(units / scale) + "." + String(repeating: "0", count: places - fraction.count) + fraction
    }

    /// `53.3 %` of a ratio; `-` for nil.
    static func percent(_ ratio: Double?) -> String { ratio.map { decimal($0 * 100, places: 1) + " %" } ?? "-" }

    /// `$12.34`, with up to six digits after the point below a dollar; `-` for nil.
    static func money(_ dollars: Double?) -> String {
        guard let dollars else { return "-" }
        let isSmall = dollars != 0 && dollars.magnitude < 1
        var amount = decimal(dollars.magnitude, places: isSmall ? 6 : 2)
        // Cents stay, zeros after them do not.
        for _ in 0..<4 where isSmall && amount.last == "0" { amount.removeLast() }
        return (dollars < 0 ? "-$" : "$") + amount
    }

    /// `95.4 MiB`.
    static func bytes(_ count: Int) -> String {
        var value = Double(count)
        var unit = "B"
        for larger in ["KiB", "MiB", "GiB", "TiB"] where value >= 1024 {
            value /= 1024
            unit = larger
        }
        return unit == "B" ? "\(grouped(count)) B" : "\(decimal(value, places: 1)) \(unit)"
    }

    /// `2d 3h`, `57m 10s`, `12s`: the two largest units.
    static func duration(seconds: Int) -> String {
        let units = [("d", 86_400), ("h", 3_600), ("m", 60), ("s", 1)]
        guard let first = units.firstIndex(where: { seconds >= $0.1 }) else { return "0s" }
        var parts = ["\(grouped(seconds / units[first].1))\(units[first].0)"]
        if first + 1 < units.count {
            let rest = seconds % units[first].1 / units[first + 1].1
            if rest > 0 { parts.append("\(rest)\(units[first + 1].0)") }
        }
        return parts.joined(separator: " ")
    }

    /// Milliseconds with three significant places; `-` for nil.
    static func milliseconds(_ value: Double?) -> String {
        guard let value else { return "-" }
        return decimal(value, places: value >= 100 ? 0 : value >= 10 ? 1 : 2)
    }
}
