/// The header `tracestate` (W3C Trace Context, section 3.3): what other tracing systems want to be passed on.
enum TraceState {
    /// The header's name.
    static let name = "tracestate"
    /// The longest value that is passed on; the specification asks for at least 512 characters.
    static let maximumCount = 1024

    /// The value as it is passed on: the list without empty members; empty when it breaks a rule, and is dropped then.
    static func passedOn(_ text: String) -> String {
        guard text.utf8.count <= maximumCount else { return "" }
        var members: [Substring] = []
        var keys: Set<Substring> = []
        for part in text.split(separator: ",") {
            let member = trimmed(part)
            if member.isEmpty { continue }
            guard let equals = member.firstIndex(of: "="), isKey(member[..<equals]),
                isValue(member[member.index(after: equals)...]), keys.insert(member[..<equals]).inserted
            else { return "" }
            members.append(member)
        }
        return members.count <= 32 ? members.joined(separator: ",") : ""
    }

    private static func isKey(_ text: Substring) -> Bool {
        guard let first = text.utf8.first, isWord(first), text.utf8.count <= 256 else { return false }
        return text.utf8.allSatisfy { isWord($0) || "_-*/@".utf8.contains($0) }
    }

    private static func isWord(_ byte: UInt8) -> Bool { 0x61...0x7A ~= byte || 0x30...0x39 ~= byte }

    private static func isValue(_ text: Substring) -> Bool {
        text.utf8.count <= 256 && text.utf8.last != 0x20
            && text.utf8.allSatisfy { 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "=") }
    }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }
}
