import JSONScanning

/// What came of one attempt to export spans (OTLP/HTTP, "Response").
enum ExportOutcome: Sendable, Hashable {
    /// Taken, all but so many.
    case taken(rejected: Int)
    /// Not taken now; `wait` is how long the collector asks to wait.
    case later(String, wait: Duration?)
    /// Not taken, and no other attempt will be.
    case refused(String)

    /// The longest wait of a collector that is honored.
    static let longestWait = Duration.seconds(60)

    /// What an answer of the collector says; only these four statuses may be tried again.
    init(status: Int, retryAfter: String?, body: [UInt8]) {
        switch status {
        case 200..<300: self = .taken(rejected: Self.rejected(body))
        case 429, 502, 503, 504:
            let seconds = retryAfter.flatMap { Int64($0) }.map { Duration.seconds(max(0, $0)) }
            self = .later("HTTP status \(status)", wait: seconds.map { min($0, Self.longestWait) })
        default: self = .refused("HTTP status \(status)")
        }
    }

    /// How many spans were not taken, of a partial success; a 64-bit number, which the mapping writes as a string.
    private static func rejected(_ body: [UInt8]) -> Int {
        guard let document = try? JSONDocument(body), let count = document.root["partialSuccess"]?["rejectedSpans"]
        else { return 0 }
        let text = count.string ?? String(decoding: count.rawBytes, as: UTF8.self)
        return max(0, Int(text) ?? 0)
    }
}
