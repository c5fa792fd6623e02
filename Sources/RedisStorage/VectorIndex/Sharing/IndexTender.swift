import Redis
import SemanticCache

/// Looks after all that is in an index in Redis, little by little: removes what has expired or is gone, of whatever
/// model, and adds again what Redis has lost.
struct IndexTender: Sendable {
    let index: RedisVectorIndex

    /// Works until the task is canceled, through outages of Redis.
    func run() async {
        while !Task.isCancelled {
            do throws(CommandFailure) {
                try await look()
            } catch {
                // Redis is away or full; the next round tries again.
            }
            try? await Task.sleep(for: index.settings.rest)
        }
    }

    /// Looks at everything once.
    func look() async throws(CommandFailure) {
        let own = index.writer.directory.modelDigest
        for (modelDigest, part) in try await index.writer.directory.parts() {
            let directory = index.writer.directory.of(modelDigest)
            var cursor = Array("0".utf8)
            repeat {
                let page = try await directory.page(of: part, at: &cursor)
                if !page.isEmpty { try await tend(page, of: part, directory, isOwn: modelDigest == own) }
                if Task.isCancelled { return }
                try? await Task.sleep(for: index.settings.lookPause)
            } while cursor != Array("0".utf8)
            try await directory.close(part)
        }
        try await index.count()
    }

    private func tend(
        _ page: [PlacedEntry],
        of part: BucketNamespace,
        _ directory: IndexDirectory,
        isOwn: Bool
    ) async throws(CommandFailure) {
        let writer = index.writer
        let gone = try await writer.entriesWithoutValue(page, in: part)
        try await writer.search.drop(gone)
        try await directory.forget(gone)
        guard isOwn else { return }
        let missing = try await writer.search.missing(of: Array(Set(page).subtracting(gone)))
        try await writer.check(missing)
    }
}
