import SemanticCache

/// What a replica says of itself, as it is kept in Redis: six fields, a space between them.
struct ReplicaLine: Sendable {
    var status: ReplicaStatus
    var at: Timestamp

    init(status: ReplicaStatus, at: Timestamp) {
        self.status = status
        self.at = at
    }

    /// Reads a line; nil when it is not one.
    init?(id: String, _ text: String) {
        let fields = text.split(separator: " ").map(String.init)
        guard fields.count == 6, let at = Int64(fields[0]), let uptime = Int(fields[2]), let near = Int(fields[3]),
            let index = Int(fields[4])
        else { return nil }
        self.at = Timestamp(milliseconds: at)
        status = ReplicaStatus(
            id: id,
            version: fields[1],
            uptime: uptime,
            nearCacheEntries: near,
            indexEntries: index,
            indexLagMilliseconds: Int(fields[5])
        )
    }

    var text: String {
        let lag = status.indexLagMilliseconds.map { "\($0)" } ?? "-"
        return
            "\(at.milliseconds) \(status.version) \(status.uptime) \(status.nearCacheEntries) \(status.indexEntries) \(lag)"
    }
}
