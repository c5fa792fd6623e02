import SemanticCacheTesting

extension RedisServer {
    /// Sets the counts of ``commandCounts()`` to zero.
    func resetCommandCounts() throws { try command("CONFIG", "RESETSTAT") }

    /// How often each command was run since then, those inside of scripts included.
    func commandCounts() throws -> [String: Int] {
        var counts: [String: Int] = [:]
        for line in (try command("INFO", "commandstats").text ?? "").split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].hasPrefix("cmdstat_"),
                let calls = parts[1].split(separator: ",").first?.split(separator: "=").last
            else { continue }
            counts[String(parts[0].dropFirst(8))] = Int(calls)
        }
        return counts
    }

    /// How many scripts and lookups were run since then: what a store sends, and nothing else.
    func storeCommands() throws -> [String: Int] {
        try commandCounts().filter { ["mget", "eval", "evalsha", "script|load"].contains($0.key) }
    }

    /// One of the numbers of `INFO`.
    func info(_ name: String) throws -> Int? {
        for line in (try command("INFO", "all").text ?? "").split(whereSeparator: \.isNewline)
        where line.hasPrefix(name + ":") {
            return Int(line.dropFirst(name.count + 1))
        }
        return nil
    }

    /// The keys that match a pattern.
    func keys(_ pattern: String) throws -> [String] {
        try command("KEYS", pattern).elements?.compactMap(\.text) ?? []
    }
}
