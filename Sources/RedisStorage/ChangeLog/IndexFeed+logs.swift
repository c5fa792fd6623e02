import NIOCore
import Redis

/// What the logs of some buckets have beyond what was read of them before.
struct LogNews: Sendable {
    /// Per bucket, those with something new only.
    var records: [(bucket: Bucket, records: [RedisValue])] = []
    /// All that had happened by then is in the records.
    var provenAt: NIODeadline
}

extension IndexFeed {
    /// Reads the logs with one command; waits a while for something to happen.
    func readLogs(
        _ followed: [(bucket: Bucket, position: LogPosition?)],
        waits: Bool
    ) async throws(CommandFailure) -> LogNews {
        var words = ["XREAD", "COUNT", "\(Self.recordsPerBucket)"]
        if waits { words += ["BLOCK", "\(Self.blockMilliseconds)"] }
        var command = RedisCommand(words: words + ["STREAMS"])
        command.append(contentsOf: followed.map { keys.changes($0.bucket) })
        for place in followed { command.append(place.position?.description ?? "0-0") }

        let sentAt = NIODeadline.now()
        let reply = try await client.checkedReply(
            to: command,
            patience: .milliseconds(Self.blockMilliseconds) + HeadReader.patience
        )
        // Redis blocks no shorter than it was told.
        var news = LogNews(provenAt: reply == .null && waits ? sentAt + .milliseconds(Self.blockMilliseconds) : sentAt)
        for stream in reply.elements ?? [] {
            guard let (key, records) = Self.records(of: stream),
                let place = followed.first(where: { keys.changes($0.bucket) == key })
            else { throw .malformed }
            news.records.append((place.bucket, records))
        }
        return news
    }

    /// Reads each log with a command of its own, as in a cluster no command reads those of two slots; does not wait.
    ///
    /// Where a server is away its buckets are doubted, and left as they are: their entries cannot be read either.
    func readEachLog(
        _ followed: [(bucket: Bucket, position: LogPosition?)],
        _ progress: inout FeedProgress
    ) async throws(CommandFailure) -> LogNews {
        let commands = followed.map { place in
            let log = keys.changes(place.bucket)
            var command = RedisCommand(words: ["XREAD", "COUNT", "\(Self.recordsPerBucket)", "STREAMS"], key: log)
            command.append(log)
            command.append(place.position?.description ?? "0-0")
            return command
        }
        var news = LogNews(provenAt: .now())
        let replies = try await client.somewhereCheckedReplies(to: commands)
        for (place, reply) in zip(followed, replies) {
            switch reply {
            case .failure: progress.doubted.insert(place.bucket.index)
            case .success(let value):
                guard let stream = value.elements?.first else { continue }
                guard let (_, records) = Self.records(of: stream) else { throw .malformed }
                news.records.append((place.bucket, records))
            }
        }
        return news
    }

    private static func records(of stream: RedisValue) -> (key: [UInt8], records: [RedisValue])? {
        guard let parts = stream.elements, parts.count == 2, let key = parts[0].bytes, let records = parts[1].elements
        else { return nil }
        return (key, records)
    }
}
