import CacheServer
import JSONScanning
import Logging
import SemanticCache

#if canImport(Glibc)
import Glibc
#endif

/// Writes each log line to standard error as one JSON object: `at`, `level`, `message`, `label` and the metadata.
struct JSONLogHandler: LogHandler {
    var logLevel: Logger.Level
    var metadata: Logger.Metadata = [:]
    private let label: String
    private let now: @Sendable () -> Timestamp

    init(label: String, level: Logger.Level, now: @escaping @Sendable () -> Timestamp) {
        self.label = label
        logLevel = level
        self.now = now
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        var writer = JSONWriter(capacity: 192)
        writer.beginObject()
        writer.name("at")
        writer.string(now().rfc3339)
        writer.name("level")
        writer.string(event.level.rawValue)
        writer.name("message")
        writer.string(event.message.description)
        writer.name("label")
        writer.string(label)
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            writer.name(key)
            writer.string(value.description)
        }
        writer.endObject()
        let line = writer.bytes + [UInt8(ascii: "\n")]
        line.withUnsafeBytes { _ = write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
