/// Numbers for identifiers, in order of their first appearance.
struct CallIdentifiers {
    /// So many identifiers are found by looking at each, more by a dictionary.
    private static let listLimit = 16

    private var list: [MemberName] = []
    private var numbers: [[UInt8]: Int] = [:]

    /// Forgets all identifiers.
    mutating func removeAll() {
        list.removeAll(keepingCapacity: true)
        if !numbers.isEmpty { numbers = [:] }
    }

    /// The number of an identifier that stands without escapes in memory that outlives the next ``removeAll()``.
    mutating func number(of identifier: MemberName) -> Int {
        guard numbers.isEmpty else { return number(of: Array(identifier.bytes)) }
        if let known = list.firstIndex(of: identifier) { return known }
        guard list.count < Self.listLimit else { return number(of: Array(identifier.bytes)) }
        list.append(identifier)
        return list.count - 1
    }

    /// The number of an identifier.
    mutating func number(of identifier: [UInt8]) -> Int {
        if numbers.isEmpty {
            for (number, known) in list.enumerated() { numbers[Array(known.bytes)] = number }
        }
        if let known = numbers[identifier] { return known }
        let number = numbers.count
        numbers[identifier] = number
        return number
    }
}
