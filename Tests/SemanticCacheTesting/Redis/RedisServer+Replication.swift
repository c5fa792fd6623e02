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

    /// Arguments with which a replica that has its first copy gets writes at once, and a polite stop waits for nobody.
    ///
    /// Without a disk between, the primary would hold writes back until the replica's next report, up to a second.
    static let replicationArguments = ["--repl-diskless-sync", "no", "--shutdown-timeout", "0"]
}
