import CacheAPI
import JSONScanning

/// Errors as clients of LangCache know them: other types, other statuses, and `application/json`.
///
/// Those clients take the list of types for closed, but for that of status 424, which stands for whatever the cache
/// depends on.
enum LangCacheProblem {
    /// The same problem for clients of LangCache; any other answer as it is.
    static func translated(_ answer: HTTPAnswer) -> HTTPAnswer {
        guard let document = try? JSONDocument(answer.body), let code = document.root["code"]?.string,
            let code = ProblemCode(rawValue: code), let detail = document.root["detail"]?.string
        else { return answer }
        var writer = JSONWriter(capacity: 256)
        let (status, type) = kind(of: code)
        writer.beginObject()
        writer.name("title")
        writer.string(status == 424 ? "Failed Dependency" : code.title)
        writer.name("type")
        writer.string(type)
        writer.name("status")
        writer.integer(status)
        writer.name("detail")
        writer.string(detail)
        if status == 400, let (field, message) = field(of: detail) {
            writer.name("fields")
            writer.beginArray()
            writer.beginObject()
            writer.name("field")
            writer.string(field)
            writer.name("rule")
            writer.string(code.rawValue)
            writer.name("message")
            writer.string(message)
            writer.endObject()
            writer.endArray()
        }
        writer.endObject()
        var translated = HTTPAnswer(status: status, contentType: "application/json", body: writer.bytes)
        // A 424 is none of the statuses after which clients try again.
        let dropped = status == 424 ? ["content-type:", "retry-after:"] : ["content-type:"]
        translated.headerLines += answer.headerLines(except: dropped)
        translated.closesConnection = answer.closesConnection
        translated.problem = code
        return translated
    }

    private static func kind(of code: ProblemCode) -> (status: Int, type: String) {
        switch code {
        case .unauthorized: (401, "/errors/authentication-failed")
        case .forbidden, .invalidTicket: (403, "/errors/insufficient-permissions")
        case .notFound: (404, "/errors/resource-not-found")
        case .payloadTooLarge: (413, "/errors/payload-too-large")
        case .rateLimited: (429, "/errors/too-many-requests")
        case .redisUnavailable: (424, "/errors/resource-unavailable")
        case .redisFull: (424, "/errors/database-out-of-memory")
        case .internalError: (500, "/errors/unexpected-error")
        case .invalidJSON, .invalidRequest: (400, "/errors/invalid-data")
        case .methodNotAllowed, .requestTimeout, .unsupportedMediaType, .headersTooLarge:
            (code.status, "/errors/invalid-data")
        }
    }

    /// The field that a detail is about, and what it says: `$.prompt: is required`.
    private static func field(of detail: String) -> (String, String)? {
        guard detail.hasPrefix("$."), let end = detail.firstIndex(of: ":") else { return nil }
        return (String(detail[..<end].dropFirst(2)), String(detail[end...].dropFirst(2)))
    }
}

extension HTTPAnswer {
    /// The header lines that begin with none of `prefixes`.
    fileprivate func headerLines(except prefixes: [String]) -> [UInt8] {
        var kept: [UInt8] = []
        for line in headerLines.split(separator: UInt8(ascii: "\n")) {
            let whole = line + [UInt8(ascii: "\n")]
            if !prefixes.contains(where: { whole.starts(with: $0.utf8) }) { kept += whole }
        }
        return kept
    }
}
