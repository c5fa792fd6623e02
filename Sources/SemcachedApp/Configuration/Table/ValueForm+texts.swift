import Logging
import Redis

extension ValueForm where Value == String {
    /// A text that `isAllowed`.
    static func text(_ allowed: String, where isAllowed: @escaping @Sendable (String) -> Bool) -> ValueForm {
        ValueForm(allowed: allowed, text: { isAllowed($0) ? $0 : nil }, write: { $0 })
    }

    /// The path of a file or folder, relative to the working directory.
    static func path(of what: String) -> ValueForm {
        text("the path of \(what)") { !$0.isEmpty && !$0.utf8.contains(0) }
    }

    /// A name or an address to listen on.
    static var host: ValueForm {
        text("a host name or an IP address") { text in
            1...255 ~= text.utf8.count && text.utf8.allSatisfy(isHostCharacter)
        }
    }

    @Sendable private static func isHostCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: ":"), UInt8(ascii: "%"):
            true
        default: false
        }
    }

    /// Printable ASCII without space, so that keys can be read and typed.
    static var keyPrefix: ValueForm {
        text("1 to 64 printable ASCII characters without space, braces or *?[]\\") { text in
            1...64 ~= text.utf8.count
                && text.utf8.allSatisfy { 0x21...0x7E ~= $0 && !"{}*?[]\\".utf8.contains($0) }
        }
    }

    /// An HTTP URL without credentials.
    static var httpURL: ValueForm {
        text("an http:// or https:// URL without user and password") { text in
            guard let scheme = ["http://", "https://"].first(where: { text.hasPrefix($0) }) else { return false }
            let authority = text.dropFirst(scheme.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
            return !authority.isEmpty && !authority.contains("@") && text.utf8.allSatisfy { 0x21...0x7E ~= $0 }
        }
    }
}

extension ValueForm where Value: RawRepresentable<String> & CaseIterable {
    /// One of the words of an enumeration.
    static var word: ValueForm {
        let words = Value.allCases.map(\.rawValue)
        let last = words.last ?? ""
        return ValueForm(
            allowed: words.count < 2 ? last : words.dropLast().joined(separator: ", ") + " or " + last,
            text: { Value(rawValue: $0) },
            write: { $0.rawValue }
        )
    }
}

extension ValueForm where Value == Set<String> {
    /// Names of members of a request; from the environment separated by commas.
    static var memberNames: ValueForm {
        ValueForm(
            allowed: "a list of names of members of a request",
            read: { raw throws(RejectedValue) in
                let names: [String]
                switch raw {
                case .text(let text): names = text.split(separator: ",").map(withoutSpace)
                case .list(let list): names = list
                case .empty: throw RejectedValue()
                }
                guard names.allSatisfy({ 1...128 ~= $0.utf8.count }) else { throw RejectedValue() }
                guard Set(names).count == names.count else { throw RejectedValue(reason: "names a member twice") }
                if let name = names.first(where: { ["model", "messages", "prompt", "input"].contains($0) }) {
                    throw RejectedValue(reason: "names '\(name)', without which different questions were the same")
                }
                return Set(names)
            },
            write: { .list($0.sorted()) }
        )
    }

    @Sendable private static func withoutSpace(_ text: Substring) -> String {
        let start = text.drop { $0 == " " }
        return String(start.reversed().drop { $0 == " " }.reversed())
    }
}

extension ValueForm where Value == RedisEndpoint {
    /// The URL of a Redis server, written without its password.
    static var redisURL: ValueForm {
        ValueForm(
            allowed: """
                a URL such as redis://user:password@host:6379/0, rediss://host:6379/0, unix:///path, \
                redis-sentinel://host:26379,host:26379/name or redis-cluster://host:6379,host:6379
                """,
            read: { raw throws(RejectedValue) in
                guard case .text(let text) = raw else { throw RejectedValue() }
                do throws(RedisURLError) {
                    return try RedisEndpoint(url: text)
                } catch {
                    throw RejectedValue(reason: "is not a usable URL: \(error.description)")
                }
            },
            write: { .text($0.description) }
        )
    }
}
