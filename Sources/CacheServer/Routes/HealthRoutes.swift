import JSONScanning

/// `GET /healthz` and `GET /readyz`.
enum HealthRoutes {
    static func live(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        exchange.respond(answer(status: 200, "ok", version: loop.services.version, missing: []))
    }

    static func ready(_ exchange: Exchange, _ loop: ServerLoop, _ parameter: Substring) {
        let services = loop.services
        let peers = loop.peers
        exchange.respond(in: loop) {
            let missing = await peers.missing(services)
            return missing.isEmpty
                ? answer(status: 200, "ready", version: services.version, missing: [])
                : answer(status: 503, "not ready", version: services.version, missing: missing)
        }
    }

    private static func answer(status: Int, _ word: String, version: String, missing: [String]) -> HTTPAnswer {
        var writer = JSONWriter()
        writer.beginObject()
        writer.name("status")
        writer.string(word)
        writer.name("version")
        writer.string(version)
        if !missing.isEmpty {
            writer.name("missing")
            writer.beginArray()
            for sentence in missing { writer.string(sentence) }
            writer.endArray()
        }
        writer.endObject()
        var answer = HTTPAnswer(status: status, contentType: "application/json", body: writer.bytes)
        answer.addHeader("cache-control", "no-store")
        return answer
    }
}
