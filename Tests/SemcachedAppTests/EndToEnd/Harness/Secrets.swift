import Foundation
import Synchronization

/// What a test has sent that no log may hold, and the folders of its daemons.
final class Secrets: Sendable {
    /// Those of the test that runs.
    @TaskLocal static var current = Secrets()

    private let outer: Secrets?
    private let texts = Mutex<Set<String>>([])
    private let folders = Mutex<[URL]>([])

    /// Creates the secrets of a test; `outer` has the folders of daemons that serve several tests.
    init(within outer: Secrets? = nil) { self.outer = outer }

    /// Notes a text; one of less than six characters could stand in a log by chance.
    func note(_ text: String) {
        if text.count >= 6 { texts.withLock { _ = $0.insert(text) } }
    }

    /// A fresh folder, removed after the test.
    func makeFolder() throws -> URL {
        let folder = FileManager.default.temporaryDirectory.appending(path: "semcached-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        folders.withLock { $0.append(folder) }
        return folder
    }

    /// The texts that stand in a log, each with the name of the log.
    func leaks() -> [(log: String, text: String)] {
        let noted = texts.withLock { $0 }
        return allFolders.flatMap { folder -> [(String, String)] in
            let log = folder.appending(path: "log").path
            guard let written = try? String(contentsOfFile: log, encoding: .utf8) else { return [] }
            return noted.filter { written.contains($0) }.map { (log, $0) }
        }
    }

    private var allFolders: [URL] { folders.withLock { $0 } + (outer?.allFolders ?? []) }

    /// Removes what the test left behind.
    func removeFolders() {
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(at: folder) }
    }
}
