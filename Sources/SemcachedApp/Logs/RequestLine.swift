import CacheServer
import JSONScanning
import SemanticCache

/// The forms of a line of the request log.
enum RequestLine {
    private enum Value {
        case text(String)
        case number(Double)
        case integer(Int)
    }

    /// One JSON object, with the members that every log line has and those of the request.
    static func json(_ record: RequestRecord) -> [UInt8] {
        var writer = JSONWriter(capacity: 384)
        writer.beginObject()
        for (name, value) in head(record) + fields(record) {
            writer.name(name)
            switch value {
            case .text(let text): writer.string(text)
            case .number(let number): writer.number(number)
            case .integer(let integer): writer.integer(integer)
            }
        }
        writer.endObject()
        return writer.bytes + [0x0A]
    }

    /// Words for people: the time, the level and `name=value` for each field.
    static func text(_ record: RequestRecord) -> [UInt8] {
        let pairs = fields(record).map { name, value in
            switch value {
            case .text(let text): "\(name)=\(text)"
            case .number(let number): "\(name)=\(number)"
            case .integer(let integer): "\(name)=\(integer)"
            }
        }
        let head = "\(record.at.rfc3339) \(level(record)) \(RequestLogWriter.label):"
        return Array("\(head) \(pairs.joined(separator: " "))\n".utf8)
    }

    private static func level(_ record: RequestRecord) -> String {
        guard record.isFailure else { return "info" }
        return record.status >= 400 ? "error" : "warning"
    }

    private static func head(_ record: RequestRecord) -> [(String, Value)] {
        [
            ("at", .text(record.at.rfc3339)), ("level", .text(level(record))), ("message", .text("request")),
            ("label", .text(RequestLogWriter.label)),
        ]
    }

    private static func fields(_ record: RequestRecord) -> [(String, Value)] {
        var fields: [(String, Value)] = [
            ("request_id", .text(record.requestID)), ("method", .text(record.method)), ("route", .text(record.route)),
            ("status", .integer(record.status)),
            ("duration_ms", .number((Double(record.nanoseconds) / 1000).rounded() / 1000)),
        ]
        let words = [
            ("namespace", record.namespace), ("outcome", record.outcome), ("reason", record.reason),
            ("tier", record.tier), ("problem", record.problem), ("key", record.keyID), ("trace_id", record.traceID),
        ]
        for case (let name, let word?) in words { fields.append((name, .text(word))) }
        if record.omitted > 0 { fields.append(("omitted", .integer(record.omitted))) }
        return fields
    }
}
