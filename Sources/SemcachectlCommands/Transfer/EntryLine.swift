import CacheAPI
import JSONScanning

/// One line of a file of entries: `{namespace?, endpoint?, request, response, ttl?, tags?}`.
enum EntryLine {
    private static let known = ["namespace", "endpoint", "request", "response", "ttl", "tags"]

    /// The store that a line stands for.
    static func parse(_ bytes: [UInt8]) throws(LineFault) -> StoreBody {
        let line = try LineObject(bytes)
        for member in line.root.members where !known.contains(member.name) {
            let name = Table.printable(String(member.name.prefix(64)))
            throw LineFault("$.\(name): unknown member; known are \(known.joined(separator: ", "))")
        }
        return StoreBody(
            namespace: try line.string("namespace"),
            endpoint: try line.string("endpoint"),
            request: try line.required("request", .object, "an object"),
            response: try line.required("response"),
            ttl: try line.integer("ttl", atLeast: 1),
            tags: try line.strings("tags")
        )
    }

    /// The line of an entry; nil when the server keeps no request with it.
    static func text(_ entry: EntryBody) throws -> [UInt8]? {
        guard let request = entry.request, let response = entry.response else { return nil }
        let body = StoreBody(
            namespace: entry.namespace,
            endpoint: entry.endpoint,
            request: request,
            response: response,
            ttl: max(1, entry.ttl),
            tags: entry.tags
        )
        return try BodyEncoder.encode(body)
    }
}
