extension RedisServer {
    /// Whether it says that it is a primary; a server that was suspended may not know yet that it no longer is.
    public var isPrimary: Bool {
        get throws { try command("ROLE").elements?.first == .text("master") }
    }

    /// A figure of its replication, as `INFO replication` names it; nil when it is not there.
    public func replication(_ name: String) throws -> String? {
        let lines = try command("INFO", "replication").text?.split(whereSeparator: \.isNewline) ?? []
        return lines.first { $0.hasPrefix(name + ":") }.map { String($0.dropFirst(name.count + 1)) }
    }

    /// Whether it is a replica that has loaded what its primary had, and is connected to it.
    var followsItsPrimary: Bool {
        get throws { try replication("master_link_status") == "up" }
    }

    /// Arguments with which replicas get their first copy without a pause, and a polite stop waits for nobody.
    static let replicationArguments = ["--repl-diskless-sync-delay", "0", "--shutdown-timeout", "0"]
}
