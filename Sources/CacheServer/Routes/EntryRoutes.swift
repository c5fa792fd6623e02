import CacheAPI
import JSONScanning
import SemanticCache

/// `GET /v1/entries`, `GET /v1/entries/{id}` and `DELETE /v1/entries/{id}`.
enum EntryRoutes {
    static func list(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        do throws(Refusal) {
            let caller = try loop.admit(exchange, .admin)
            let query = try Query(exchange.call.query, allowing: ["namespace", "model", "tag", "limit", "cursor"])
            var entries = EntryQuery(
                namespace: try loop.namespace(query["namespace"], at: "namespace", for: caller),
                model: query["model"],
                tag: query["tag"],
                cursor: query["cursor"]
            )
            if let limit = query["limit"] {
                guard let limit = Int(limit), 1...1000 ~= limit else {
                    throw Refusal(.invalidRequest, "limit: must be an integer from 1 to 1000")
                }
                entries.limit = limit
            }
            exchange.note(entries.namespace)
            let administration = loop.services.administration
            let clock = loop.clock
            exchange.respond(in: loop) { [entries] () throws(Refusal) in
                let page = try await administering { () throws(AdministrationError) in
                    try await administration.entries(entries)
                }
                var writer = JSONWriter(capacity: 512 * page.records.count + 64)
                writer.beginObject()
                writer.name("entries")
                writer.beginArray()
                for record in page.records {
                    writer.beginObject()
                    writer.members(of: record, now: clock.now())
                    writer.endObject()
                }
                writer.endArray()
                writer.name("cursor")
                if let cursor = page.cursor { writer.string(cursor) } else { writer.null() }
                writer.endObject()
                return HTTPAnswer(status: 200, contentType: "application/json", body: writer.bytes)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    static func get(_ exchange: Exchange, _ loop: ServerLoop, _ id: Substring) {
        do throws(Refusal) {
            let key = try key(exchange, loop, id, .read)
            let administration = loop.services.administration
            let clock = loop.clock
            exchange.respond(in: loop) { () throws(Refusal) in
                let record = try await administering { () throws(AdministrationError) in
                    try await administration.entry(key)
                }
                guard let record else { throw absent }
                var writer = JSONWriter(capacity: record.entry.response.count + record.request.count + 512)
                writer.beginObject()
                writer.members(of: record, now: clock.now())
                writer.name("request")
                writer.raw(record.request)
                writer.name("response")
                writer.raw(record.entry.response)
                writer.endObject()
                return HTTPAnswer(status: 200, contentType: "application/json", body: writer.bytes)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    static func delete(_ exchange: Exchange, _ loop: ServerLoop, _ id: Substring) {
        do throws(Refusal) {
            let key = try key(exchange, loop, id, .admin)
            let administration = loop.services.administration
            exchange.respond(in: loop) { () throws(Refusal) in
                let existed = try await administering { () throws(AdministrationError) in
                    try await administration.remove(key)
                }
                guard existed else { throw absent }
                return HTTPAnswer(status: 204)
            }
        } catch {
            exchange.respond(error.answer)
        }
    }

    private static var absent: Refusal { Refusal(.notFound, "the namespace has no live entry with this id") }

    private static func key(
        _ exchange: Exchange,
        _ loop: ServerLoop,
        _ id: Substring,
        _ scope: Scope
    ) throws(Refusal)
        -> EntryKey
    {
        let caller = try loop.admit(exchange, scope)
        let query = try Query(exchange.call.query, allowing: ["namespace"])
        let namespace = try loop.namespace(query["namespace"], at: "namespace", for: caller)
        exchange.note(namespace)
        guard let fingerprint = Fingerprint(hex: id) else {
            throw Refusal(.invalidRequest, "the id in the path must be 64 lower-case hexadecimal digits")
        }
        return EntryKey(namespace: namespace, fingerprint: fingerprint)
    }
}

extension JSONWriter {
    /// Writes the members that an entry has in listings and by itself.
    fileprivate mutating func members(of record: EntryRecord, now: Timestamp) {
        let entry = record.entry
        name("entry_id")
        string(entry.id.hex)
        name("namespace")
        string(record.namespace.name)
        name("endpoint")
        string(entry.endpoint.rawValue)
        name("model")
        string(entry.model)
        name("tags")
        beginArray()
        for tag in entry.tags { string(tag) }
        endArray()
        name("stored_at")
        var time: [UInt8] = []
        time.append(rfc3339: entry.storedAt)
        string(utf8: time)
        name("age")
        integer(entry.age(at: now))
        name("ttl")
        integer(entry.timeToLive(at: now))
        name("bytes")
        integer(record.bytes)
        name("hits")
        integer(record.hits)
    }
}
