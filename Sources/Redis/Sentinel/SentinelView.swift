/// What one Sentinel says of a primary: its reply to `SENTINEL MASTER`.
struct SentinelView: Sendable {
    private let fields: [String: String]

    /// Reads a reply of names and values in turn; nil when it is not one.
    init?(_ reply: RedisValue) {
        guard let parts = reply.elements, parts.count >= 2 else { return nil }
        var fields: [String: String] = [:]
        for place in stride(from: 0, to: parts.count - 1, by: 2) {
            guard let name = parts[place].text, let value = parts[place + 1].text else { return nil }
            fields[name] = value
        }
        self.fields = fields
    }

    /// Whether it takes this server for the primary, for living, and is not replacing it.
    func isSettled(_ primary: RedisHost, named name: String) -> Bool {
        let flags = (fields["flags"] ?? "").split(separator: ",")
        let isDoubted = flags.contains { ["s_down", "o_down", "failover_in_progress", "disconnected"].contains($0) }
        return fields["name"] == name && fields["ip"] == primary.name && fields["port"] == "\(primary.port)"
            && !isDoubted
    }
}

/// A server that takes the place of another, as a Sentinel announces it.
struct PrimaryChange: Sendable, Hashable {
    var old: RedisHost
    var new: RedisHost

    /// Reads a message of `channel` about the primary of this name; nil when it is about something else.
    ///
    /// `+switch-master`: name, old address and port, new address and port. `+promoted-slave`, which the Sentinel that
    /// leads a failover sends as soon as the new primary is one: `slave`, its name, its address and port, `@`, name, old
    /// address and port.
    init?(channel: String, message: String, primary name: String) {
        let words = message.split(separator: " ").map(String.init)
        func host(_ place: Int) -> RedisHost? {
            Int(words[place + 1]).map { RedisHost(name: words[place], port: $0) }
        }
        switch (channel, words.count) {
        case ("+switch-master", 5) where words[0] == name:
            guard let old = host(1), let new = host(3) else { return nil }
            (self.old, self.new) = (old, new)
        case ("+promoted-slave", 8) where words[0] == "slave" && words[4] == "@" && words[5] == name:
            guard let new = host(2), let old = host(6) else { return nil }
            (self.old, self.new) = (old, new)
        default: return nil
        }
    }
}
