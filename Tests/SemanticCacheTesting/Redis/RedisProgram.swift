import Foundation

/// A program that is a Redis server.
public enum RedisProgram: Sendable, CaseIterable {
    /// `redis-server` of PATH, which is Redis 7.0 on Debian 12.
    case installed
    /// Redis 8.2, which has vector sets and no search module.
    case redis8
    /// Redis 8.2, which has vector sets, with a search module (`FT.CREATE` and so on).
    case redis8WithSearch

    /// What to start, and the arguments that this program needs.
    ///
    /// Throws how to install it when it is not there, so that a test that needs it fails.
    func command() throws -> (program: String, arguments: [String]) {
        switch self {
        case .installed: ("redis-server", [])
        case .redis8: (try RedisProgram.file("redis-server"), [])
        case .redis8WithSearch:
            (try RedisProgram.file("redis-server"), ["--loadmodule", try RedisProgram.file("redisearch.so")])
        }
    }

    /// A file in the folder that Scripts/test fills.
    private static func file(_ name: String) throws -> String {
        let environment = ProcessInfo.processInfo.environment.filter { !$0.value.isEmpty }
        let home = environment["HOME"] ?? NSHomeDirectory()
        let data =
            environment["SEMCACHED_DATA_DIR"] ?? "\(environment["XDG_DATA_HOME"] ?? home + "/.local/share")/semcached"
        let file = "\(data)/redis8/\(name)"
        guard FileManager.default.isExecutableFile(atPath: file) else {
            throw ChildProcess.Failure(
                description: "Redis 8.2 is missing, there is no \(file): run Scripts/test, which installs it first"
            )
        }
        return file
    }
}
